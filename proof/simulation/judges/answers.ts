/** What is judged of each answer: its evidence, its time, and that it holds nothing of another request. */

import type { Invocation, Life } from '../life.ts';
import { effectOf } from '../requests.ts';
import { type Attempt, markOf } from '../service.ts';
import type { Judge } from './judge.ts';

/** How long the product may need to notice an end that it waits for: its grace periods, and a turn of the loop. */
const GRACE_MS = 40;
/** What is kept back of Lambda's remaining time. */
const MARGIN_MS = 300;
/** How far PingOne's clock and ours may be apart, in seconds. */
const LEEWAY_S = 60;

/** A permit needs PingOne's own echo of that very request, now or within the cache's time to live. */
export const permitsWithoutEcho: Judge = life =>
  permitsIn(life)
    .filter(({ request, startedAt }) =>
      evidenceFor(request, life).every(({ endedAt = 0 }) => endedAt < startedAt - life.settings.cacheTtlMs),
    )
    .map(({ request }) => `request ${request} was permitted without its own echo`);

/** What PingOne permitted earlier may be served again, but not to a token that has expired by then. */
export const permitsPastTheirToken: Judge = life =>
  permitsIn(life)
    .filter(({ token, startedWall }) => token.expiresAt !== undefined && token.expiresAt * 1000 <= startedWall)
    .filter(({ request, startedAt }) => evidenceFor(request, life).every(({ endedAt = 0 }) => endedAt < startedAt))
    .map(({ request }) => `request ${request} was permitted from the cache after its token had expired`);

export const lateAnswers: Judge = ({ invocations, settings }) =>
  invocations.flatMap(({ request, startedElapsed, endedElapsed, remainingMs }) => {
    if (endedElapsed === undefined) return [`request ${request} was never answered`];
    const budget = Math.min(settings.deadlineMs, Math.max(remainingMs - MARGIN_MS, remainingMs / 2));
    const took = endedElapsed - startedElapsed;
    return took <= budget + GRACE_MS ? [] : [`request ${request} took ${took} ms of ${budget} ms`];
  });

export const foreignMarks: Judge = ({ invocations }) =>
  invocations.flatMap(({ request, answer }) => {
    const text = JSON.stringify(answer) ?? '';
    const marks = [...text.matchAll(/mark-\d+-/g)].map(([mark]) => mark).filter(mark => mark !== markOf(request));
    return marks.length === 0 ? [] : [`the answer to request ${request} holds ${marks.join(', ')}`];
  });

/** PingOne itself answers no 401 in these lives: each one is the gate's. */
export const misjudgedTokens: Judge = ({ invocations, settings }) =>
  invocations.flatMap(({ request, token, startedWall, answer }) => {
    const expired = token.expiresAt !== undefined && token.expiresAt <= Math.floor(startedWall / 1000) - LEEWAY_S;
    const worthless = settings.gate !== 'off' && (!token.wellFormed || (settings.gate === 'expiry' && expired));
    const refused = effectOf(answer) === 'UNAUTHENTICATED';
    return worthless === refused ? [] : [`the gate ${refused ? 'refused' : 'let in'} the token of request ${request}`];
  });

function permitsIn({ invocations }: Life): readonly Invocation[] {
  return invocations.filter(({ answer }) => effectOf(answer) === 'PERMIT');
}

function evidenceFor(request: number, { attempts }: Life): readonly Attempt[] {
  return attempts.filter(
    attempt => attempt.request === request && (attempt.ending === 'permits' || isOwnEcho(attempt, attempts)),
  );
}

/** By a chance of 1 in 16,384 an earlier attempt at the same request drew the same port: its echo is this one's, too. */
function isOwnEcho(attempt: Attempt, attempts: readonly Attempt[]): boolean {
  if (attempt.ending !== 'answers with the echo of an earlier attempt') return false;
  const earlier = attempts[attempts.indexOf(attempt) - 1] ?? attempt;
  return JSON.stringify(earlier.body) === JSON.stringify(attempt.body);
}
