/** cold: fresh processes from the unpacked zip; wall time and CPU of init and first decision, beside four controls. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cold, EVENT, NODES, startCold, startProbed, type Variables } from '../bed/function.ts';
import { inRounds } from '../bed/rounds.ts';
import { type Services, startServices } from '../bed/services.ts';
import { AUTHORIZER } from '../bed/task-root.ts';
import { coldFigures } from '../cold/cold-figures.ts';
import {
  type ColdVariant,
  coldVariants,
  EXPORTING,
  PARAMETER,
  PLAIN,
  SECRET,
  spansToo,
} from '../cold/cold-variants.ts';
import type { Figure } from '../report/figure.ts';
import type { Bench, Measurement, Scenario } from '../scenario.ts';
import { find, ratioOf } from '../statistics.ts';
import { BARE, EMPTY, FETCH } from '../variants.ts';

const TOTAL = 'init + first decision';
const CPU = 'CPU until the first answer';

/** Wall time from one fresh process, CPU from another, in which the probe is. */
interface Taken extends Cold {
  readonly cpu: number;
}

export const cold: Scenario = {
  name: 'cold',
  title: 'Cold start',
  question: 'How much later is the first answer of a fresh environment than that of the smallest client?',
  run: async bench => {
    const services = await startServices();
    bench.defer(services.end);
    const plan = bench.pick(
      [{ node: 'Node 24', rounds: 2 }] as const,
      [
        { node: 'Node 24', rounds: 16 },
        { node: 'Node 22', rounds: 8 },
      ] as const,
    );
    const measurements: Measurement[] = [];
    const figures: Figure[] = [];
    for (const { node, rounds } of plan) {
      bench.say(`${node}: ${rounds} times two fresh processes of each variant`);
      const measured = await measureOn(bench, services, node, rounds);
      measurements.push(...measured);
      figures.push(...coldFigures(node, measured, CPU));
    }
    return {
      measurements,
      figures,
      values: valuesOf(measurements),
      notes: [
        'Each start is a process of its own, from the unpacked zip through a local Lambda Runtime API; page cache warm, full CPU. Lambda gives init full CPU too, but reads the code from further away.',
        'CPU is that of the whole process from its start until the first answer, all threads, in processes of their own. A function of 512 MB has about a third of a core after init: there each of these milliseconds takes three.',
        'The credential is in the environment unless a store is named; both secret stores are on loopback.',
      ],
    };
  },
};

async function measureOn(
  bench: Bench,
  services: Services,
  condition: keyof typeof NODES,
  rounds: number,
): Promise<readonly Measurement[]> {
  const compileCache = await mkdtemp(join(tmpdir(), 'bench-compile-cache-'));
  bench.defer(() => rm(compileCache, { recursive: true, force: true }));
  const variants = coldVariants(services, compileCache);
  const [node, { taskRoot }] = [NODES[condition], bench];
  const cached = variants.find(({ variables }) => 'NODE_COMPILE_CACHE' in variables);
  if (cached !== undefined) await fillCompileCache(cached.variables, taskRoot, node);
  // The first round fills the page cache.
  const taken = await inRounds(variants, { rounds, dropped: 1 }, ({ module, variables: env, event }) =>
    startTwice(module, { taskRoot, env, node, event }),
  );
  return measurementsOf(condition, taken);
}

async function startTwice(module: string, start: Parameters<typeof startCold>[1]): Promise<Taken> {
  const cold = await startCold(module, start);
  const probed = await startProbed(module, start);
  try {
    return { ...cold, cpu: (await probed.use()).cpuMicroseconds / 1000 };
  } finally {
    await probed.environment.close();
  }
}

/** Fills the compile cache as a process that ends by itself would; ours are killed. */
async function fillCompileCache(variables: Variables, taskRoot: string, node: string): Promise<void> {
  const probed = await startProbed(AUTHORIZER, { taskRoot, env: variables, node });
  await probed.decide();
  await probed.environment.invoke({ ...EVENT, bench: 'flush-compile-cache' });
  await probed.environment.close();
}

function measurementsOf(condition: string, taken: ReadonlyMap<ColdVariant, readonly Taken[]>): readonly Measurement[] {
  const runtime = [...taken].find(([{ name }]) => name === EMPTY)?.[1] ?? [];
  return [...taken].flatMap(([{ name: variant }, runs]) => {
    const measured = (metric: string, value: (run: Taken, round: number) => number, detail = false): Measurement => ({
      condition,
      variant,
      metric,
      unit: 'ms',
      control: BARE,
      detail,
      rounds: runs.map((run, round) => [value(run, round)]),
    });
    return [
      measured(TOTAL, ({ init, first }) => init + first),
      measured('init', ({ init }) => init, true),
      measured('first decision', ({ first }) => first, true),
      measured(CPU, ({ cpu }) => cpu),
      ...(variant === EMPTY
        ? []
        : [
            measured(`${CPU}, net of the runtime`, ({ cpu }, round) => cpu - (runtime[round]?.cpu ?? Number.NaN), true),
          ]),
    ];
  });
}

function valuesOf(measurements: readonly Measurement[]): Readonly<Record<string, number>> {
  const ratio = (variant: string, control = BARE): number => {
    const of = (name: string) => find(measurements, 'Node 24', name, TOTAL);
    return ratioOf(of(variant), of(control)).value;
  };
  return {
    'cold.bare': ratio(PLAIN),
    'cold.fetch': ratio(PLAIN, FETCH),
    'cold.exporting': ratio(EXPORTING),
    'cold.secret': ratio(SECRET),
    'cold.secret.exporting': ratio(spansToo(SECRET)),
    'cold.parameter': ratio(PARAMETER),
    'cold.parameter.exporting': ratio(spansToo(PARAMETER)),
  };
}
