/** tried: other ways to build and to connect, each against the way it is; only runs when it is named. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exporting, startCold, startProbed, type Variables, variablesFor } from '../bed/function.ts';
import { type Build, buildInto } from '../bed/rebuild.ts';
import { inRounds } from '../bed/rounds.ts';
import { startServices } from '../bed/services.ts';
import { AUTHORIZER, controlModule } from '../bed/task-root.ts';
import type { Bench, Measurement, Scenario } from '../scenario.ts';

const SHIPPED = 'as it is shipped';

const REQUIRE_IN_ESM = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const BUILDS: readonly Build[] = [
  { name: 'rebuilt the same way', lazy: true, options: {} },
  { name: 'a CommonJS entry, which registers too late', lazy: true, alone: true, options: {} },
  { name: 'not minified', lazy: true, options: { minify: false } },
  { name: 'one file, nothing lazy', lazy: false, options: {} },
  { name: "packages' CommonJS sources", lazy: true, options: { mainFields: ['main', 'module'] } },
  {
    name: 'an ES module, split',
    lazy: false,
    alone: true,
    options: {
      format: 'esm',
      splitting: true,
      supported: {},
      outExtension: { '.js': '.mjs' },
      banner: { js: REQUIRE_IN_ESM },
    },
  },
];

type Subject = readonly [name: string, once: () => Promise<number>];

export const tried: Scenario = {
  name: 'tried',
  title: 'What was tried',
  question: 'Which ways to build and to connect are faster than the one that was chosen?',
  run: async bench => {
    const services = await startServices();
    bench.defer(services.end);
    const variables = variablesFor(services);
    bench.say('builds');
    const plain = await builds(bench, variables, 'credential from the environment');
    bench.say('builds, exporting spans');
    const spans = await builds(bench, { ...variables, ...exporting(services) }, 'exporting spans');
    bench.say('kept names');
    const warmNames = await names(bench, { ...variables, ...exporting(services) });
    bench.say('TLS sessions');
    return {
      measurements: [...plain, ...spans, ...warmNames, ...(await sessions(bench, variables))],
      figures: [],
      values: {},
      notes: ['The compile cache is a variant of the cold scenario.'],
    };
  },
};

async function builds(bench: Bench, variables: Variables, condition: string): Promise<readonly Measurement[]> {
  const { taskRoot } = bench;
  const subjects: Subject[] = [[SHIPPED, () => coldMs(AUTHORIZER, taskRoot, variables)]];
  for (const one of BUILDS) {
    const module = await buildInto(taskRoot, one);
    subjects.push([one.name, () => coldMs(module, taskRoot, variables)]);
  }
  bench.defer(() => rm(join(taskRoot, 'tried'), { recursive: true, force: true }));
  return inTurn(condition, 'init + first decision', SHIPPED, subjects, bench.pick(3, 25), 1);
}

/** esbuild's keepNames calls a function for every closure that a request makes. */
async function names(bench: Bench, variables: Variables): Promise<readonly Measurement[]> {
  const subjects: Subject[] = [];
  for (const keepNames of [true, false]) {
    const name = keepNames ? 'function names kept' : 'function names lost';
    const module = await buildInto(bench.taskRoot, { name, lazy: true, options: { keepNames } });
    const { environment, decide } = await startProbed(module, { taskRoot: bench.taskRoot, env: variables });
    bench.defer(environment.close);
    for (let call = 0; call < 1000; call += 1) await decide();
    subjects.push([name, async () => (await decide()).ms]);
  }
  return inTurn('warm, exporting spans', 'decision', 'function names kept', subjects, bench.pick(3, 15), 200);
}

/** A new connection for each call, with and without the TLS session that the agent keeps. */
async function sessions(bench: Bench, variables: Variables): Promise<readonly Measurement[]> {
  const subjects: Subject[] = [];
  for (const [name, module] of [
    ['session resumed', 'no-keep-alive'],
    ['full handshake', 'no-session'],
  ] as const) {
    const { environment, decide } = await startProbed(controlModule(module), {
      taskRoot: bench.taskRoot,
      env: variables,
    });
    bench.defer(environment.close);
    subjects.push([name, async () => (await decide()).ms]);
  }
  return inTurn('a new connection each time', 'decision', 'full handshake', subjects, bench.pick(3, 12), 60);
}

async function coldMs(module: string, taskRoot: string, env: Variables): Promise<number> {
  const { init, first } = await startCold(module, { taskRoot, env });
  return init + first;
}

/** The first round is dropped. */
async function inTurn(
  condition: string,
  metric: string,
  control: string,
  subjects: readonly Subject[],
  rounds: number,
  calls: number,
): Promise<readonly Measurement[]> {
  const taken = await inRounds(subjects, { rounds, dropped: 1 }, async ([, once]) => {
    const samples: number[] = [];
    for (let call = 0; call < calls; call += 1) samples.push(await once());
    return samples;
  });
  return [...taken].map(([[variant], samples]) => ({
    condition,
    variant,
    metric,
    unit: 'ms',
    control,
    rounds: samples,
  }));
}
