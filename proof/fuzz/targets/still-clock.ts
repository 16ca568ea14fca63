/** A clock for code that is to decide at once: time stands still, and no timer ever fires. */
import type { Clock } from '../../../src/domain/clock.ts';

export const STILL_CLOCK: Clock = {
  now: () => Date.UTC(2026, 0, 1),
  elapsed: () => 0,
  random: () => 0.5,
  after: () => () => undefined,
};
