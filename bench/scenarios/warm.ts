/** warm: sequential decisions over TLS keep-alive, everything on, beside five ways to make the same call. */
import { exporting, type ProbedEnvironment, startProbed, variablesFor } from '../bed/function.ts';
import { inRounds } from '../bed/rounds.ts';
import { permitAfter, type Services, startServices } from '../bed/services.ts';
import type { PercentileFigure } from '../report/figure.ts';
import type { Bench, Measurement, Scenario } from '../scenario.ts';
import { curve, find, median, ratioOf } from '../statistics.ts';
import { authorizer, authzen, BARE, bare, EMPTY, empty, FETCH, fetching, flushing, noKeepAlive } from '../variants.ts';

const OURS = 'authorizer, everything on';
const QUIET = 'authorizer, no span export';
const NET_CPU = 'CPU per request, net of the runtime';

const VARIANTS = [
  authorizer(OURS, true),
  bare,
  authorizer(QUIET, false),
  empty,
  noKeepAlive,
  fetching,
  flushing,
  authzen,
] as const;

type Running = readonly [name: string, probed: ProbedEnvironment];

/** Raw samples of one variant in one round. */
interface Taken {
  readonly inside: readonly number[];
  readonly answered: readonly number[];
  readonly cpu: number;
  readonly bytes: number;
}

export const warm: Scenario = {
  name: 'warm',
  title: 'Warm latency',
  question: 'What does a decision cost on top of the call to PingOne that it cannot do without?',
  run: async bench => {
    const services = await startServices();
    bench.defer(services.end);
    const running = await startAll(bench, services);
    const plan = bench.pick(
      [
        { ms: 0, rounds: 3, calls: 120 },
        { ms: 20, rounds: 2, calls: 6 },
      ],
      [
        { ms: 0, rounds: 8, calls: 400 },
        { ms: 5, rounds: 5, calls: 100 },
        { ms: 20, rounds: 5, calls: 30 },
      ],
    );
    bench.say('warming up');
    for (const [, probed] of running) {
      for (let call = 0; call < bench.pick(150, 600); call += 1) await probed.decide();
    }
    const measurements: Measurement[] = [];
    for (const { ms, rounds, calls } of plan) {
      bench.say(`${ms} ms service time: ${rounds} rounds of ${calls} calls, ${running.length} variants`);
      await services.behave(permitAfter(ms));
      const taken = await inRounds(running, { rounds }, ([, probed]) => takeRound(probed, calls));
      measurements.push(...measurementsOf(`${ms} ms service`, taken));
    }
    const ours = running.find(([name]) => name === OURS)?.[1];
    const exportsSpans = (ours?.environment.extensions.length ?? 0) > 0;
    return {
      measurements,
      figures: plan.map(({ ms }) => figureFor(measurements, ms)),
      values: valuesOf(measurements),
      notes: [
        'One environment for each variant, all alive, one invocation at a time through a local Lambda Runtime API; the policy service is another process and speaks TLS.',
        '"decision" is timed inside the function around the handler; "answer to the invoker" adds the runtime client and shows what a flush on the reply path costs.',
        'CPU is that of the whole process, with what is exported after the answer. Net of the runtime, it is less the CPU of the empty handler in the same round, for every variant.',
        'The AuthZEN authorizer is asked through an HTTP API, sends AuthZEN’s question to a service that answers as soon, and reads the caller’s name from a token that it does not verify.',
        ...(exportsSpans ? [] : ['This build registers no extension: no spans were exported after the answer.']),
      ],
    };
  },
};

async function startAll(bench: Bench, services: Services): Promise<readonly Running[]> {
  const running: Running[] = [];
  for (const { name, module, event, exports } of VARIANTS) {
    const env = { ...variablesFor(services), ...(exports ? exporting(services) : {}) };
    const probed = await startProbed(module, { taskRoot: bench.taskRoot, env, event });
    bench.defer(probed.environment.close);
    running.push([name, probed]);
  }
  return running;
}

async function takeRound(probed: ProbedEnvironment, calls: number): Promise<Taken> {
  const before = { cpu: (await probed.use()).cpuMicroseconds, bytes: probed.written() };
  const [inside, answered]: [number[], number[]] = [[], []];
  for (let call = 0; call < calls; call += 1) {
    const asked = performance.now();
    const { ms } = await probed.decide();
    answered.push(performance.now() - asked);
    inside.push(ms);
  }
  // The question itself is one more decision.
  const decisions = calls + 1;
  const cpu = ((await probed.use()).cpuMicroseconds - before.cpu) / decisions;
  return { inside, answered, cpu, bytes: (probed.written() - before.bytes) / decisions };
}

function measurementsOf(condition: string, taken: ReadonlyMap<Running, readonly Taken[]>): readonly Measurement[] {
  const runtime = [...taken].find(([[name]]) => name === EMPTY)?.[1] ?? [];
  return [...taken].flatMap(([[variant], samples]) => {
    const base = { condition, variant, control: BARE };
    const net = samples.map(({ cpu }, round) => [cpu - (runtime[round]?.cpu ?? Number.NaN)]);
    const all: readonly Measurement[] = [
      { ...base, metric: 'decision', unit: 'ms', rounds: samples.map(({ inside }) => inside) },
      ...(variant === EMPTY ? [] : [{ ...base, metric: NET_CPU, unit: 'µs', rounds: net }]),
      { ...base, metric: 'CPU per request', unit: 'µs', rounds: samples.map(({ cpu }) => [cpu]), detail: true },
      {
        ...base,
        metric: 'answer to the invoker',
        unit: 'ms',
        rounds: samples.map(({ answered }) => answered),
        detail: true,
      },
      {
        condition,
        variant,
        metric: 'logged per request',
        unit: 'bytes',
        rounds: samples.map(({ bytes }) => [bytes]),
        detail: true,
      },
    ];
    return all;
  });
}

function valuesOf(measurements: readonly Measurement[]): Readonly<Record<string, number>> {
  const ratio = (ms: number, metric: string, variant: string, control: string): number => {
    const of = (name: string) => find(measurements, `${ms} ms service`, name, metric);
    return ratioOf(of(variant), of(control)).value;
  };
  return {
    'warm.bare.0ms': ratio(0, 'decision', OURS, BARE),
    'warm.fetch.0ms': ratio(0, 'decision', OURS, FETCH),
    'warm.bare.20ms': ratio(20, 'decision', OURS, BARE),
    'warm.cpu.exporting': ratio(0, NET_CPU, OURS, BARE),
    'warm.cpu': ratio(0, NET_CPU, QUIET, BARE),
  };
}

function figureFor(measurements: readonly Measurement[], ms: number): PercentileFigure {
  const condition = `${ms} ms service`;
  const lines = VARIANTS.filter(({ name }) => name !== EMPTY).map(({ name }) => ({
    name,
    points: curve(find(measurements, condition, name, 'decision').rounds.flat()),
  }));
  const floor = median(find(measurements, condition, BARE, 'decision').rounds.flat());
  return {
    kind: 'percentiles',
    title: `Warm decisions, ${ms} ms service time`,
    caption: `Time inside the function. The lowest curve is the physical limit: one call on a connection that is kept alive, ${floor.toFixed(2)} ms at its median.`,
    unit: 'ms',
    lines,
  };
}
