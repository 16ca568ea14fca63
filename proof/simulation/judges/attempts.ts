/** What is judged of the attempts of one request, and which attempts those are. */

import type { Invocation, Life } from '../life.ts';
import type { Attempt } from '../service.ts';
import type { Judge } from './judge.ts';

/** Retries are counted over the whole request, and a replaced credential adds one attempt. */
export const tooManyAttempts: Judge = life =>
  life.invocations.flatMap(invocation => {
    const made = attemptsOf(invocation, life);
    const replaced = made.some(({ ending }) => ending === 'refuses the credential') ? 1 : 0;
    const allowed = 1 + life.settings.retries + replaced;
    return made.length <= allowed
      ? []
      : [`request ${invocation.request} made ${made.length} attempts of ${allowed} allowed`];
  });

/** The attempts of an invocation; none if the same request was made again, since it is not known then whose they are. */
export const attemptsOf = ({ request }: Invocation, { attempts, invocations }: Life): readonly Attempt[] =>
  invocations.filter(other => other.request === request).length > 1
    ? []
    : attempts.filter(attempt => attempt.request === request);
