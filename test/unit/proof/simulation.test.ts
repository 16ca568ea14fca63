/** Rules of the simulation: the product's lives break no promise, and a life that breaks one is seen. */
import { describe, expect, it } from 'vitest';
import { brokenIn, PROMISES } from '../../../proof/simulation/invariants.ts';
import { type Invocation, type Life, live } from '../../../proof/simulation/life.ts';
import { effectOf } from '../../../proof/simulation/requests.ts';
import type { Attempt } from '../../../proof/simulation/service.ts';
import { simulate } from '../../../proof/simulation/simulate.ts';

describe('the lives of an environment', () => {
  it('break no promise, and have everything in them that the promises are about', async () => {
    const { broken, kinds, happened, answers } = await simulate({ from: 0, to: 150 });
    expect(broken).toEqual([]);
    for (const tally of [kinds, happened])
      for (const [name, count] of Object.entries(tally)) expect(count, name).toBeGreaterThan(10);
    expect(Object.keys(answers)).toEqual(
      expect.arrayContaining(['PERMIT', 'POLICY_DENIED', 'UNAUTHENTICATED', 'CIRCUIT_OPEN', 'CREDENTIAL_REFUSED']),
    );
  });

  it('are the same for the same seed', async () => {
    expect((await live(104)).story).toEqual((await live(104)).story);
  });
});

/** A bug that breaks one promise: a life in which it could show, what of that life it changes, and how it is told. */
interface Bug {
  readonly shows: (life: Life) => boolean;
  readonly changes: (life: Life) => Partial<Life>;
  readonly told: RegExp;
}

const isPermit = ({ answer }: Invocation): boolean => effectOf(answer) === 'PERMIT';
const hasPermit = ({ invocations }: Life): boolean => invocations.some(isPermit);
const refused = (ending: Attempt['ending']): boolean => ending === 'refuses the credential';
const hasRefusal = ({ attempts }: Life): boolean => attempts.some(({ ending }) => refused(ending));
const opens = ({ changes }: Life): boolean => changes.some(({ state }) => state === 'closed');
const ended = (attempt: Attempt, as: Attempt['ending']): Attempt => ({ ...attempt, ending: as });
const withAnswers = (life: Life, answerOf: (invocation: Invocation, index: number) => unknown): Partial<Life> => ({
  invocations: life.invocations.map((invocation, index) => ({ ...invocation, answer: answerOf(invocation, index) })),
});
/** Only the first request, with these attempts. */
const onlyOne = (life: Life, attemptsOf: (first: Attempt) => readonly Attempt[]): Partial<Life> => {
  const [first] = life.attempts;
  if (first === undefined) throw new Error('this life has no attempt');
  const invocations = life.invocations.filter(({ request }) => request === first.request).slice(0, 1);
  return { invocations, attempts: attemptsOf(first), shadowAttempts: [] };
};
const hasAttempt = ({ attempts }: Life): boolean => attempts.length > 0;

