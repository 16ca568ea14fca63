/** The corridor: event -> outcome, straight on to a decision; holds the only catch that answers. */
import { changeKinds, type Decision, type Permit, refusedChanges, type UnappliedChange } from './decision.ts';
import type { Envelope } from './envelope.ts';
import { AuthorizerError } from './errors.ts';
import type { Facts } from './facts.ts';
import { failClosed } from './fail-closed.ts';
import type { Invocation } from './gateway/invocation.ts';
import { budgetMs, type Clock, startDeadline } from './pdp/deadline.ts';
import type { Pdp } from './pdp/pdp.ts';
import type { AccessRequest } from './request.ts';

/** One invocation on its way through. */
export interface Visit {
  readonly event: unknown;
  readonly envelope: Envelope;
  readonly invocation: Invocation;
  readonly facts: Facts;
  /** The environment's first invocation, in an environment that was not provisioned ahead. */
  readonly coldStart: boolean;
  /** ms from process start to a handler ready for requests; undefined but for the first invocation. */
  readonly initMs: number | undefined;
  /** The span to be a child of; opaque to all but telemetry. */
  readonly trace: object | undefined;
}

/** Where it ended. */
export interface Outcome {
  readonly decision: Decision;
  /** Undefined where the event was refused. */
  readonly request: AccessRequest | undefined;
  readonly unapplied: readonly UnappliedChange[];
  /** What was thrown, where the decision is ours. */
  readonly fault: unknown;
}

/** Decides on one invocation; never rejects. */
export type Authorize = (visit: Visit) => Promise<Outcome>;

/** The port to who asks us: API Gateway, or CloudFront. */
export interface Gateway<Result> {
  /** Total: whatever the event, never throws. */
  readonly readEnvelope: (event: unknown) => Envelope;
  /** @throws AuthorizerError `INVALID_REQUEST` */
  readonly readRequest: (event: unknown, envelope: Envelope) => AccessRequest;
  /** What of a permit's changes stays undone. */
  readonly unapplied: (permit: Permit) => readonly UnappliedChange[];
  /** The answer; may throw where that is one. */
  readonly toResult: (outcome: Outcome, visit: Visit) => Result;
}

export interface CorridorSettings {
  readonly deadlineMs: number;
  readonly onUnappliedChanges: 'ignore' | 'deny';
}

const refuseUnapplied = (changes: readonly UnappliedChange[], correlationId: string | undefined): never => {
  throw new AuthorizerError('UNAPPLIED_CHANGES', { detail: changeKinds(changes).join(', '), correlationId });
};

/** The corridor between a gateway and a PDP. */
export const corridor =
  (
    { readRequest, unapplied: undone }: Pick<Gateway<unknown>, 'readRequest' | 'unapplied'>,
    pdp: Pdp,
    settings: CorridorSettings,
    clock: Clock,
  ): Authorize =>
  async visit => {
    const deadline = startDeadline(budgetMs(settings.deadlineMs, visit.invocation.remainingMs), clock);
    let request: AccessRequest | undefined;
    let unapplied: readonly UnappliedChange[] = [];
    try {
      request = readRequest(visit.event, visit.envelope);
      const call = { signal: deadline.signal, facts: visit.facts, trace: visit.trace };
      const decision = await deadline.bound(pdp(request, call));
      unapplied = decision.effect === 'permit' ? undone(decision) : [];
      const refused = refusedChanges(unapplied, settings.onUnappliedChanges);
      if (refused.length > 0) refuseUnapplied(refused, decision.correlationId);
      return { decision, request, unapplied, fault: undefined };
    } catch (fault) {
      return { decision: failClosed(fault), request, unapplied, fault };
    } finally {
      deadline.end();
    }
  };

/** Where the configuration is wrong nothing is looked at: every request is refused for that. */
export const refuseAll: Authorize = () => {
  const fault = new AuthorizerError('CONFIG_INVALID');
  return Promise.resolve({ decision: failClosed(fault), request: undefined, unapplied: [], fault });
};
