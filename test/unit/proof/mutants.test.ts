/** Rules of judging mutants: none survives unless it is listed with a reason, and no list is older than the tests. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Survivor } from '../../../proof/mutation/mutate.ts';
import { brokenIn, type Listed, lowScore, sumOf } from '../../../proof/mutation/prove-mutants.ts';
import { ROOMS, testsOf } from '../../../proof/mutation/rooms.ts';

const SURVIVOR: Survivor = { file: 'src/pdp/retry.ts', line: 7, code: 'a < b', becomes: 'a <= b' };
const { line: _, ...MUTANT } = SURVIVOR;
const LISTED: Listed = { ...MUTANT, reason: 'They are never equal.' };

const mutated = (mutants: number, survivors: readonly Survivor[]) => ({
  room: 'pdp' as const,
  mutants,
  killed: mutants - survivors.length,
  survivors,
});

describe('a mutant', () => {
  it('may survive if it is listed', () => {
    expect(brokenIn(mutated(100, [SURVIVOR]), [LISTED], 'whole')).toEqual([]);
  });

  it('may not survive otherwise, and the sentence says where it is and what it changes', () => {
    const other = { ...LISTED, becomes: 'true' };
    expect(brokenIn(mutated(100, [SURVIVOR]), [], 'quick')).toEqual(['src/pdp/retry.ts:7 survives: a < b  =>  a <= b']);
    expect(brokenIn(mutated(100, [SURVIVOR]), [other], 'whole')[0]).toContain('survives');
  });

  it('that a test kills, or that is gone, may not stay listed', () => {
    expect(brokenIn(mutated(100, []), [LISTED], 'whole')).toEqual([
      'survivors/pdp.json lists a mutant that is killed or gone: src/pdp/retry.ts  a < b  =>  a <= b',
    ]);
  });

  it('is not missed by a quick run, which mutates only a part of a room', () => {
    expect(brokenIn(mutated(10, []), [LISTED], 'quick')).toEqual([]);
  });

  it('is killed by a test in at least 95 of 100 cases', () => {
    expect(lowScore(sumOf([mutated(30, [SURVIVOR]), mutated(10, [SURVIVOR])]))).toEqual([]);
    expect(lowScore(mutated(19, [SURVIVOR]))).toEqual(['fewer than 95 % of all mutants are killed']);
  });
});

describe('the lists of survivors', () => {
  const lists = globSync('proof/mutation/survivors/*.json');

  it.each(lists)('%s gives a reason for each, and names files that are there', path => {
    const listed = JSON.parse(readFileSync(path, 'utf8')) as readonly Listed[];
    for (const { file, reason } of listed) {
      expect(reason).toMatch(/^[A-Z`].{20,}\.$/s);
      expect(readFileSync(file, 'utf8')).not.toBe('');
    }
  });

  it('are of rooms that are mutated', () => {
    expect(
      lists.map(path => path.replace(/^.*\/|\.json$/g, '')).filter(name => !ROOMS.some(room => room === name)),
    ).toEqual([]);
  });
});

it.each(ROOMS)('the mutants of %s face tests that exist', room => {
  for (const glob of testsOf(room)) expect(globSync(glob).length).toBeGreaterThan(0);
});
