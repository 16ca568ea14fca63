/** What Lambda's context says about an invocation. Any part of it may be missing, so reading it never throws. */
import { membersOrNone } from '../domain/json.ts';

export interface Invocation {
  /** ms until Lambda ends the invocation; undefined if the context does not say. */
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

export const readInvocation = (context: unknown): Invocation => {
  try {
    const members = membersOrNone(context);
    return Object.freeze({
      remainingMs: remainingMs(members),
      requestId: text(members, 'awsRequestId'),
      functionArn: text(members, 'invokedFunctionArn'),
      xrayHeader: text(members, 'xRayTraceId'),
    });
  } catch {
    return UNKNOWN;
  }
};

function remainingMs(context: object): number | undefined {
  const ask: unknown = Reflect.get(context, 'getRemainingTimeInMillis');
  const ms: unknown = typeof ask === 'function' ? ask.call(context) : undefined;
  return typeof ms === 'number' && Number.isFinite(ms) ? ms : undefined;
}

/** The context is not JSON: a runtime may make it an instance of a class, so inherited members count here. */
function text(context: object, name: string): string | undefined {
  const value: unknown = Reflect.get(context, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
