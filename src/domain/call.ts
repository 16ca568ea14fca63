/** What one request cost and met on its way: filled in by the parts it passes, read by telemetry; imports nothing. */

export type BreakerState = 'closed' | 'open' | 'half-open' | 'off';

/** Belongs to one request and is never shared, so that concurrent invocations cannot mix. */
export interface Facts {
  /** Calls sent to PingOne. */
  attempts: number;
  /** Those of them that repeated a failed one; the first with a replaced credential is none. */
  retries: number;
  /** Time spent on those calls, in ms. */
  pdpMs: number;
  /** The breaker's state when the request met it. */
  breaker: BreakerState;
  /** HTTP status of PingOne's last reply. */
  pdpStatus: number | undefined;
  /** The permit came from the decision cache. */
  cacheHit: boolean;
  /** Trace id of the request's spans, 32 hex digits. */
  traceId: string | undefined;
}

export const newFacts = (breaker: BreakerState = 'off'): Facts => ({
  attempts: 0,
  retries: 0,
  pdpMs: 0,
  breaker,
  pdpStatus: undefined,
  cacheHit: false,
  traceId: undefined,
});

/** What travels beside a request: the one signal that ends it, its facts, and the span to be a child of. */
export interface Call {
  /** Aborted when the request's time is up or its answer has left. */
  readonly signal: AbortSignal;
  readonly facts: Facts;
  /** Opaque to all but telemetry. */
  readonly trace: object | undefined;
}

/** Counts that belong to the environment, not to one request; the next record takes them along. */
export interface Counts {
  circuitOpened: number;
  credentialRefresh: number;
  credentialRefreshFailed: number;
  /** Spans that no collector took. */
  droppedSpans: number;
}

export const newCounts = (): Counts => ({
  circuitOpened: 0,
  credentialRefresh: 0,
  credentialRefreshFailed: 0,
  droppedSpans: 0,
});
