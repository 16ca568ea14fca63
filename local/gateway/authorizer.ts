/** The authorizer of an API: identity sources, the cache of results, the call with its time limit, and what all that means for the request. */
import { failed, type Invoke, type InvokeResult } from '../lambda/invocation.ts';
import {
  type AuthorizerContext,
  type AuthorizerResult,
  parseAuthorizerResult,
  type ResultRules,
  verdictOf,
} from './authorizer-result.ts';

export type Outcome =
  | {
      readonly kind: 'allow';
      readonly principalId: string;
      readonly context: AuthorizerContext;
      readonly latencyMs: number;
    }
  | { readonly kind: 'deny'; readonly explicit: boolean; readonly context: AuthorizerContext }
  /** An identity source is missing, or the function threw exactly `Unauthorized`. */
  | { readonly kind: 'unauthorized' }
  /** The function could not be asked: timeout, throttling. */
  | { readonly kind: 'failure'; readonly problem: string }
  /** The function failed or answered what API Gateway does not accept. */
  | { readonly kind: 'configuration-error'; readonly problem: string }
  | { readonly kind: 'arn-too-long' };

export type AuthorizerOptions = ResultRules & {
  readonly invoke: Invoke;
  /** Results are kept this long per set of identity values; 0 is off. */
  readonly ttlSeconds: number;
  readonly timeoutMs: number;
  readonly now?: () => number;
};

export type AuthorizerCall = {
  readonly event: unknown;
  readonly arn: string;
  /** The values of the configured identity sources, undefined where a request lacks one. */
  readonly identity: readonly (string | undefined)[];
  readonly traceId: string;
};

export type Authorizer = (call: AuthorizerCall) => Promise<Outcome>;

const MAX_ARN_BYTES = 1600;
export const HTTP_API_TIMEOUT_MS = 10_000;
/** REST has no documented number; the integration limit bounds it. */
export const REST_API_TIMEOUT_MS = 29_000;
const UNREACHED = new Set(['Sandbox.Timedout', 'TooManyRequestsException', 'Gateway.Timeout']);

const withinTime = (call: Promise<InvokeResult>, timeoutMs: number): Promise<InvokeResult> => {
  const { promise, resolve } = Promise.withResolvers<InvokeResult>();
  const timedOut = failed('Gateway.Timeout', `the authorizer did not answer within ${timeoutMs} ms`);
  const timer = setTimeout(() => resolve(timedOut), timeoutMs);
  return Promise.race([call, promise]).finally(() => clearTimeout(timer));
};

const outcomeOf = (result: AuthorizerResult, arn: string, latencyMs: number): Outcome => {
  const verdict = verdictOf(result, arn);
  const { principalId, context } = result;
  return verdict === 'allow'
    ? { kind: 'allow', principalId, context, latencyMs }
    : { kind: 'deny', explicit: verdict === 'explicit-deny', context };
};

export const createAuthorizer = (options: AuthorizerOptions): Authorizer => {
  const { invoke, ttlSeconds, timeoutMs, now = Date.now } = options;
  /** Policy and context, never verdicts: a cached policy is evaluated against each request's own ARN. */
  const cache = new Map<string, { readonly result: AuthorizerResult; readonly until: number }>();

  return async ({ event, arn, identity, traceId }) => {
    if (Buffer.byteLength(arn) > MAX_ARN_BYTES) return { kind: 'arn-too-long' };
    if (identity.some(value => value === undefined || value === '')) return { kind: 'unauthorized' };
    const caching = ttlSeconds > 0 && identity.length > 0;
    const key = JSON.stringify(identity);
    const cached = caching ? cache.get(key) : undefined;
    if (cached !== undefined && now() < cached.until) return outcomeOf(cached.result, arn, 0);
    const started = performance.now();
    const answer = await withinTime(invoke(event, { traceId }), timeoutMs);
    if (!answer.ok) {
      if (answer.errorMessage === 'Unauthorized') return { kind: 'unauthorized' };
      const problem = `${answer.errorType}: ${answer.errorMessage}`;
      return { kind: UNREACHED.has(answer.errorType) ? 'failure' : 'configuration-error', problem };
    }
    const result = parseAuthorizerResult(answer.payload, options);
    if (typeof result === 'string') return { kind: 'configuration-error', problem: result };
    if (caching) cache.set(key, { result, until: now() + ttlSeconds * 1000 });
    return outcomeOf(result, arn, Math.round(performance.now() - started));
  };
};
