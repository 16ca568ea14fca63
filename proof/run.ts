/** `npm run proof`: lives whole lives of an environment, explores the breaker's model, measures how parsers grow, and fuzzes. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { startChild } from '../bench/bed/child.ts';
import { type FuzzOptions, fuzz, fuzzReport, TARGET_NAMES } from './fuzz/fuzz.ts';
import { MAX_FACTOR, measureGrowth } from './growth/growth.ts';
import { conform } from './model/conform.ts';
import { explore } from './model/explore.ts';
import { brokenIn } from './simulation/invariants.ts';
import { live } from './simulation/life.ts';
import type { Simulated } from './simulation/simulate.ts';

const USAGE = `npm run proof [-- --quick | --seed N]
  --quick        2,000 lives, shorter traces and 40 s of fuzzing: about two minutes
  --seed N       lives one life again and tells its story
  --fuzz TARGET  fuzzes only: ${TARGET_NAMES.join(', ')} or all
    --seed N     with these random numbers
    --inputs N   for so many inputs, which the same seed and corpus give again
    --seconds N  for so long
    --keep       adds the inputs that reach new code to the corpus`;

const QUICK = { lives: 2000, traceLength: 9, fuzzSeconds: 40 };
const WHOLE = { lives: 100_000, traceLength: 11, fuzzSeconds: 300 };
/** Each run fuzzes with other numbers, unless they are chosen. */
const ANY_SEED = Date.now() % 2 ** 31;
const CHUNK = 500;

const options = readOptions();
if (options !== undefined) {
  const { quick, seed, fuzzed } = options;
  const size = quick ? QUICK : WHOLE;
  const failures =
    fuzzed !== undefined
      ? await proveInputs({ seconds: size.fuzzSeconds, ...fuzzed }, seed)
      : seed === undefined
        ? await prove(size)
        : await tell(seed);
  console.log(failures === 0 ? '\nEvery promise was kept.' : `\n${failures} promises were broken.`);
  process.exitCode = failures === 0 ? 0 : 1;
}

async function prove({ lives, traceLength, fuzzSeconds }: typeof QUICK): Promise<number> {
  const before = (await proveLives(lives)) + (await proveModel(traceLength)) + proveGrowth();
  return before + (await proveInputs({ seconds: fuzzSeconds }));
}

async function proveLives(lives: number): Promise<number> {
  const started = performance.now();
  const children = Array.from({ length: availableParallelism() }, () =>
    startChild(new URL('./simulation/simulation-process.ts', import.meta.url)),
  );
  const results: Simulated[] = [];
  let next = 0;
  await Promise.all(
    children.map(async child => {
      while (next < lives) {
        const from = next;
        next = Math.min(lives, next + CHUNK);
        results.push((await child.ask('simulate', { from, to: next })) as Simulated);
      }
      await child.end();
    }),
  );
  const sum = (count: (result: Simulated) => number): number => results.reduce((total, each) => total + count(each), 0);
  const broken = results.flatMap(result => result.broken);
  const answers = new Map<string, number>();
  for (const result of results) {
    for (const [code, count] of Object.entries(result.answers)) answers.set(code, (answers.get(code) ?? 0) + count);
  }
  console.log(`Lives of an environment: ${lives}, in ${seconds(started)}`);
  console.log(
    `  ${sum(({ requests }) => requests)} requests, ${sum(({ attempts }) => attempts)} attempts, the breaker opened ${sum(({ openings }) => openings)} times`,
  );
  for (const [code, count] of [...answers].sort(([, one], [, other]) => other - one))
    console.log(`  ${String(count).padStart(9)}  ${code}`);
  for (const { seed, promises } of broken)
    console.log(`  BROKEN by seed ${seed}: ${promises.join('; ')}\n    npm run proof -- --seed ${seed}`);
  return broken.length;
}

async function proveModel(traceLength: number): Promise<number> {
  const started = performance.now();
  const explored = explore();
  console.log(`\nModel of the breaker: ${explored.states} states, ${explored.steps} steps, all visited`);
  for (const sentence of explored.broken) console.log(`  BROKEN: ${sentence}`);
  const { traces, apart } = await conform(traceLength);
  console.log(`  the code follows it through ${traces} traces of ${traceLength} events, in ${seconds(started)}`);
  for (const trace of apart) console.log(`  APART: ${trace}`);
  return explored.broken.length + apart.length;
}

function proveGrowth(): number {
  console.log('\nCPU time of an input eight times as long (8 is linear, 64 is quadratic):');
  const measured = measureGrowth();
  for (const { parser, size, factor } of measured) {
    console.log(
      `  ${factor.toFixed(1).padStart(5)}  ${parser}, ${size.toLocaleString('en')} characters${factor > MAX_FACTOR ? '  BROKEN' : ''}`,
    );
  }
  return measured.filter(({ factor }) => factor > MAX_FACTOR).length;
}

async function proveInputs(asked: Omit<FuzzOptions, 'seed'>, seed = ANY_SEED): Promise<number> {
  console.log(`\nFuzzing, guided by coverage, seed ${seed}:`);
  const results = await fuzz({ ...asked, seed });
  for (const line of fuzzReport(results)) console.log(`  ${line}`);
  return results.reduce((sum, { findings }) => sum + findings.length, 0);
}

/** The story of one life, and what it broke. */
async function tell(seed: number): Promise<number> {
  const life = await live(seed);
  console.log(`Life ${seed}: ${JSON.stringify(life.settings)}\n${life.story.join('\n')}\n`);
  const broken = brokenIn(life);
  for (const sentence of broken) console.log(`BROKEN: ${sentence}`);
  return broken.length;
}

interface Options {
  readonly quick: boolean;
  readonly seed: number | undefined;
  /** Undefined unless it is all that is asked for. */
  readonly fuzzed: Partial<Omit<FuzzOptions, 'seed'>> | undefined;
}

function readOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        seed: { type: 'string' },
        fuzz: { type: 'string' },
        inputs: { type: 'string' },
        seconds: { type: 'string' },
        keep: { type: 'boolean', default: false },
      },
    });
    const [seed, maxInputs, seconds] = [values.seed, values.inputs, values.seconds].map(wholeNumberIn);
    if (values.fuzz === undefined) return { quick: values.quick, seed, fuzzed: undefined };
    if (values.fuzz !== 'all' && !TARGET_NAMES.includes(values.fuzz)) throw new TypeError('there is no such target');
    const target = values.fuzz === 'all' ? undefined : values.fuzz;
    const fuzzed = { target, maxInputs, keepCorpus: values.keep, ...(seconds === undefined ? {} : { seconds }) };
    return { quick: values.quick, seed, fuzzed };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

function wholeNumberIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new TypeError('--seed, --inputs and --seconds must be whole numbers');
  return Number(text);
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
