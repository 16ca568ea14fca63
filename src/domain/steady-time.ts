/** Time that includes freezes of the environment and never goes back, even if the wall clock is set back. */
import type { Clock } from './clock.ts';

/** Two correct clocks differ by less than this between two readings, because the wall clock gives whole milliseconds. */
const ROUNDING_MS = 1;

/**
 * Advances with the wall clock, because only the wall clock goes on while the environment is frozen. If the wall clock
 * advanced less than the monotonic clock, it was set back; then the time advances with the monotonic clock. A freeze and
 * a setting back between the same two readings cancel each other, so read it often.
 * @returns a function that reads the time in ms. It starts at the wall clock's time; only differences have a meaning.
 */
export const steadyTime = ({ now, elapsed }: Pick<Clock, 'now' | 'elapsed'>): (() => number) => {
  let offset = 0;
  let last = now();
  let lastElapsed = elapsed();
  return () => {
    const min = last + elapsed() - lastElapsed;
    const wall = now();
    if (wall + offset < min - ROUNDING_MS) offset = min - wall;
    last = Math.max(last, wall + offset);
    lastElapsed = elapsed();
    return last;
  };
};
