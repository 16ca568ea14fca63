/** What Lambda's context says of an invocation; read without ever throwing, since any of it may be missing. */
import { fieldsOf, optionalString } from './fields.ts';

export interface Invocation {
  /** ms until Lambda ends the invocation; undefined where nobody says. */
  readonly remainingMs: number | undefined;
  /** Lambda's request id. */
  readonly requestId: string | undefined;
  readonly functionArn: string | undefined;
  /** The X-Ray header on managed instances, where the environment variable is not set. */
  readonly xrayHeader: string | undefined;
}

const UNKNOWN: Invocation = Object.freeze({
  remainingMs: undefined,
  requestId: undefined,
  functionArn: undefined,
  xrayHeader: undefined,
});

const remaining = (context: object): number | undefined => {
  const ask: unknown = Reflect.get(context, 'getRemainingTimeInMillis');
  const ms: unknown = typeof ask === 'function' ? Reflect.apply(ask, context, []) : undefined;
  return typeof ms === 'number' && Number.isFinite(ms) ? ms : undefined;
};

export const readInvocation = (context: unknown): Invocation => {
  try {
    const fields = fieldsOf(context);
    if (fields === undefined) return UNKNOWN;
    return Object.freeze({
      remainingMs: remaining(fields),
      requestId: optionalString(fields, 'awsRequestId'),
      functionArn: optionalString(fields, 'invokedFunctionArn'),
      xrayHeader: optionalString(fields, 'xRayTraceId'),
    });
  } catch {
    return UNKNOWN;
  }
};
