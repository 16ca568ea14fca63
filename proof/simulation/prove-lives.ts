/** Lives many lives, on every core, and gives the figures of all. */
import { availableParallelism } from 'node:os';
import { startChild } from '../../bench/bed/child.ts';
import { PROMISES } from './invariants.ts';
import { NOTHING, type Simulated, together } from './simulate.ts';

/** What all lives came to. */
export interface LivesFigures extends Simulated {
  /** Promises that each life was held to. */
  readonly promises: readonly string[];
}

/** Lives for one process at a time: few enough that all processes end together. */
const CHUNK = 500;

/** @param lives the seeds 0 to `lives` - 1. */
export const proveLives = async (lives: number): Promise<LivesFigures> => {
  const children = Array.from({ length: availableParallelism() }, () =>
    startChild(new URL('./simulation-process.ts', import.meta.url)),
  );
  const results: Simulated[] = [];
  let next = 0;
  await Promise.all(
    children.map(async child => {
      while (next < lives) {
        const from = next;
        next = Math.min(lives, next + CHUNK);
        results.push((await child.ask('simulate', { from, to: next })) as Simulated);
      }
      await child.end();
    }),
  );
  return {
    ...results.reduce(together, NOTHING),
    promises: PROMISES.map(([promise]) => promise),
  };
};