const BUGS: Readonly<Record<string, Bug>> = {
  "no permit without PingOne's echo of that very request": {
    shows: hasPermit,
    changes: ({ attempts }) => ({ attempts: attempts.map(attempt => ended(attempt, 'denies')) }),
    told: /was permitted without its own echo/,
  },
  'no permit from the cache after its token has expired': {
    shows: ({ invocations }) => invocations.some(one => isPermit(one) && one.token.expiresAt !== undefined),
    changes: ({ attempts, invocations }) => ({
      attempts: attempts.map(attempt => ({ ...attempt, endedAt: -1 })),
      invocations: invocations.map(one => ({ ...one, startedWall: Number.MAX_SAFE_INTEGER })),
    }),
    told: /was permitted from the cache after its token had expired/,
  },
  'an answer within the deadline': {
    shows: hasAttempt,
    changes: ({ invocations: [first, ...others] }) => ({
      invocations: [
        ...(first === undefined ? [] : [{ ...first, endedElapsed: undefined }]),
        ...others.map(one => ({ ...one, startedElapsed: -1e9 })),
      ],
    }),
    told: /was never answered.*took \d+ ms of/s,
  },
  "nothing of one request in another's answer": {
    shows: hasPermit,
    changes: life =>
      withAnswers(life, (one, index) => (isPermit(one) ? life.invocations[index + 1]?.answer : one.answer)),
    told: /holds mark-\d+-/,
  },
  'the token gate refuses worthless tokens, and no others': {
    shows: ({ settings, invocations }) => settings.gate !== 'off' && invocations.some(isPermit),
    changes: ({ invocations }) => ({
      invocations: invocations.map(one => ({
        ...one,
        token: { ...one.token, wellFormed: !one.token.wellFormed, expiresAt: undefined },
      })),
    }),
    told: /let in the token of request/,
  },
  'no more attempts than one, the retries, and one with a replaced credential': {
    shows: hasAttempt,
    changes: life => onlyOne(life, first => Array(5).fill(first)),
    told: /made 5 attempts of/,
  },
  'one probe at a time': {
    shows: opens,
    changes: ({ attempts, changes }) => {
      const probe = attempts.find(({ startedAt }) =>
        changes.some(({ at, state }) => at === startedAt && state === 'half-open'),
      );
      const longer = probe && { ...probe, endedAt: (probe.endedAt ?? probe.startedAt) + 10 };
      return { attempts: attempts.flatMap(attempt => (attempt === probe && longer ? [longer, longer] : [attempt])) };
    },
    told: /a second probe began/,
  },
  'the breaker opens only after a call that failed': {
    shows: opens,
    changes: ({ attempts }) => ({
      attempts: attempts.map(attempt => ({ ...ended(attempt, 'permits'), endedAt: attempt.startedAt })),
    }),
    told: /the breaker opened at .* and no call had failed/,
  },
  'the breaker half-opens when its time is over, and closes for an answer to its probe': {
    shows: opens,
    changes: ({ attempts, changes }) => ({
      attempts: attempts.map(attempt => ended(attempt, 'stalls')),
      changes: changes.flatMap(change => [
        { ...change, ...(change.state === 'open' ? { forMs: 1e9 } : {}) },
        ...(change.state === 'closed' ? [change] : []),
      ]),
    }),
    told: /half-opened \d+ ms after.*no probe was answered.*was closed and became closed/s,
  },
  'the breaker refuses nothing while it is closed': {
    shows: ({ invocations }) => invocations.some(({ answer }) => effectOf(answer) === 'CIRCUIT_OPEN'),
    changes: () => ({ changes: [] }),
    told: /a closed breaker refused request/,
  },
  'a request does not send a credential again that was refused': {
    shows: hasAttempt,
    changes: life => onlyOne(life, first => Array(2).fill(ended(first, 'refuses the credential'))),
    told: /again after it was refused/,
  },
  'no request sends a refused credential before the refresh': {
    shows: life => life.settings.credential === 'stored' && life.settings.concurrency === 1 && hasRefusal(life),
    changes: ({ attempts }) => ({
      attempts: attempts.map(attempt => ({ ...ended(attempt, 'refuses the credential'), credential: 'credential-1' })),
      fetches: [],
      clockSets: [],
    }),
    told: /before the store was asked for another/,
  },
  'each service gets its own credential': {
    shows: ({ shadowAttempts }) => shadowAttempts.length > 0,
    changes: ({ attempts, shadowAttempts }) => ({ attempts: shadowAttempts, shadowAttempts: attempts }),
    told: /PingOne was sent shadow-credential.*the shadow was sent credential-/s,
  },
  'nothing of the shadow in an answer': {
    shows: hasPermit,
    changes: life => withAnswers(life, ({ request }) => ({ context: { hdr_x_mark: `shadow-mark-${request}-` } })),
    told: /holds something of the shadow/,
  },
  'the shadow is asked after the answer, and once': {
    shows: ({ shadowAttempts }) => shadowAttempts.length > 0,
    changes: ({ shadowAttempts }) => ({ shadowAttempts: shadowAttempts.map(one => ({ ...one, startedAt: 0 })) }),
    told: /before its answer, or twice/,
  },
  'no timer outlives its request': {
    shows: () => true,
    changes: () => ({ timersWhileIdle: 1 }),
    told: /1 timers outlived what they were made for/,
  },
  'no timer is left at the end': {
    shows: () => true,
    changes: () => ({ timersLeft: 2 }),
    told: /2 timers were left when everything had ended/,
  },
  'no listener is left at the end': {
    shows: () => true,
    changes: () => ({ listenersLeft: 3 }),
    told: /3 listeners were left on signals/,
  },
};

describe('a life that breaks a promise is seen', () => {
  it.each(PROMISES)('%s', async (promise, judge) => {
    const bug = BUGS[promise];
    if (bug === undefined) throw new Error(`nothing breaks the promise: ${promise}`);
    for (let seed = 0; seed < 500; seed += 1) {
      const life = await live(seed);
      if (!bug.shows(life)) continue;
      expect(judge(life)).toEqual([]);
      expect(judge({ ...life, ...bug.changes(life) }).join('\n')).toMatch(bug.told);
      expect(brokenIn({ ...life, ...bug.changes(life) }).join('\n')).toMatch(bug.told);
      return;
    }
    throw new Error('no life is such that this bug could show');
  });
});
