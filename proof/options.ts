/** What `npm run proof` is asked for. */
import { parseArgs } from 'node:util';
import { TARGET_NAMES } from './fuzz/fuzz.ts';
import { STAGE_NAMES, type StageName } from './stage.ts';

export const USAGE = `npm run proof [-- OPTIONS]
  --quick        a part of each stage: under five minutes on two cores
  --only STAGE   ${STAGE_NAMES.join(', ')}
  --seed N       lives one life again and tells its story
  --fuzz TARGET  fuzzes only: ${TARGET_NAMES.join(', ')} or all
    --seed N     with these random numbers
    --inputs N   for so many inputs, which the same seed and corpus give again
    --seconds N  for so long
    --keep       adds the inputs that reach new code to the corpus
A stage that ran whole writes its figures to docs/assurance.md.`;

export type Options =
  | { readonly does: 'prove'; readonly quick: boolean; readonly stages: readonly StageName[] }
  | { readonly does: 'tell'; readonly seed: number }
  | {
      readonly does: 'fuzz';
      readonly seed: number | undefined;
      readonly target: string | undefined;
      readonly maxInputs: number | undefined;
      readonly seconds: number | undefined;
      readonly keepCorpus: boolean;
    };

/** @throws TypeError that says what is wrong */
export const optionsIn = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      seed: { type: 'string' },
      fuzz: { type: 'string' },
      inputs: { type: 'string' },
      seconds: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  const { quick, only, fuzz: target, keep: keepCorpus } = values;
  const seed = wholeNumberIn(values.seed);
  if (target !== undefined) {
    if (target !== 'all' && !TARGET_NAMES.includes(target)) throw new TypeError(`there is no target "${target}"`);
    return {
      does: 'fuzz',
      seed,
      target: target === 'all' ? undefined : target,
      maxInputs: wholeNumberIn(values.inputs),
      seconds: wholeNumberIn(values.seconds),
      keepCorpus,
    };
  }
  if (values.inputs !== undefined || values.seconds !== undefined || keepCorpus)
    throw new TypeError('--inputs, --seconds and --keep go with --fuzz');
  if (seed !== undefined) return { does: 'tell', seed };
  const stages = STAGE_NAMES.filter(name => only === undefined || name === only);
  if (stages.length === 0) throw new TypeError(`there is no stage "${only}"`);
  return { does: 'prove', quick, stages };
};

function wholeNumberIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new TypeError('--seed, --inputs and --seconds must be whole numbers');
  return Number(text);
}
