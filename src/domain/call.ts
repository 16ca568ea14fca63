/** What travels beside a request: its signal, and the facts that telemetry reports; imports nothing. */

export type BreakerState = 'closed' | 'open' | 'half-open' | 'off';

/** Why the token gate refused a request. */
export type TokenFault = 'malformed' | 'expired' | 'not-yet-valid' | 'unverified';

/** What one request did on its way. Each request has its own, so that concurrent invocations cannot mix. */
export interface Facts {
  /** Calls sent to PingOne. */
  attempts: number;
  /** The attempts that repeated a failed one. The first attempt with a replaced credential does not count. */
  retries: number;
  /** Time spent on all attempts, in ms. */
  pdpMs: number;
  /** The breaker's state when the request began. */
  breaker: BreakerState;
  /** HTTP status of PingOne's last reply. */
  pdpStatus: number | undefined;
  /** How long the breaker stays open yet, in ms, if it refused the request. */
  retryAfterMs: number | undefined;
  /** The permit came from the decision cache. */
  cacheHit: boolean;
  /** The token gate refused the request; undefined if it did not. */
  tokenFault: TokenFault | undefined;
  /** Trace id of the request's spans, 32 hex digits. */
  traceId: string | undefined;
}

export const newFacts = (breaker: BreakerState = 'off'): Facts => ({
  attempts: 0,
  retries: 0,
  pdpMs: 0,
  breaker,
  pdpStatus: undefined,
  retryAfterMs: undefined,
  cacheHit: false,
  tokenFault: undefined,
  traceId: undefined,
});

/** What every layer is given beside the request. */
export interface Call {
  /** Aborted when the request's time is up. Nothing runs for a request that has its answer. */
  readonly signal: AbortSignal;
  readonly facts: Facts;
  /** The gateway's own id of the request, never one of the client's. */
  readonly requestId?: string | undefined;
  /** The parent span. Only telemetry looks inside. */
  readonly trace: object | undefined;
}

/** Counts of the execution environment, not of one request. The next record reports them and starts them anew. */
export interface Counts {
  circuitOpened: number;
  credentialRefresh: number;
  credentialRefreshFailed: number;
  /** Spans that no collector accepted. */
  droppedSpans: number;
  shadowAgree: number;
  shadowFailed: number;
}

export const newCounts = (): Counts => ({
  circuitOpened: 0,
  credentialRefresh: 0,
  credentialRefreshFailed: 0,
  droppedSpans: 0,
  shadowAgree: 0,
  shadowFailed: 0,
});
