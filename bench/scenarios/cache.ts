/** cache: what the decision cache saves, in latency and in calls to PingOne, at hit rates that the callers' tokens set. */
import { BEARER } from '../../test/support/golden-events.ts';
import { EVENT, effectOf, type ProbedEnvironment, startProbed, variablesFor } from '../bed/function.ts';
import { inRounds } from '../bed/rounds.ts';
import { type Services, startServices } from '../bed/services.ts';
import { AUTHORIZER } from '../bed/task-root.ts';
import type { PercentileFigure } from '../report/figure.ts';
import type { Bench, Measurement, Scenario } from '../scenario.ts';
import { curve, find, mean } from '../statistics.ts';

const OFF = 'cache off';
const ON = 'cache on';

/** How often each bearer token is used in a row; a round's calls are a multiple of the most. */
const RATES = [
  { condition: 'hit rate 0 %', uses: 1 },
  { condition: 'hit rate 50 %', uses: 2 },
  { condition: 'hit rate 95 %', uses: 20 },
] as const;

/** Longer than the bench runs: what is missed is missed for its token, not for its age. */
const CACHING = { DECISION_CACHE_TTL_MS: '3600000' };

const USUAL = JSON.stringify(EVENT);

/** Raw samples of one variant at one hit rate, in one round. */
interface Taken {
  readonly inside: readonly number[];
  readonly calls: number;
}

type Running = readonly [name: string, probed: ProbedEnvironment];

export const cache: Scenario = {
  name: 'cache',
  title: 'The decision cache',
  question: 'What does the decision cache save, and what does it cost if it never hits?',
  run: async bench => {
    const services = await startServices();
    bench.defer(services.end);
    const running = await startBoth(bench, services);
    bench.say('warming up');
    for (const [, probed] of running) {
      for (let call = 0; call < bench.pick(80, 300); call += 1) await decide(probed, `warm-${call}`);
    }
    const { rounds, calls } = bench.pick({ rounds: 3, calls: 60 }, { rounds: 5, calls: 200 });
    const measurements: Measurement[] = [];
    for (const { condition, uses } of RATES) {
      bench.say(`${condition}: ${rounds} rounds of ${calls} calls, ${running.length} variants`);
      const taken = await inRounds(running, { rounds }, ([, probed], round) =>
        takeRound(services, probed, { round: `${uses}-${round}`, calls, uses }),
      );
      measurements.push(...[...taken].flatMap(([[name], samples]) => measurementsOf(condition, name, samples)));
    }
    return {
      measurements,
      figures: [figureFor(measurements)],
      values: {},
      notes: [
        'Both environments are asked with the same tokens, each used once, twice or twenty times in a row; the cache holds its default number of entries.',
        'At 50 % the median lies on the border between hits and misses: read p90 and the mean.',
        'PingOne answers at once: with its real service time a hit saves as much more.',
      ],
    };
  },
};

async function startBoth(bench: Bench, services: Services): Promise<readonly Running[]> {
  const running: Running[] = [];
  for (const [name, caching] of [
    [ON, CACHING],
    [OFF, {}],
  ] as const) {
    const env = { ...variablesFor(services), ...caching };
    const probed = await startProbed(AUTHORIZER, { taskRoot: bench.taskRoot, env });
    bench.defer(probed.environment.close);
    running.push([name, probed]);
  }
  return running;
}

async function takeRound(
  services: Services,
  probed: ProbedEnvironment,
  plan: { readonly round: string; readonly calls: number; readonly uses: number },
): Promise<Taken> {
  const before = (await services.counts()).calls;
  const inside: number[] = [];
  for (let call = 0; call < plan.calls; call += 1) {
    inside.push(await decide(probed, `${plan.round}-${Math.floor(call / plan.uses)}`));
  }
  return { inside, calls: ((await services.counts()).calls - before) / plan.calls };
}

async function decide(probed: ProbedEnvironment, caller: string): Promise<number> {
  const answered = await probed.ask(eventOf(caller));
  if (effectOf(answered) !== 'Allow') throw new Error(`expected Allow, got ${JSON.stringify(answered)}`);
  return answered.ms;
}

/** The usual request, with a bearer token of its own for each caller. */
function eventOf(caller: string): unknown {
  return JSON.parse(USUAL.replaceAll(BEARER, `${BEARER}-${caller}`));
}

function measurementsOf(condition: string, variant: string, taken: readonly Taken[]): readonly Measurement[] {
  const base = { condition, variant, control: OFF };
  return [
    { ...base, metric: 'decision', unit: 'ms', rounds: taken.map(({ inside }) => inside) },
    { ...base, metric: 'mean decision of a round', unit: 'ms', rounds: taken.map(({ inside }) => [mean(inside)]) },
    { ...base, metric: 'calls to PingOne per request', unit: '', rounds: taken.map(({ calls }) => [calls]) },
  ];
}

function figureFor(measurements: readonly Measurement[]): PercentileFigure {
  const points = (condition: string, variant: string) =>
    curve(find(measurements, condition, variant, 'decision').rounds.flat());
  return {
    kind: 'percentiles',
    title: 'The decision cache, 0 ms service time',
    caption: 'Time inside the function. A curve rises from hits to misses at the share of its hit rate.',
    unit: 'ms',
    lines: [
      ...RATES.map(({ condition }) => ({ name: condition, points: points(condition, ON) })),
      { name: OFF, points: points(RATES[0].condition, OFF) },
    ],
  };
}
