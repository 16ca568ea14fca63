/** What must be true of every life, whatever happened in it. */
import {
  foreignMarks,
  lateAnswers,
  misjudgedTokens,
  permitsPastTheirToken,
  permitsWithoutEcho,
} from './judges/answers.ts';
import { tooManyAttempts } from './judges/attempts.ts';
import { refusalsWhileClosed, secondProbes, unexplainedChanges, unexplainedOpenings } from './judges/breaker.ts';
import { foreignCredentials, refusedAgain, unrefreshed } from './judges/credential.ts';
import type { Judge } from './judges/judge.ts';
import { listenersLeft, timersLeft, timersWhileIdle } from './judges/leftovers.ts';
import { obeyedShadow, untimelyShadow } from './judges/shadow.ts';
import type { Life } from './life.ts';

export const PROMISES: readonly (readonly [promise: string, judge: Judge])[] = [
  ["no permit without PingOne's echo of that very request", permitsWithoutEcho],
  ['no permit from the cache after its token has expired', permitsPastTheirToken],
  ['an answer within the deadline', lateAnswers],
  ["nothing of one request in another's answer", foreignMarks],
  ['the token gate refuses worthless tokens, and no others', misjudgedTokens],
  ['no more attempts than one, the retries, and one with a replaced credential', tooManyAttempts],
  ['one probe at a time', secondProbes],
  ['the breaker opens only after a call that failed', unexplainedOpenings],
  ['the breaker half-opens when its time is over, and closes for an answer to its probe', unexplainedChanges],
  ['the breaker refuses nothing while it is closed', refusalsWhileClosed],
  ['a request does not send a credential again that was refused', refusedAgain],
  ['no request sends a refused credential before the refresh', unrefreshed],
  ['each service gets its own credential', foreignCredentials],
  ['nothing of the shadow in an answer', obeyedShadow],
  ['the shadow is asked after the answer, and once', untimelyShadow],
  ['no timer outlives its request', timersWhileIdle],
  ['no timer is left at the end', timersLeft],
  ['no listener is left at the end', listenersLeft],
];

/** One sentence for each thing that breaks a promise; none if this life kept them all. */
export const brokenIn = (life: Life): readonly string[] => PROMISES.flatMap(([, judge]) => judge(life));
