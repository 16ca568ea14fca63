/** What must be true of every life, whatever happened in it. */
import { effectOf, type Invocation, type Life } from './life.ts';
import { type Attempt, isUnhealthy, markOf } from './service.ts';

/** One sentence for each promise that this life broke; none if it kept them all. */
export const brokenIn = (life: Life): readonly string[] => [
  ...life.invocations.flatMap(invocation => [
    ...permitWithoutEcho(invocation, life),
    ...lateAnswer(invocation, life),
    ...foreignMarks(invocation),
    ...tooManyAttempts(invocation, life),
  ]),
  ...secondProbe(life),
  ...refusedCredentialAgain(life),
  ...unexplainedOpening(life),
  ...leftovers(life),
];

/** How long the product may need to notice an end that it waits for: its grace periods, and a turn of the loop. */
const GRACE_MS = 40;
const MARGIN_MS = 300;

/** A permit needs PingOne's own echo of that very request, now or within the cache's time to live. */
function permitWithoutEcho({ request, answer, startedAt }: Invocation, { attempts, settings }: Life): string[] {
  if (effectOf(answer) !== 'PERMIT') return [];
  const evidence = attempts.some(
    attempt =>
      attempt.request === request &&
      (attempt.ending === 'permits' || isOwnEcho(attempt, attempts)) &&
      (attempt.endedAt ?? 0) >= startedAt - settings.cacheTtlMs,
  );
  return evidence ? [] : [`request ${request} was permitted without its own echo`];
}

/** By a chance of 1 in 16,384 an earlier attempt at the same request drew the same port: its echo is this one's, too. */
function isOwnEcho(attempt: Attempt, attempts: readonly Attempt[]): boolean {
  if (attempt.ending !== 'answers with the echo of an earlier attempt') return false;
  const earlier = attempts[attempts.indexOf(attempt) - 1] ?? attempt;
  return JSON.stringify(earlier.body) === JSON.stringify(attempt.body);
}

function lateAnswer({ request, startedElapsed, endedElapsed, remainingMs }: Invocation, { settings }: Life): string[] {
  if (endedElapsed === undefined) return [`request ${request} was never answered`];
  const budget = Math.min(settings.deadlineMs, Math.max(remainingMs - MARGIN_MS, remainingMs / 2));
  const took = endedElapsed - startedElapsed;
  return took <= budget + GRACE_MS ? [] : [`request ${request} took ${took} ms of ${budget} ms`];
}

/** Nothing of one request stands in the answer to another. */
function foreignMarks({ request, answer }: Invocation): string[] {
  const text = JSON.stringify(answer) ?? '';
  const marks = [...text.matchAll(/mark-\d+-/g)].map(([mark]) => mark).filter(mark => mark !== markOf(request));
  return marks.length === 0 ? [] : [`the answer to request ${request} holds ${marks.join(', ')}`];
}

/** Retries are counted over the whole request, and a replaced credential adds one attempt. */
function tooManyAttempts({ request, startedAt }: Invocation, { attempts, settings, invocations }: Life): string[] {
  const repeated = invocations.filter(other => other.request === request).length > 1;
  const made = attempts.filter(attempt => attempt.request === request && attempt.startedAt >= startedAt).length;
  const allowed = settings.retries + 2;
  return repeated || made <= allowed ? [] : [`request ${request} made ${made} attempts of ${allowed} allowed`];
}

const stateAt = ({ changes }: Life, at: number): string =>
  changes.filter(change => change.at < at).at(-1)?.state ?? 'closed';

/** While the breaker is not closed, one attempt at a time may be under way that began so. */
function secondProbe(life: Life): string[] {
  const probes = life.attempts.filter(({ startedAt }) => {
    const state = life.changes.filter(change => change.at <= startedAt).at(-1)?.state ?? 'closed';
    return state === 'half-open' && stateAt(life, startedAt) !== 'closed';
  });
  return probes.flatMap((probe, index) => {
    const before = probes[index - 1];
    const overlaps = before !== undefined && (before.endedAt ?? endForTheBreaker(before, life)) > probe.startedAt;
    const closedBetween = life.changes.some(
      ({ at, state }) => before !== undefined && state === 'closed' && at >= before.startedAt && at <= probe.startedAt,
    );
    return overlaps && !closedBetween ? [`a second probe began at ${probe.startedAt} ms`] : [];
  });
}

/** A call that never ends is ended by the breaker itself, which its next change of state shows. */
function endForTheBreaker({ startedAt }: Attempt, { changes }: Life): number {
  return changes.find(({ at, state }) => at > startedAt && state !== 'half-open')?.at ?? Number.POSITIVE_INFINITY;
}

/** Within one request a credential that was refused is not sent again. */
function refusedCredentialAgain({ attempts, invocations }: Life): string[] {
  return invocations.flatMap(({ request, startedAt }) => {
    const own = attempts.filter(attempt => attempt.request === request && attempt.startedAt >= startedAt);
    const next = invocations.find(other => other.request === request && other.startedAt > startedAt)?.startedAt;
    const inThis = own.filter(attempt => next === undefined || attempt.startedAt < next);
    if (invocations.some(other => other.request === request && other.startedAt !== startedAt)) return [];
    const refused = new Set<string>();
    return inThis.flatMap(({ credential, ending }) => {
      const again = refused.has(credential);
      if (ending === 'refuses the credential') refused.add(credential);
      return again ? [`request ${request} sent ${credential} again after it was refused`] : [];
    });
  });
}

/** It opens only after a call that PingOne failed, in the period that ends so. */
function unexplainedOpening({ changes, attempts }: Life): string[] {
  return changes.flatMap(({ at, state }, index) => {
    if (state !== 'open') return [];
    const since = changes[index - 1]?.at ?? 0;
    const failed = attempts.some(({ ending, endedAt, startedAt }) => {
      const end = endedAt ?? startedAt;
      return isUnhealthy(ending ?? 'ignores its signal') && (endedAt === undefined || (end >= since && end <= at));
    });
    return failed ? [] : [`the breaker opened at ${at} ms, and no call had failed`];
  });
}

function leftovers({ timersLeft }: Life): string[] {
  return timersLeft === 0 ? [] : [`${timersLeft} timers were left when everything had ended`];
}
