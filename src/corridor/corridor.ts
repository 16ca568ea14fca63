/** The corridor: takes a request straight to a decision, and turns every error on the way into a denial. */
import type { Clock } from '../domain/clock.ts';
import { changeKinds, refusedChanges, type UnappliedChange } from '../domain/decision.ts';
import { AuthorizerError } from '../domain/errors.ts';
import type { AccessRequest } from '../domain/request.ts';
import { budgetMs, startDeadline } from '../pdp/deadline.ts';
import type { Pdp } from '../pdp/pdp.ts';
import { failClosed } from './fail-closed.ts';
import type { Authorize, Gateway } from './port.ts';

export interface CorridorSettings {
  readonly deadlineMs: number;
  readonly onUnappliedChanges: 'ignore' | 'deny';
}

/** The corridor between a gateway and a PDP. Its catch is the only one in the code that answers a client. */
export const corridor =
  (
    gateway: Pick<Gateway<unknown>, 'unapplied'>,
    pdp: Pdp,
    { deadlineMs, onUnappliedChanges }: CorridorSettings,
    clock: Clock,
  ): Authorize =>
  async visit => {
    const deadline = startDeadline(budgetMs(deadlineMs, visit.invocation.remainingMs), clock);
    let request: AccessRequest | undefined;
    let unapplied: readonly UnappliedChange[] = [];
    try {
      request = visit.readRequest();
      const { facts, trace, envelope, invocation } = visit;
      const requestId = envelope.requestId ?? invocation.requestId;
      const call = { signal: deadline.signal, facts, requestId, trace };
      const decision = await deadline.bound(pdp(request, call));
      unapplied = decision.effect === 'permit' ? gateway.unapplied(decision) : [];
      refuse(refusedChanges(unapplied, onUnappliedChanges), decision.correlationId);
      return { decision, request, unapplied, fault: undefined };
    } catch (fault) {
      return { decision: failClosed(fault), request, unapplied, fault };
    } finally {
      deadline.end();
    }
  };

/** Refuses every request, without reading the event, because the configuration is wrong. */
export const refuseAll: Authorize = () => {
  const fault = new AuthorizerError('CONFIG_INVALID');
  return Promise.resolve({ decision: failClosed(fault), request: undefined, unapplied: [], fault });
};

function refuse(changes: readonly UnappliedChange[], correlationId: string | undefined): void {
  if (changes.length === 0) return;
  throw new AuthorizerError('UNAPPLIED_CHANGES', { detail: changeKinds(changes).join(', '), correlationId });
}
