/** Rules of the fuzzing: kept inputs break no rule, and the loop finds what does, the same for the same seed. */
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startChild } from '../../../bench/bed/child.ts';
import { seeded } from '../../../bench/fleet/virtual-time.ts';
import { keptInputs } from '../../../proof/fuzz/corpus.ts';
import type { Coverage } from '../../../proof/fuzz/coverage.ts';
import type { Fuzzed } from '../../../proof/fuzz/figures.ts';
import { TARGET_NAMES } from '../../../proof/fuzz/fuzz.ts';
import { fuzzTarget } from '../../../proof/fuzz/fuzz-target.ts';
import { minimised } from '../../../proof/fuzz/minimise.ts';
import { mutated } from '../../../proof/fuzz/mutate.ts';
import { judged, type Target } from '../../../proof/fuzz/target.ts';
import { TARGETS } from '../../../proof/fuzz/targets/index.ts';
import { inputsProved } from '../../../proof/stages.ts';

describe.each(TARGETS.map(target => [target.name, target] as const))('the target %s', (name, target) => {
  it('counts the blocks of files that are there', () => {
    expect(target.files.filter(file => !existsSync(new URL(`../../../src/${file}`, import.meta.url)))).toEqual([]);
  });

  it('breaks no rule with its seeds', async () => {
    for (const input of [...target.seeds, ...target.trials])
      expect(await judged(target, input), JSON.stringify(input)).toEqual([]);
  });

  it('breaks no rule with the inputs that reached new code once', async () => {
    for (const [file, input] of keptInputs('corpus', name)) expect(await judged(target, input), file).toEqual([]);
  });

  it('breaks no rule any more with the inputs that broke one once', async () => {
    for (const [file, input] of keptInputs('found', name)) expect(await judged(target, input), file).toEqual([]);
  });
});

it('the corpus is there, and is small', () => {
  const texts = TARGETS.flatMap(({ name }) => keptInputs('corpus', name)).map(([, input]) => JSON.stringify(input));
  expect(texts.length).toBeGreaterThan(50);
  expect(texts.join('').length).toBeLessThan(200_000);
});

it('every target has its share of the time', () => {
  expect(TARGETS.map(({ name }) => name)).toEqual(TARGET_NAMES);
});

/** Nothing is ever new. */
const BLIND: Coverage = {
  take: async () => ({ isNew: false, includes: () => false, keep: () => undefined, fresh: new Map() }),
  count: () => ({ covered: 0, known: 0 }),
};

const inputs: unknown[] = [];
const target: Target = {
  name: 'sample',
  files: [],
  seeds: [{ name: 'value', list: ['a', 1, null], inside: '{"a":"b"}' }],
  trials: [],
  words: ['needle', 'value'],
  batch: 50,
  maxLength: 5000,
  run: input => {
    inputs.push(input);
    const text = JSON.stringify(input);
    if (text.includes('\\ud800')) throw new RangeError('half a character');
    return text.includes('needle') ? ['a needle'] : [];
  },
};
const run = (seed: number): Promise<Fuzzed> => {
  inputs.length = 0;
  const nothing = { corpus: [], found: [] };
  return fuzzTarget(target, nothing, BLIND, { seed, maxInputs: 1500, maxMs: Number.POSITIVE_INFINITY });
};

describe('the loop', () => {
  it('finds a broken rule and an error that is thrown, once each and in their smallest form', async () => {
    const { findings } = await run(1);
    expect(findings.map(({ problem }) => problem).sort()).toEqual(['a needle', 'threw RangeError: half a character']);
    for (const { input, problem } of findings) {
      expect(JSON.stringify(input).length).toBeLessThan(40);
      expect(await judged(target, input)).toEqual([problem]);
    }
  });

  it('runs the same inputs for the same seed, and others for another', async () => {
    const inputsOf = async (seed: number): Promise<string> => {
      await run(seed);
      // Slow inputs are run again to time them, which may happen once and not another time.
      return [...new Set(inputs.map(input => JSON.stringify(input)))].join('\n');
    };
    const first = await inputsOf(7);
    expect(await inputsOf(7)).toBe(first);
    expect(await inputsOf(8)).not.toBe(first);
  });

  it('runs what was found before, and reports it if it breaks its rule again', async () => {
    const kept = { corpus: [], found: ['needle'] };
    const budget = { seed: 1, maxInputs: 0, maxMs: Number.POSITIVE_INFINITY };
    const { findings } = await fuzzTarget(target, kept, BLIND, budget);
    expect(findings).toMatchObject([{ problem: 'a needle', input: 'needle' }]);
  });

  it('reports a finding with the command that repeats it', async () => {
    expect(inputsProved(1, [await run(1)]).broken.join('\n')).toMatch(
      /^sample: a needle, after .* \(npm run proof -- --fuzz sample --seed 1 --inputs \d+\)$/m,
    );
  });
});

describe('a mutation', () => {
  it('of JSON is JSON, and leaves its own input as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (input, seed) => {
        const before = JSON.stringify(input);
        const mutation = mutated(input, { random: seeded(seed), words: ['word'], other: () => ({ a: ['b'] }) });
        expect(JSON.stringify(JSON.parse(JSON.stringify(mutation)))).toBe(JSON.stringify(mutation));
        expect(mutation).not.toBeUndefined();
        expect(JSON.stringify(input)).toBe(before);
      }),
    );
  });
});

it('the smallest form of an input keeps what makes it break', async () => {
  const large = { a: ['x'.repeat(100), { b: `${'y'.repeat(50)}needle${'z'.repeat(50)}` }], c: 1 };
  const holds = async (candidate: unknown): Promise<boolean> => JSON.stringify(candidate).includes('needle');
  expect(JSON.stringify(await minimised(large, holds)).length).toBeLessThan(40);
});

it('coverage leads the loop: it keeps an input that reaches a block which the seeds do not', async () => {
  const child = startChild(new URL('../../../proof/fuzz/fuzz-process.ts', import.meta.url));
  try {
    const asked = { target: 'url', seed: 1, maxInputs: 3000, maxMs: Number.POSITIVE_INFINITY };
    const { blocks, inputs: count } = (await child.ask('fuzz', asked)) as Fuzzed;
    expect(count).toBeGreaterThanOrEqual(3000);
    expect(blocks.covered).toBeGreaterThan(50);
    expect(blocks.known).toBeGreaterThan(blocks.covered);
  } finally {
    await child.end();
  }
});
