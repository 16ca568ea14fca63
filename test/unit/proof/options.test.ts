/** Rules of `npm run proof`'s options: what is asked for is understood or refused with a reason. */
import { describe, expect, it } from 'vitest';
import { optionsIn } from '../../../proof/options.ts';
import { STAGE_NAMES } from '../../../proof/stage.ts';

describe('the options', () => {
  it.each([
    [[], { does: 'prove', quick: false, stages: STAGE_NAMES }],
    [['--quick'], { does: 'prove', quick: true, stages: STAGE_NAMES }],
    [['--only', 'mutants', '--quick'], { does: 'prove', quick: true, stages: ['mutants'] }],
    [['--seed', '7'], { does: 'tell', seed: 7 }],
    [['--fuzz', 'reply', '--seed', '7', '--inputs', '9'], { does: 'fuzz', target: 'reply', seed: 7, maxInputs: 9 }],
    [['--fuzz', 'all', '--seconds', '5', '--keep'], { does: 'fuzz', target: undefined, seconds: 5, keepCorpus: true }],
  ])('%j are understood', (args, options) => {
    expect(optionsIn(args)).toMatchObject(options);
  });

  it.each([
    [['--only', 'luck'], 'there is no stage "luck"'],
    [['--fuzz', 'luck'], 'there is no target "luck"'],
    [['--seed', '-1'], /--seed/],
    [['--seed', '1.5'], '--seed, --inputs and --seconds must be whole numbers'],
    [['--inputs', '5'], '--inputs, --seconds and --keep go with --fuzz'],
    [['--quik'], /--quik/],
  ])('%j are refused', (args, reason) => {
    expect(() => optionsIn(args)).toThrow(reason);
  });
});
