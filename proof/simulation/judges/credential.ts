/** What is judged of the credentials that are sent. */

import type { Invocation, Life } from '../life.ts';
import type { Attempt } from '../service.ts';
import { FIRST_CREDENTIAL, SHADOW_CREDENTIAL } from '../settings.ts';
import { attemptsOf } from './attempts.ts';
import type { Judge } from './judge.ts';

/** A request waits this long for a refresh, and for refusals the store is asked this often, in ms. */
const PATIENCE_MS = 250;
const PENALTY_MS = 10_000;

/** Within one request a credential that was refused is not sent again. */
export const refusedAgain: Judge = life =>
  life.invocations.flatMap(invocation => {
    const refused = new Set<string>();
    return attemptsOf(invocation, life).flatMap(({ credential, ending }) => {
      const again = refused.has(credential);
      if (ending === 'refuses the credential') refused.add(credential);
      return again ? [`request ${invocation.request} sent ${credential} again after it was refused`] : [];
    });
  });

/**
 * After a refusal, no request that begins sends the same stored credential before the store was asked for it. It may be
 * sent while the store is slow, and if the store was asked for an earlier refusal a moment ago.
 */
export const unrefreshed: Judge = life => {
  if (life.settings.credential === 'fixed') return [];
  const refusals = life.attempts.filter(({ ending }) => ending === 'refuses the credential');
  return life.attempts.flatMap(attempt => {
    const began = invocationOf(attempt, life)?.startedAt ?? attempt.startedAt;
    const refusal = refusals.findLast(
      ({ credential, endedAt = Number.POSITIVE_INFINITY }) => credential === attempt.credential && endedAt < began,
    );
    if (refusal === undefined || wasAsked({ refusedAt: refusal.endedAt ?? 0, began, sentAt: attempt.startedAt }, life))
      return [];
    return [`request ${attempt.request} sent ${attempt.credential} before the store was asked for another`];
  });
};

export const foreignCredentials: Judge = ({ attempts, shadowAttempts, settings }) => [
  ...attempts
    .filter(({ credential }) =>
      settings.credential === 'fixed' ? credential !== FIRST_CREDENTIAL : !/^credential-\d+$/.test(credential),
    )
    .map(({ credential }) => `PingOne was sent ${credential}`),
  ...shadowAttempts
    .filter(({ credential }) => credential !== SHADOW_CREDENTIAL)
    .map(({ credential }) => `the shadow was sent ${credential}`),
];

/** Moments in ms: a refusal, and a later request that took the same credential at its beginning and sent it. */
interface Again {
  readonly refusedAt: number;
  readonly began: number;
  readonly sentAt: number;
}

function wasAsked({ refusedAt, began, sentAt }: Again, { fetches, clockSets }: Life): boolean {
  if (fetches.some(({ endedAt = Number.POSITIVE_INFINITY }) => endedAt >= refusedAt && endedAt <= sentAt)) return true;
  const refresh = fetches.find(
    ({ startedAt, endedAt = Number.POSITIVE_INFINITY }) => startedAt <= began && endedAt > sentAt,
  );
  const last = refresh ?? fetches.findLast(({ startedAt }) => startedAt <= refusedAt);
  if (last === undefined) return false;
  // A clock that is set forward shortens patience and pause; one that is set back may hide a freeze: src/domain/steady-time.ts.
  if (clockSets.some(({ at }) => at >= last.startedAt && at <= sentAt)) return true;
  return last === refresh ? sentAt - last.startedAt >= PATIENCE_MS : refusedAt - last.startedAt < PENALTY_MS;
}

/** The first invocation to which an attempt may belong. */
function invocationOf({ request, startedAt }: Attempt, { invocations }: Life): Invocation | undefined {
  return invocations.find(
    ({ request: own, startedAt: began, endedAt = Number.POSITIVE_INFINITY }) =>
      own === request && began <= startedAt && endedAt >= startedAt,
  );
}
