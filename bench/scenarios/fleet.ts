/** fleet: thousands of environments in virtual time, with the product's breaker, retry and credential code and without. */
import { startChild } from '../bed/child.ts';
import type { FleetPlan } from '../fleet/fleet-process.ts';
import { quantitiesOf, storyFigure } from '../fleet/outcome.ts';
import type { Rules } from '../fleet/rules.ts';
import type { Run } from '../fleet/simulation.ts';
import { ASSUMPTIONS, type Story, storiesAt } from '../fleet/story.ts';
import type { Measurement, Scenario } from '../scenario.ts';
import { median } from '../statistics.ts';

/** Those of the settings table. */
const DEFAULTS = { errorThresholdPercent: 50, volumeThreshold: 3, windowMs: 30_000, resetMs: 5000 };
const OURS: Rules = { name: 'our rules', breaker: DEFAULTS };
const NONE: Rules = { name: 'a simple client' };
const GATED: Rules = { ...OURS, name: 'our rules and TOKEN_GATE=shape', gate: 'shape' };

/** What a story compares. */
const rivalsIn = ({ junk }: Story): readonly Rules[] => (junk === undefined ? [OURS, NONE] : [GATED, OURS]);

/** One default changed at a time, and the pair that came first. */
const ALTERNATIVES: readonly Rules[] = [
  { name: 'volume threshold 2', breaker: { ...DEFAULTS, volumeThreshold: 2 } },
  { name: 'volume threshold 5', breaker: { ...DEFAULTS, volumeThreshold: 5 } },
  { name: 'window 10 s', breaker: { ...DEFAULTS, windowMs: 10_000 } },
  { name: 'window 20 s', breaker: { ...DEFAULTS, windowMs: 20_000 } },
  { name: 'the first defaults: 5 in 10 s', breaker: { ...DEFAULTS, volumeThreshold: 5, windowMs: 10_000 } },
  { name: 'attempt 1 s', breaker: DEFAULTS, attemptMs: 1000 },
  { name: 'reset 2 s', breaker: { ...DEFAULTS, resetMs: 2000 } },
  { name: 'reset 10 s', breaker: { ...DEFAULTS, resetMs: 10_000 } },
  { name: 'no jitter', breaker: DEFAULTS, jitter: false },
  { name: 'any free environment is taken', breaker: DEFAULTS, placement: 'any' },
];

const CAPTIONS: Readonly<Record<string, string>> = {
  outage:
    'PingOne stalls, then fails, then is well. Every environment works on one request at a time and has a breaker of its own, which must learn by itself.',
  limits:
    'Callers ask for more than PingOne allows an address. What is refused by an open circuit spares PingOne, and must not cost permits.',
  storm:
    'A surge starts thousands of environments at once; later the credential is rotated and the secret store learns of it 15 s late.',
  junk: 'For 45 s, 95 of 100 requests carry a junk token, which nobody repeats. Permits and failures are those of the good ones, which are as many as before and after.',
};

const SEEDS = [1, 2, 3, 4, 5];

export const fleet: Scenario = {
  name: 'fleet',
  title: 'Ten thousand environments',
  question: 'What do our rules do to PingOne and to callers when the whole fleet follows them at once?',
  run: async bench => {
    const child = startChild(new URL('../fleet/fleet-process.ts', import.meta.url));
    bench.defer(child.end);
    const simulate = async (story: string, share: number, rules: Rules, seed = 1): Promise<Run> => {
      const plan: FleetPlan = { story, share, rules, seed };
      return (await child.ask('simulate', plan)) as Run;
    };
    const share = bench.pick(0.1, 1);
    const measurements: Measurement[] = [];
    const figures = [];
    const speeds: string[] = [];
    for (const story of storiesAt(share)) {
      bench.say(`${story.title}, ${share * 100} % of the full size`);
      const runs: Run[] = [];
      for (const rules of rivalsIn(story)) runs.push(await simulate(story.name, share, rules));
      measurements.push(...measurementsOf(story.title, runs, story));
      figures.push(storyFigure(story, runs, CAPTIONS[story.name] ?? ''));
      speeds.push(...runs.map(speedOf));
    }
    const small = 0.1;
    for (const story of bench.pick([], storiesAt(small))) {
      bench.say(`${story.title}, other defaults, a tenth of the full size`);
      const runs = [];
      for (const rules of story.junk === undefined ? [OURS, NONE, ...ALTERNATIVES] : rivalsIn(story)) {
        for (const seed of SEEDS) runs.push(await simulate(story.name, small, rules, seed));
      }
      const tenth = measurementsOf(`${story.title}, a tenth of the size, median of ${SEEDS.length} seeds`, runs, story);
      measurements.push(...tenth.map(measurement => ({ ...measurement, detail: true })));
    }
    const { addresses, callerPauseMs, callerRepeats, initMs, maxEnvironments } = ASSUMPTIONS;
    return {
      measurements,
      figures,
      values: {},
      notes: [
        "The breaker (opossum included), the retries, the credential cache and the deadline are the product's own code with a virtual clock; network, PingOne, secret store and Lambda are models.",
        `Assumed: at most ${maxEnvironments} environments, one request at a time in each, ${initMs} ms init, the most recently used free one is taken; ${addresses} source addresses; callers repeat a failed request ${callerRepeats} times after ${callerPauseMs} ms on average.`,
        'Assumed of PingOne: 20 ms a request, capacity for 1.5 times the steady load, a queue of four seconds whose entries are worked on even when nobody waits any more; 429 asks for 1 s.',
        'The simple client has the same time limits, repeats once whatever failed, and reads the secret again at each refusal. "–": not within the story.',
        ...speeds,
      ],
    };
  },
};

function measurementsOf(condition: string, runs: readonly Run[], story: Story): readonly Measurement[] {
  return [...Map.groupBy(runs, ({ rules }) => rules)].flatMap(([variant, same]) => {
    const lives = same.map(run => quantitiesOf(run, story));
    return (lives[0] ?? []).map(([metric, , unit], index) => {
      // What never comes is later than everything that does.
      const values = lives
        .map(life => life[index]?.[1] ?? Number.NaN)
        .map(value => (Number.isNaN(value) ? Infinity : value));
      return { condition, variant, metric, unit, rounds: [[median(values)]], detail: index > 2 };
    });
  });
}

function speedOf(run: Run): string {
  return `${run.rules}: ${run.maxEnvironments} environments, ${run.events} requests in ${(run.wallMs / 1000).toFixed(1)} s`;
}
