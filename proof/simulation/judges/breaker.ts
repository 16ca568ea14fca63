/** What is judged of the circuit breaker: each of its states is explained by the calls that ended, and by time. */

import { isAnswer, isUnhealthy } from '../endings.ts';
import type { Change, Life } from '../life.ts';
import { effectOf } from '../requests.ts';
import type { Attempt } from '../service.ts';
import type { Judge } from './judge.ts';

/** Clocks give whole milliseconds. */
const ROUNDING_MS = 2;

/** While the breaker is not closed, one attempt at a time may be under way that began so. */
export const secondProbes: Judge = life => {
  const probes = life.attempts.filter(
    ({ startedAt }) => stateAt(life, startedAt) === 'half-open' && stateBefore(life, startedAt) !== 'closed',
  );
  return probes.flatMap((probe, index) => {
    const before = probes[index - 1];
    const overlaps = before !== undefined && (before.endedAt ?? endForTheBreaker(before, life)) > probe.startedAt;
    const closedBetween = life.changes.some(
      ({ at, state }) => before !== undefined && state === 'closed' && at >= before.startedAt && at <= probe.startedAt,
    );
    return overlaps && !closedBetween ? [`a second probe began at ${probe.startedAt} ms`] : [];
  });
};

/** It opens only after a call that PingOne failed, in the period that ends so. */
export const unexplainedOpenings: Judge = ({ changes, attempts }) =>
  changes.flatMap(({ at, state }, index) => {
    if (state !== 'open') return [];
    const since = changes[index - 1]?.at ?? 0;
    const failed = attempts.some(({ ending, endedAt, startedAt }) => {
      const end = endedAt ?? startedAt;
      return isUnhealthy(ending ?? 'ignores its signal') && (endedAt === undefined || (end >= since && end <= at));
    });
    return failed ? [] : [`the breaker opened at ${at} ms, and no call had failed`];
  });

/** From open it goes to half-open when its time is over, and from there to closed if PingOne answers its probe. */
export const unexplainedChanges: Judge = life =>
  life.changes.flatMap((change, index) => {
    const before = life.changes[index - 1];
    if (change.state === 'half-open' && before?.state === 'open') return tooEarly(change, before, life);
    if (change.state === 'half-open' && before?.state === 'half-open') return [];
    if (change.state === 'open' && before?.state !== 'open') return [];
    if (change.state === 'closed' && before?.state === 'half-open') return unanswered(change, before, life);
    return [`the breaker was ${before?.state ?? 'closed'} and became ${change.state} at ${change.at} ms`];
  });

export const refusalsWhileClosed: Judge = life =>
  life.invocations.flatMap(({ request, answer, startedAt, endedAt = startedAt }) => {
    if (effectOf(answer) !== 'CIRCUIT_OPEN') return [];
    const changed = life.changes.some(({ at }) => at >= startedAt && at <= endedAt);
    return changed || stateAt(life, startedAt) !== 'closed' ? [] : [`a closed breaker refused request ${request}`];
  });

/** A wall clock that is set forward makes the time shorter. */
function tooEarly({ at }: Change, opened: Change, { clockSets }: Life): readonly string[] {
  const gained = clockSets
    .filter(set => set.ms > 0 && set.at >= opened.at && set.at <= at)
    .reduce((sum, { ms }) => sum + ms, 0);
  const open = at - opened.at + gained;
  return open + ROUNDING_MS >= (opened.forMs ?? 0) ? [] : [`the breaker half-opened ${open} ms after it had opened`];
}

function unanswered({ at }: Change, halfOpened: Change, { attempts }: Life): readonly string[] {
  const answered = attempts.some(
    ({ startedAt, endedAt, ending }) => startedAt >= halfOpened.at && endedAt === at && isAnswer(ending),
  );
  return answered ? [] : [`the breaker closed at ${at} ms, and no probe was answered`];
}

function stateAt({ changes }: Life, at: number): string {
  return changes.findLast(change => change.at <= at)?.state ?? 'closed';
}

function stateBefore({ changes }: Life, at: number): string {
  return changes.findLast(change => change.at < at)?.state ?? 'closed';
}

/** A call that never ends is ended by the breaker itself, which its next change of state shows. */
function endForTheBreaker({ startedAt }: Attempt, { changes }: Life): number {
  return changes.find(({ at, state }) => at > startedAt && state !== 'half-open')?.at ?? Number.POSITIVE_INFINITY;
}
