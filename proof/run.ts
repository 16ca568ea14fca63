/** `npm run proof`: lives whole lives of an environment, explores the models, and measures how parsers grow. */
import { parseArgs } from 'node:util';
import { growthBroken, proveGrowth } from './growth/prove-growth.ts';
import { proveModels } from './model/prove-models.ts';
import { growthLines, livesBroken, livesLines, modelsBroken, modelsLines } from './print.ts';
import { brokenIn } from './simulation/invariants.ts';
import { live } from './simulation/life.ts';
import { proveLives } from './simulation/prove-lives.ts';

const USAGE = `npm run proof [-- --quick | --seed N]
  --quick   2,000 lives and shorter traces: about a minute
  --seed N  lives one life again and tells its story`;

const LIVES = { quick: 2000, whole: 100_000 };

const options = readOptions();
if (options !== undefined) {
  const broken = options.seed === undefined ? await prove(options.quick ? 'quick' : 'whole') : await tell(options.seed);
  for (const sentence of broken) console.log(`BROKEN: ${sentence}`);
  console.log(broken.length === 0 ? '\nEvery promise was kept.' : `\n${broken.length} promises were broken.`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}

/** Every stage, each printed as soon as it is done. */
async function prove(how: 'quick' | 'whole'): Promise<readonly string[]> {
  const lives = await proveLives(LIVES[how]);
  show(livesLines(lives));
  const models = await proveModels(how);
  show(modelsLines(models));
  const growth = await proveGrowth(how);
  show(growthLines(growth));
  return [...livesBroken(lives), ...modelsBroken(models), ...growthBroken(growth)];
}

function show(lines: readonly string[]): void {
  console.log(`${lines.join('\n')}\n`);
}

/** The story of one life, and what it broke. */
async function tell(seed: number): Promise<readonly string[]> {
  const life = await live(seed);
  show([`Life ${seed}: ${JSON.stringify(life.settings)}`, ...life.story]);
  return brokenIn(life);
}

function readOptions(): { readonly quick: boolean; readonly seed: number | undefined } | undefined {
  try {
    const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, seed: { type: 'string' } } });
    const seed = values.seed === undefined ? undefined : Number(values.seed);
    if (seed !== undefined && !Number.isInteger(seed)) throw new TypeError('--seed must be a whole number');
    return { quick: values.quick, seed };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}
