/** Lives many lives, on every core, and gives the figures of all. */
import { availableParallelism } from 'node:os';
import { startChild } from '../../bench/bed/child.ts';
import type { Simulated } from './simulate.ts';

/** What all lives came to. */
export interface LivesFigures extends Simulated {
  readonly seconds: number;
}

/** Lives for one process at a time: few enough that all processes end together. */
const CHUNK = 500;

/** @param lives the seeds 0 to `lives` - 1. */
export const proveLives = async (lives: number): Promise<LivesFigures> => {
  const started = performance.now();
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
  return { ...results.reduce(together), seconds: (performance.now() - started) / 1000 };
};

function together(one: Simulated, other: Simulated): Simulated {
  const answers = { ...one.answers };
  for (const [code, count] of Object.entries(other.answers)) answers[code] = (answers[code] ?? 0) + count;
  return {
    lives: one.lives + other.lives,
    requests: one.requests + other.requests,
    attempts: one.attempts + other.attempts,
    openings: one.openings + other.openings,
    answers,
    broken: [...one.broken, ...other.broken],
  };
}
