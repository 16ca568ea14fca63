/** A Clock that a test controls: time passes only on request, and no timer runs during a freeze. */
import type { Clock } from '../../src/domain/clock.ts';

export interface FakeClock extends Clock {
  /** Lets time pass. Due timers run in order, each at its own time. */
  advance(ms: number): Promise<void>;
  /** Moves only the wall clock, as a freeze or a corrected clock does. */
  jump(ms: number): void;
  /** Sets the number that `random` returns from now on. */
  chance(value: number): void;
  /** Timers that have neither run nor been cancelled. */
  readonly pending: number;
}

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

/** Lets all pending promise callbacks run, and the I/O callbacks behind them. */
export const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

export const fakeClock = (start = 1_800_000_000_000): FakeClock => {
  let wall = start;
  let monotonic = 0;
  let random = 0.5;
  const timers = new Set<Timer>();

  const pass = (ms: number): void => {
    wall += ms;
    monotonic += ms;
  };

  return {
    now: () => wall,
    elapsed: () => monotonic,
    random: () => random,
    after: (ms, action) => {
      const timer = { at: monotonic + ms, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: async ms => {
      const end = monotonic + ms;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers.delete(next);
        pass(Math.max(0, next.at - monotonic));
        next.action();
        await settled();
      }
      pass(end - monotonic);
      await settled();
    },
    jump: ms => {
      wall += ms;
    },
    chance: value => {
      random = value;
    },
    get pending() {
      return timers.size;
    },
  };
};
