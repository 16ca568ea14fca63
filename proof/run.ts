/** `npm run proof`: what is promised, checked in five stages that each give figures. */
import { optionsIn, USAGE } from './options.ts';
import { linesOf, writeDown } from './report.ts';
import { brokenIn } from './simulation/invariants.ts';
import { live } from './simulation/life.ts';
import type { Proved } from './stage.ts';
import { proveInputs, STAGES } from './stages.ts';

type Options = ReturnType<typeof optionsIn>;

const options = readOptions();
if (options !== undefined) {
  const broken = await run(options);
  console.log(broken === 0 ? 'Every promise was kept.' : `${broken} promises were broken.`);
  process.exitCode = broken === 0 ? 0 : 1;
}

/** How many promises were broken. */
async function run(asked: Options): Promise<number> {
  switch (asked.does) {
    case 'tell':
      return tell(asked.seed);
    case 'fuzz': {
      const { seed = Date.now() % 2 ** 31, seconds = 300, ...rest } = asked;
      return show(await proveInputs({ ...rest, seed, seconds }), '');
    }
    case 'prove': {
      let broken = 0;
      for (const name of asked.stages) {
        const started = performance.now();
        const proved = await STAGES[name](asked.quick ? 'quick' : 'whole');
        const seconds = (performance.now() - started) / 1000;
        broken += show(proved, `, in ${seconds.toFixed(0)} s`);
        if (!asked.quick) writeDown(name, proved, seconds);
      }
      return broken;
    }
  }
}

function show(proved: Proved, took: string): number {
  console.log(`${linesOf(proved, took).join('\n')}\n`);
  return proved.broken.length;
}

/** The story of one life, and what it broke. */
async function tell(seed: number): Promise<number> {
  const life = await live(seed);
  const broken = brokenIn(life);
  console.log([`Life ${seed}: ${JSON.stringify(life.settings)}`, ...life.story, ''].join('\n'));
  for (const sentence of broken) console.log(`BROKEN: ${sentence}`);
  return broken.length;
}

function readOptions(): Options | undefined {
  try {
    return optionsIn(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}
