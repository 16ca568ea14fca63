/** A second PDP that is asked the same after each answer, and never obeyed; a bundle file of its own, loaded when it is on. */
import type { Authorize, Outcome, Visit } from '../corridor/port.ts';
import { newFacts } from '../domain/call.ts';
import type { Clock } from '../domain/clock.ts';
import { AUTHORIZER_ERROR } from '../domain/errors.ts';
import type { AccessRequest } from '../domain/request.ts';
import { type ComparedDecision, type Comparison, comparedOf, disagreementOf } from '../domain/shadow-comparison.ts';
import { steadyTime } from '../domain/steady-time.ts';
import { startDeadline } from '../pdp/deadline.ts';
import type { Pdp } from '../pdp/pdp.ts';
import type { AfterAnswers, StartedShadow } from './load-shadow.ts';

export interface ShadowRules {
  /** Of 100 requests, how many are asked about a second time. */
  readonly percent: number;
  /** What a request has for everything. */
  readonly deadlineMs: number;
}

/** The environment stays awake for it, and that is billed. */
const LONGEST_MS = 2000;
/** Comparisons that wait or are under way in one environment. A request above that is not compared. */
const MOST = 16;
/** After a 429 the shadow is left alone, so that a smaller service is not in its operator's way. */
const PAUSE_MS = 60_000;

/** Starts a shadow: what it decides reaches `notify`, and nothing else. */
export const startShadow = (
  pdp: Pdp,
  { percent, deadlineMs }: ShadowRules,
  afterAnswers: AfterAnswers,
  clock: Clock,
  notify: (comparison: Comparison) => void,
): StartedShadow => {
  const time = steadyTime(clock);
  let waiting: (() => Promise<void>)[] = [];
  let underWay = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;

  const decide = async (request: AccessRequest, requestId: string | undefined): Promise<ComparedDecision> => {
    const deadline = startDeadline(Math.min(LONGEST_MS, deadlineMs), clock);
    const call = { signal: deadline.signal, facts: newFacts(), requestId, trace: undefined };
    try {
      return comparedOf(await deadline.bound(pdp(request, call)));
    } finally {
      deadline.end();
    }
  };

  const compare = async (visit: Visit, { decision }: Outcome, request: AccessRequest): Promise<void> => {
    const { envelope, invocation } = visit;
    const started = clock.elapsed();
    underWay += 1;
    try {
      const shadow = await decide(request, envelope.requestId ?? invocation.requestId);
      const pingone = comparedOf(decision);
      const kind = disagreementOf(pingone, shadow);
      const ms = clock.elapsed() - started;
      notify(
        kind === undefined
          ? { outcome: 'agreed' }
          : { outcome: 'disagreed', kind, pingone, shadow, request: envelope, ms },
      );
    } catch (fault) {
      const code = codeOf(fault);
      if (code === 'PDP_RATE_LIMITED') pausedUntil = time() + PAUSE_MS;
      notify({ outcome: 'failed', code });
    } finally {
      underWay -= 1;
    }
  };

  /** Only an answer of PingOne's has something to be compared with. */
  const take = (visit: Visit, outcome: Outcome): void => {
    const { request } = outcome;
    const decided = outcome.fault === undefined && visit.facts.tokenFault === undefined;
    if (!decided || request === undefined || waiting.length + underWay >= MOST) return;
    if (time() >= pausedUntil && clock.random() * 100 < percent) waiting.push(() => compare(visit, outcome, request));
  };

  const work = async (): Promise<void> => {
    const taken = waiting;
    waiting = [];
    await Promise.all(taken.map(begin => begin()));
  };

  return Object.freeze({
    authorize:
      (authorize: Authorize): Authorize =>
      async visit => {
        const outcome = await authorize(visit);
        take(visit, outcome);
        return outcome;
      },
    ...afterAnswers(work),
  });
};

/** By the name and not by `instanceof`: this file is bundled apart from the one that throws, with a class of its own. */
function codeOf(fault: unknown): string {
  return fault instanceof Error && fault.name === AUTHORIZER_ERROR && 'code' in fault ? String(fault.code) : 'INTERNAL';
}
