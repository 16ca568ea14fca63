/** A decision beside the one of a second service that was asked the same. */
import type { Decision } from './decision.ts';
import type { ReasonCode } from './errors.ts';

/** What of a decision is compared and shown. It holds no value that a client or a policy wrote. */
export interface ComparedDecision {
  readonly effect: Decision['effect'];
  readonly reasonCode: ReasonCode | 'PERMIT';
  /** HTTP status for the client; undefined for a permit. */
  readonly status: number | undefined;
  readonly correlationId: string | undefined;
}

/** How two decisions differ: ours first. `status` are two denials that clients would tell apart. */
export type Disagreement = 'permit/deny' | 'deny/permit' | 'status';

export const comparedOf = (decision: Decision): ComparedDecision => {
  const { effect, correlationId } = decision;
  return decision.effect === 'permit'
    ? { effect, reasonCode: 'PERMIT', status: undefined, correlationId }
    : { effect, reasonCode: decision.reasonCode, status: decision.status, correlationId };
};

/** Undefined if the two agree. */
export const disagreementOf = (ours: ComparedDecision, other: ComparedDecision): Disagreement | undefined => {
  if (ours.effect !== other.effect) return ours.effect === 'permit' ? 'permit/deny' : 'deny/permit';
  return ours.status === other.status && ours.reasonCode === other.reasonCode ? undefined : 'status';
};

/** Whose request it was: ids and the route's template. */
export interface ComparedRequest {
  readonly apiId: string | undefined;
  readonly stage: string | undefined;
  readonly route: string | undefined;
  readonly requestId: string | undefined;
}

/** What came of asking a second service. */
export type Comparison =
  | { readonly outcome: 'agreed' }
  | {
      readonly outcome: 'disagreed';
      readonly kind: Disagreement;
      readonly pingone: ComparedDecision;
      readonly shadow: ComparedDecision;
      readonly request: ComparedRequest;
      /** How long the second service took. */
      readonly ms: number;
    }
  /** There is no second decision; `code` says why, as a reason code does. */
  | { readonly outcome: 'failed'; readonly code: string };
