/** warm: sequential decisions over TLS keep-alive, everything on, beside four ways to make the same call. */
import { exporting, type ProbedEnvironment, startProbed, variablesFor } from '../bed/function.ts';
import { permitAfter, type Services, startServices } from '../bed/services.ts';
import { AUTHORIZER, controlModule } from '../bed/task-root.ts';
import type { PercentileFigure } from '../report/figure.ts';
import type { Bench, Measurement, Scenario } from '../scenario.ts';
import { curve, find, median, ratioOf } from '../statistics.ts';

const BARE = 'bare node:https, keep-alive';
const EMPTY = 'empty handler';
const OURS = 'authorizer, everything on';
const FETCH = 'fetch authorizer';

interface Variant {
  readonly name: string;
  readonly module: string;
  readonly exports: boolean;
}

const VARIANTS: readonly Variant[] = [
  { name: OURS, module: AUTHORIZER, exports: true },
  { name: BARE, module: controlModule('bare'), exports: false },
  { name: 'authorizer, no span export', module: AUTHORIZER, exports: false },
  { name: EMPTY, module: controlModule('empty'), exports: false },
  { name: 'node:https, no keep-alive', module: controlModule('no-keep-alive'), exports: false },
  { name: FETCH, module: controlModule('fetch'), exports: false },
  { name: 'fetch authorizer, flush before the answer', module: controlModule('fetch-flush'), exports: true },
];

/** Raw samples of one variant at one service time; the outer list is rounds. */
interface Taken {
  readonly inside: number[][];
  readonly answered: number[][];
  readonly cpu: number[][];
  readonly bytes: number[][];
}

const nothingTaken = (): Taken => ({ inside: [], answered: [], cpu: [], bytes: [] });

const takeRound = async (probed: ProbedEnvironment, calls: number, taken: Taken): Promise<void> => {
  const before = { cpu: (await probed.use()).cpuMicroseconds, bytes: probed.written() };
  const [inside, answered]: [number[], number[]] = [[], []];
  for (let call = 0; call < calls; call += 1) {
    const asked = performance.now();
    const { ms } = await probed.decide();
    answered.push(performance.now() - asked);
    inside.push(ms);
  }
  taken.inside.push(inside);
  taken.answered.push(answered);
  // The question itself is one more decision.
  const decisions = calls + 1;
  taken.cpu.push([((await probed.use()).cpuMicroseconds - before.cpu) / decisions]);
  taken.bytes.push([(probed.written() - before.bytes) / decisions]);
};

const measurementsOf = (condition: string, variant: string, taken: Taken): readonly Measurement[] => {
  const base = { condition, variant, control: BARE };
  return [
    { ...base, metric: 'decision', unit: 'ms', rounds: taken.inside },
    { ...base, metric: 'CPU per request', unit: 'µs', rounds: taken.cpu },
    { ...base, metric: 'answer to the invoker', unit: 'ms', rounds: taken.answered, detail: true },
    { condition, variant, metric: 'logged per request', unit: 'bytes', rounds: taken.bytes, detail: true },
  ];
};

/** Every variant in turn, round after round, so that a slow minute of the machine meets all of them. */
const measure = async (
  running: ReadonlyMap<string, ProbedEnvironment>,
  rounds: number,
  calls: number,
): Promise<ReadonlyMap<string, Taken>> => {
  const taken = new Map([...running.keys()].map(name => [name, nothingTaken()]));
  for (let round = 0; round < rounds; round += 1) {
    const order = [...running];
    const turned = [...order.slice(round % order.length), ...order.slice(0, round % order.length)];
    for (const [name, probed] of turned) await takeRound(probed, calls, taken.get(name) ?? nothingTaken());
  }
  return taken;
};

const startAll = async (bench: Bench, services: Services): Promise<ReadonlyMap<string, ProbedEnvironment>> => {
  const running = new Map<string, ProbedEnvironment>();
  for (const { name, module, exports } of VARIANTS) {
    const env = { ...variablesFor(services), ...(exports ? exporting(services) : {}) };
    const probed = await startProbed(module, { taskRoot: bench.taskRoot, env });
    bench.defer(probed.environment.close);
    running.set(name, probed);
  }
  return running;
};

/** CPU that the call itself costs: without what the runtime client spends on any handler. */
const netCpu = (measurements: readonly Measurement[], condition: string, variant: string): number => {
  const cpu = (name: string) => median(find(measurements, condition, name, 'CPU per request').rounds.flat());
  return cpu(variant) - cpu(EMPTY);
};

const valuesOf = (measurements: readonly Measurement[]): Readonly<Record<string, number>> => {
  const latency = (ms: number, variant: string) => find(measurements, `${ms} ms service`, variant, 'decision');
  const ratio = (ms: number, control: string) => ratioOf(latency(ms, OURS), latency(ms, control)).value;
  const condition = '0 ms service';
  return {
    'warm.bare.0ms': ratio(0, BARE),
    'warm.fetch.0ms': ratio(0, FETCH),
    'warm.bare.20ms': ratio(20, BARE),
    'warm.cpu': netCpu(measurements, condition, OURS) / netCpu(measurements, condition, BARE),
  };
};

const figureFor = (measurements: readonly Measurement[], ms: number): PercentileFigure => ({
  kind: 'percentiles',
  title: `Warm decisions, ${ms} ms service time`,
  caption: `Time inside the function. The lowest curve is the physical limit: one call on a connection that is kept alive.`,
  unit: 'ms',
  lines: VARIANTS.filter(({ name }) => name !== EMPTY).map(({ name }) => ({
    name,
    points: curve(find(measurements, `${ms} ms service`, name, 'decision').rounds.flat()),
  })),
});

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
        { ms: 20, rounds: 2, calls: 12 },
      ],
      [
        { ms: 0, rounds: 8, calls: 400 },
        { ms: 5, rounds: 5, calls: 100 },
        { ms: 20, rounds: 5, calls: 40 },
      ],
    );
    bench.say('warming up');
    for (const probed of running.values()) {
      for (let call = 0; call < bench.pick(150, 600); call += 1) await probed.decide();
    }
    const measurements: Measurement[] = [];
    for (const { ms, rounds, calls } of plan) {
      bench.say(`${ms} ms service time: ${rounds} rounds of ${calls} calls, ${running.size} variants`);
      await services.behave(permitAfter(ms));
      const taken = await measure(running, rounds, calls);
      for (const [name, samples] of taken) measurements.push(...measurementsOf(`${ms} ms service`, name, samples));
    }
    const exportsSpans = (running.get(OURS)?.environment.extensions.length ?? 0) > 0;
    return {
      measurements,
      figures: plan.map(({ ms }) => figureFor(measurements, ms)),
      values: valuesOf(measurements),
      notes: [
        'One environment for each variant, all alive, one invocation at a time through a local Lambda Runtime API; the policy service is another process and speaks TLS.',
        '"decision" is timed inside the function around the handler; "answer to the invoker" adds the runtime client and shows what a flush on the reply path costs.',
        'CPU per request is the whole process, with the runtime client and with what is exported after the answer; the goal compares it without the CPU of the empty handler.',
        ...(exportsSpans ? [] : ['This build registers no extension: no spans were exported after the answer.']),
      ],
    };
  },
};
