/** cold: fresh processes from the unpacked zip; init, first decision and both, against a bare client and a fetch authorizer. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  EVENT,
  effectOf,
  exporting,
  NODES,
  startPlain,
  startProbed,
  type Variables,
  variablesFor,
} from '../bed/function.ts';
import { type Services, startServices } from '../bed/services.ts';
import { AUTHORIZER, controlModule } from '../bed/task-root.ts';
import type { BarFigure } from '../report/figure.ts';
import type { Bench, Measurement, Scenario } from '../scenario.ts';
import { find, median, ratioOf } from '../statistics.ts';

const BARE = 'bare node:https';
const FETCH = 'fetch authorizer';
const PLAIN = 'authorizer';
const EXPORTING = 'authorizer, exporting spans';
const TOTAL = 'init + first decision';

interface Variant {
  readonly name: string;
  readonly module: string;
  readonly variables: Variables;
}

const CREDENTIAL = 'PINGONE_GATEWAY_CREDENTIAL';

const without = (variables: Variables, name: string): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([key]) => key !== name));

const variantsFor = (services: Services, compileCache: string): readonly Variant[] => {
  const fixed = variablesFor(services);
  const spans = exporting(services);
  const stored = { ...without(fixed, CREDENTIAL), ...services.storeVariables };
  const secret = { ...stored, [`${CREDENTIAL}_SECRET`]: 'bench' };
  const parameter = { ...stored, [`${CREDENTIAL}_PARAMETER`]: '/bench' };
  const ours = (name: string, variables: Variables): Variant => ({ name, module: AUTHORIZER, variables });
  return [
    { name: 'empty handler', module: controlModule('empty'), variables: fixed },
    { name: BARE, module: controlModule('bare'), variables: fixed },
    { name: FETCH, module: controlModule('fetch'), variables: fixed },
    ours(PLAIN, fixed),
    ours('authorizer, no prewarm', { ...fixed, PINGONE_PREWARM: 'false' }),
    ours('authorizer, compile cache', { ...fixed, NODE_COMPILE_CACHE: compileCache }),
    ours(EXPORTING, { ...fixed, ...spans }),
    ours('authorizer, Secrets Manager', secret),
    ours('authorizer, Secrets Manager, exporting spans', { ...secret, ...spans }),
    ours('authorizer, Parameter Store', parameter),
    ours('authorizer, Parameter Store, exporting spans', { ...parameter, ...spans }),
  ];
};

interface Cold {
  readonly init: number;
  readonly first: number;
}

const startOnce = async (variant: Variant, taskRoot: string, node: string): Promise<Cold> => {
  const environment = await startPlain(variant.module, { taskRoot, env: variant.variables, node });
  try {
    const asked = performance.now();
    const result = await environment.invoke(EVENT);
    const first = performance.now() - asked;
    if (!result.ok || effectOf({ ms: first, answer: result.payload }) !== 'Allow') {
      throw new Error(`${variant.name}: ${JSON.stringify(result)}`);
    }
    return { init: environment.initMs, first };
  } finally {
    await environment.close();
  }
};

/** Fills the compile cache as a process that ends by itself would; ours are killed. */
const fillCompileCache = async (variables: Variables, taskRoot: string, node: string): Promise<void> => {
  const probed = await startProbed(AUTHORIZER, { taskRoot, env: variables, node });
  await probed.decide();
  await probed.environment.invoke({ ...EVENT, bench: 'flush-compile-cache' });
  await probed.environment.close();
};

const measurementsOf = (condition: string, taken: ReadonlyMap<string, readonly Cold[]>): readonly Measurement[] =>
  [...taken].flatMap(([variant, runs]) => {
    const measured = (metric: string, value: (cold: Cold) => number, detail = false): Measurement => ({
      condition,
      variant,
      metric,
      unit: 'ms',
      control: BARE,
      detail,
      rounds: runs.map(run => [value(run)]),
    });
    return [
      measured(TOTAL, ({ init, first }) => init + first),
      measured('init', ({ init }) => init, true),
      measured('first decision', ({ first }) => first, true),
    ];
  });

const figureFor = (condition: string, measurements: readonly Measurement[], names: readonly string[]): BarFigure => ({
  kind: 'bars',
  title: `Cold start, ${condition}`,
  caption:
    'Medians. Init is from the start of the process until it waits for work; the process itself, as the empty handler shows, is most of it.',
  unit: 'ms',
  parts: ['init', 'first decision'],
  rows: names.map(name => ({
    name,
    control: !name.startsWith('authorizer'),
    values: ['init', 'first decision'].map(metric => median(find(measurements, condition, name, metric).rounds.flat())),
  })),
});

const measureOn = async (bench: Bench, services: Services, condition: keyof typeof NODES, rounds: number) => {
  const compileCache = await mkdtemp(join(tmpdir(), 'bench-compile-cache-'));
  bench.defer(() => rm(compileCache, { recursive: true, force: true }));
  const variants = variantsFor(services, compileCache);
  const cached = variants.find(({ variables }) => 'NODE_COMPILE_CACHE' in variables);
  if (cached !== undefined) await fillCompileCache(cached.variables, bench.taskRoot, NODES[condition]);
  const taken = new Map<string, Cold[]>(variants.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    const turn = Math.max(0, round) % variants.length;
    for (const variant of [...variants.slice(turn), ...variants.slice(0, turn)]) {
      const run = await startOnce(variant, bench.taskRoot, NODES[condition]);
      // The first round fills the page cache and is not counted.
      if (round >= 0) taken.get(variant.name)?.push(run);
    }
  }
  return { measurements: measurementsOf(condition, taken), names: variants.map(({ name }) => name) };
};

export const cold: Scenario = {
  name: 'cold',
  title: 'Cold start',
  question: 'How much later is the first answer of a fresh environment than that of the smallest client?',
  run: async bench => {
    const services = await startServices();
    bench.defer(services.end);
    const plan = bench.pick(
      [{ node: 'Node 24', rounds: 3 }] as const,
      [
        { node: 'Node 24', rounds: 20 },
        { node: 'Node 22', rounds: 10 },
      ] as const,
    );
    const measurements: Measurement[] = [];
    const figures: BarFigure[] = [];
    for (const { node, rounds } of plan) {
      bench.say(`${node}: ${rounds} fresh processes of each variant`);
      const measured = await measureOn(bench, services, node, rounds);
      measurements.push(...measured.measurements);
      figures.push(figureFor(node, measured.measurements, measured.names));
    }
    const total = (variant: string): Measurement => find(measurements, 'Node 24', variant, TOTAL);
    return {
      measurements,
      figures,
      values: {
        'cold.bare': ratioOf(total(PLAIN), total(BARE)).value,
        'cold.fetch': ratioOf(total(PLAIN), total(FETCH)).value,
        'cold.exporting': ratioOf(total(EXPORTING), total(BARE)).value,
      },
      notes: [
        'Each start is a process of its own, from the unpacked zip through a local Lambda Runtime API; page cache warm, full CPU. Lambda gives init full CPU too, but reads the code from further away.',
        'The credential is in the environment where nothing else is said; both secret stores are on loopback.',
      ],
    };
  },
};
