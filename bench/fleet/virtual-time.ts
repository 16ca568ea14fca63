/** Time that passes as fast as the work allows: a queue of events by the millisecond, and the Clock that the real code is given. */
import type { Clock } from '../../src/domain/clock.ts';

export interface VirtualTime {
  /** ms since the simulation began. */
  readonly now: () => number;
  /** Runs an action after so many ms; returns what cancels it. */
  readonly after: (ms: number, action: () => void) => () => void;
  /** Uniform in [0, 1), the same sequence for the same seed. */
  readonly random: () => number;
  /** Lets time pass up to that moment, every promise settled before the clock moves on. */
  readonly run: (untilMs: number) => Promise<void>;
}

interface Planned {
  readonly action: () => void;
  cancelled: boolean;
}

const EPOCH = Date.UTC(2026, 0, 1);

export const virtualTime = (seed: number): VirtualTime => {
  const planned = new Map<number, Planned[]>();
  let moment = 0;

  const after = (ms: number, action: () => void): (() => void) => {
    const at = moment + Math.max(0, Math.ceil(ms));
    const entry: Planned = { action, cancelled: false };
    const same = planned.get(at);
    if (same === undefined) planned.set(at, [entry]);
    else same.push(entry);
    return () => {
      entry.cancelled = true;
    };
  };

  const runMoment = async (): Promise<void> => {
    for (let due = planned.get(moment); due !== undefined; due = planned.get(moment)) {
      planned.delete(moment);
      for (const { action, cancelled } of due) if (!cancelled) action();
      await everythingSettled();
    }
  };

  return {
    now: () => moment,
    after,
    random: seeded(seed),
    run: async untilMs => {
      for (; moment < untilMs; moment += 1) if (planned.has(moment)) await runMoment();
    },
  };
};

/** The clock for the code under test; a fixed chance takes the jitter out of it. */
export const clockOf = (time: VirtualTime, jitter = true): Clock => ({
  now: () => EPOCH + time.now(),
  elapsed: time.now,
  random: jitter ? time.random : () => 0.5,
  after: time.after,
});

/** Promises run before immediates do: when this resolves, nothing is left to settle at this moment. */
export function everythingSettled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

/** Mulberry32: small, even enough, and the same everywhere. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
