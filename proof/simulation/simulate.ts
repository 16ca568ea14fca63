/** Lives a range of lives, counts what happened in them, and tells which broke a promise. */
import { brokenIn } from './invariants.ts';
import { type Life, live } from './life.ts';
import { effectOf } from './requests.ts';

export interface Range {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** How often each thing was, by its name. */
export type Tally = Readonly<Record<string, number>>;

export interface Simulated {
  readonly lives: number;
  /** Lives with each of the settings that not all have. */
  readonly kinds: Tally;
  /** What happened in all of them. */
  readonly happened: Tally;
  /** Answers by reason code. */
  readonly answers: Tally;
  /** Seeds that broke a promise, with what they broke. */
  readonly broken: readonly { readonly seed: number; readonly promises: readonly string[] }[];
}

export const simulate = async ({ from, to }: Range): Promise<Simulated> => {
  let all = NOTHING;
  for (let seed = from; seed < to; seed += 1) {
    const life = await live(seed);
    const promises = brokenIn(life);
    all = together(all, {
      lives: 1,
      kinds: kindsOf(life),
      happened: happenedIn(life),
      answers: tallyOf(life.invocations.map(({ answer }) => effectOf(answer))),
      broken: promises.length === 0 ? [] : [{ seed, promises }],
    });
  }
  return all;
};

export const together = (one: Simulated, other: Simulated): Simulated => ({
  lives: one.lives + other.lives,
  kinds: sumOf(one.kinds, other.kinds),
  happened: sumOf(one.happened, other.happened),
  answers: sumOf(one.answers, other.answers),
  broken: [...one.broken, ...other.broken],
});

export const NOTHING: Simulated = { lives: 0, kinds: {}, happened: {}, answers: {}, broken: [] };

function kindsOf({ settings }: Life): Tally {
  return {
    'managed instance': settings.concurrency > 1 ? 1 : 0,
    'decision cache': settings.cacheTtlMs > 0 ? 1 : 0,
    'fixed credential': settings.credential === 'fixed' ? 1 : 0,
    'token gate': settings.gate === 'off' ? 0 : 1,
    shadow: settings.shadow ? 1 : 0,
  };
}

function happenedIn({ steps, invocations, attempts, shadowAttempts, fetches, changes }: Life): Tally {
  return {
    requests: invocations.length,
    'requests beside another': invocations.filter(({ startedAt }, index) =>
      invocations.slice(0, index).some(({ endedAt = Number.POSITIVE_INFINITY }) => endedAt > startedAt),
    ).length,
    'attempts at PingOne': attempts.length,
    'attempts at the shadow': shadowAttempts.length,
    'refused credentials': attempts.filter(({ ending }) => ending === 'refuses the credential').length,
    'rotations and revocations': steps.rotation ?? 0,
    'fetches of the credential': fetches.length,
    freezes: steps.freeze ?? 0,
    'clocks set': steps['clock set'] ?? 0,
    'breaker openings': changes.filter(({ state }) => state === 'open').length,
    probes: changes.filter(({ state }) => state === 'half-open').length,
  };
}

function tallyOf(names: readonly string[]): Tally {
  const tally: Record<string, number> = {};
  for (const name of names) tally[name] = (tally[name] ?? 0) + 1;
  return tally;
}

function sumOf(one: Tally, other: Tally): Tally {
  const sum: Record<string, number> = { ...one };
  for (const [name, count] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
