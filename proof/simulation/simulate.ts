/** Lives a range of lives, and tells of the first that broke a promise. */
import { brokenIn } from './invariants.ts';
import { effectOf, live } from './life.ts';

export interface Range {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

export interface Simulated {
  readonly lives: number;
  readonly requests: number;
  readonly attempts: number;
  /** Answers by reason code. */
  readonly answers: Readonly<Record<string, number>>;
  readonly openings: number;
  /** Seeds that broke a promise, with what they broke. */
  readonly broken: readonly { readonly seed: number; readonly promises: readonly string[] }[];
}

export const simulate = async ({ from, to }: Range): Promise<Simulated> => {
  const answers: Record<string, number> = {};
  const broken: { seed: number; promises: readonly string[] }[] = [];
  let [requests, attempts, openings] = [0, 0, 0];
  for (let seed = from; seed < to; seed += 1) {
    const life = await live(seed);
    requests += life.invocations.length;
    attempts += life.attempts.length;
    openings += life.changes.filter(({ state }) => state === 'open').length;
    for (const { answer } of life.invocations) answers[effectOf(answer)] = (answers[effectOf(answer)] ?? 0) + 1;
    const promises = brokenIn(life);
    if (promises.length > 0) broken.push({ seed, promises });
  }
  return { lives: to - from, requests, attempts, answers, openings, broken };
};
