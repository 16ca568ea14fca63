/** What holds for a stored credential in every order of requests, refusals, outages, slow fetches and freezes. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { fetchedCredential } from '../../../src/credential/fetched-credential.ts';
import { newCounts, newFacts } from '../../../src/domain/call.ts';
import { AuthorizerError } from '../../../src/domain/errors.ts';
import { fakeClock, settled } from '../fake-clock.ts';

const TTL_MS = 60_000;
const PENALTY_MS = 10_000;
const PATIENCE_MS = 250;

export type Step =
  | { readonly is: 'requests'; readonly together: number; readonly giveUpAfterMs: number }
  | { readonly is: 'refusals'; readonly together: number; readonly of: 'current' | 'any' }
  | { readonly is: 'pass'; readonly ms: number }
  | { readonly is: 'freeze'; readonly ms: number }
  | { readonly is: 'store'; readonly does: 'answer' | 'fail' | 'hang' | 'rotate' };

const aTime = fc.constantFrom(1, 100, 249, 251, 4000, 9999, 10_000, 10_001, 60_001);
const together = fc.integer({ min: 1, max: 4 });
/** Any step, the usual ones more often. */
export const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ is: fc.constant('requests'), together, giveUpAfterMs: fc.constantFrom(50, 3000) }),
  },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('refusals'), together, of: fc.constantFrom('current', 'any') }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('pass'), ms: aTime }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('freeze'), ms: aTime }) },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant('store'),
      does: fc.constantFrom('answer', 'fail', 'hang', 'rotate'),
    }),
  },
);

/** Plays the steps one by one, and judges each as it happens. */
export const play = async (steps: readonly Step[]): Promise<void> => {
  const clock = fakeClock();
  let version = 0;
  let behaviour: 'answer' | 'fail' | 'hang' = 'answer';
  const given: string[] = [];
  const begun: number[] = [];
  let reading = 0;
  let mostAtOnce = 0;

  const fetchText = async (signal: AbortSignal): Promise<string> => {
    reading += 1;
    mostAtOnce = Math.max(mostAtOnce, reading);
    if (given.length > 0) begun.push(clock.now());
    try {
      await settled();
      if (behaviour === 'fail') throw new Error('down');
      if (behaviour === 'hang') {
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
      }
      given.push(`c-${version}`);
      return `c-${version}`;
    } finally {
      reading -= 1;
    }
  };
  const times = { ttlMs: TTL_MS, deadlineMs: 5000 };
  const credential = fetchedCredential(fetchText, times, clock, newCounts(), () => undefined);

  /** A request's call, whose signal ends after some ms. */
  const calling = (givesUpAfterMs: number) => {
    const controller = new AbortController();
    clock.after(givesUpAfterMs, () => controller.abort());
    return { signal: controller.signal, facts: newFacts(), trace: undefined };
  };

  const request = async (givesUpAfterMs: number): Promise<void> => {
    const held = given.length > 0;
    const began = clock.elapsed();
    const got = await credential.current(calling(givesUpAfterMs)).catch((error: unknown) => error);
    expect(clock.elapsed() - began).toBeLessThanOrEqual(held ? PATIENCE_MS : givesUpAfterMs);
    if (typeof got === 'string') expect(given).toContain(got);
    else {
      expect(held).toBe(false);
      expect(got instanceof AuthorizerError && got.code).toBe('CREDENTIAL_UNAVAILABLE');
    }
  };

  const refusal = async (refused: string): Promise<void> => {
    const other = await credential.replacement(refused, calling(3000));
    expect(other).not.toBe(refused);
    if (other !== undefined) expect(given).toContain(other);
  };

  const refusable = (which: 'current' | 'any'): string => (which === 'current' ? given.at(-1) : given[0]) ?? 'c-0';

  /** Starts them all at once and sees them all to their end. */
  const all = async (count: number, one: () => Promise<void>): Promise<void> => {
    const ends = Promise.all(Array.from({ length: count }, one));
    let ended = false;
    const end = (): void => {
      ended = true;
    };
    ends.then(end, end);
    // A store that answers does so before any time passes.
    for (let turn = 0; turn < 4; turn += 1) await settled();
    while (!ended) await clock.advance(PATIENCE_MS);
    await ends;
  };

  for (const step of steps) {
    if (step.is === 'requests') await all(step.together, () => request(step.giveUpAfterMs));
    else if (step.is === 'refusals') await all(step.together, () => refusal(refusable(step.of)));
    else if (step.is === 'pass') await clock.advance(step.ms);
    else if (step.is === 'freeze') clock.jump(step.ms);
    else if (step.does === 'rotate') version += 1;
    else behaviour = step.does;
  }

  // Whatever happened: once the store answers and time has passed, everybody gets what the store has.
  behaviour = 'answer';
  await clock.advance(TTL_MS + 1);
  await all(1, () => request(3000));
  expect(await credential.current(calling(3000))).toBe(`c-${version}`);
  expect(reading).toBe(0);
  expect(mostAtOnce).toBe(1);
  // Three fetches within 10 s are more than one for the age of a credential and one for its refusals.
  const three = begun.slice(2).map((at, index) => at - (begun[index] ?? 0));
  expect(three.filter(ms => ms < PENALTY_MS)).toEqual([]);
};
