/** The world of one environment: virtual time in which the process can be frozen and its wall clock set. */
import { everythingSettled, seeded } from '../../bench/fleet/virtual-time.ts';
import type { Clock } from '../../src/domain/clock.ts';

export interface World {
  /** What the code under test is given: its timers stand still while it is frozen. */
  readonly clock: Clock;
  /** ms of real time since the world began. */
  readonly now: () => number;
  /** Uniform in [0, 1): the same sequence for the same seed. Apart from the clock's own, so that code which draws more or less changes no story. */
  readonly random: () => number;
  /** Lets something happen outside the process after some real ms. What it does to a frozen process, it does at the thaw. */
  readonly outside: (ms: number, happen: () => void) => void;
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Sets the wall clock forward or back. */
  readonly setClock: (ms: number) => void;
  /** Lets real time pass, with every promise settled before it moves on. */
  readonly pass: (ms: number) => Promise<void>;
  /** Timers of the process that are due some time. */
  readonly timers: () => number;
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly happen: () => void;
}

/** The same world with a chance of its own, so that what is drawn here changes no other story. */
export const withChance = (world: World, seed: number): World => ({ ...world, random: seeded(seed) });

const EPOCH = Date.UTC(2026, 0, 1);

export const openWorld = (seed: number): World => {
  const random = seeded(seed);
  const chance = seeded(seed ^ 0x5bd1e995);
  /** By real time. */
  const events = new Set<Due>();
  /** By the process's own monotonic time. */
  const timers = new Set<Due>();
  let orders = 0;
  let real = 0;
  let frozenFor = 0;
  let frozenAt: number | undefined;
  let corrected = 0;
  let late: (() => void)[] = [];

  const elapsed = (): number => (frozenAt ?? real) - frozenFor;
  const plan = (where: Set<Due>, at: number, happen: () => void): Due => {
    orders += 1;
    const due = { at, order: orders, happen };
    where.add(due);
    return due;
  };
  /** Real time at which a timer is due; never while the process is frozen. */
  const realOf = (due: Due, where: Set<Due>): number => {
    if (where === events) return due.at;
    return frozenAt === undefined ? Math.max(real, due.at + frozenFor) : Number.POSITIVE_INFINITY;
  };

  const next = (until: number): readonly [Due, Set<Due>] | undefined => {
    let found: readonly [Due, Set<Due>] | undefined;
    let best = until;
    for (const where of [events, timers]) {
      for (const due of where) {
        const at = realOf(due, where);
        if (at < best || (at === best && (found === undefined || due.order < found[0].order))) {
          best = at;
          found = [due, where];
        }
      }
    }
    return found;
  };

  return {
    clock: {
      now: () => EPOCH + real + corrected,
      elapsed,
      random: chance,
      after: (ms, action) => {
        const due = plan(timers, elapsed() + Math.max(0, ms), action);
        return () => timers.delete(due);
      },
    },
    now: () => real,
    random,
    outside: (ms, happen) => {
      plan(events, real + Math.max(0, ms), () => {
        if (frozenAt === undefined) happen();
        else late.push(happen);
      });
    },
    freeze: () => {
      frozenAt ??= real;
    },
    thaw: () => {
      if (frozenAt === undefined) return;
      frozenFor += real - frozenAt;
      frozenAt = undefined;
      const missed = late;
      late = [];
      for (const happen of missed) happen();
    },
    setClock: ms => {
      corrected += ms;
    },
    pass: async ms => {
      const until = real + ms;
      for (let found = next(until); found !== undefined; found = next(until)) {
        const [due, where] = found;
        real = Math.max(real, realOf(due, where));
        where.delete(due);
        due.happen();
        await everythingSettled();
      }
      real = until;
      await everythingSettled();
    },
    timers: () => timers.size,
  };
};
