/** Time that counts a freeze and never goes back, whatever is done to the wall clock. */
import type { Clock } from './clock.ts';

/** Two right clocks disagree by less than this between two readings: the wall clock gives whole milliseconds. */
const ROUNDING_MS = 1;

/**
 * Advances with the wall clock, because that one counts the time of a frozen environment, and with the monotonic clock
 * where the wall clock advanced less, as it does when it is set back. Between two readings only the sum of what happened
 * to the wall clock shows, so read it often.
 * @returns reads the time in ms. It begins with the wall clock's; only differences mean anything.
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
