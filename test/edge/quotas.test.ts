/** Rules of CloudFront's limits: what both of its pages allow, what only the newer allows, and what neither does. */
import { describe, expect, it } from 'vitest';
import { DEADLINE_MS, MEMORY_MB, standing, TIMEOUT_S, ZIP_BYTES } from '../../src/edge/quotas.ts';

describe('a limit', () => {
  it.each([
    ['the zip', ZIP_BYTES, 1_000_000, 50_000_000],
    ['the memory', MEMORY_MB, 128, 10_240],
    ['the timeout', TIMEOUT_S, 5, 30],
    ['the deadline', DEADLINE_MS, 4800, 29_800],
  ])(
    'of %s is sure up to the old one, unsure up to the certain one, and beyond it no more',
    (_, quota, old, certain) => {
      expect([old, old + 1, certain, certain + 1].map(value => standing(value, quota))).toEqual([
        'within',
        'unsure',
        'unsure',
        'beyond',
      ]);
    },
  );

  it('of the deadline leaves time to answer before CloudFront ends the function', () => {
    expect(DEADLINE_MS.old).toBeLessThan(TIMEOUT_S.old * 1000);
    expect(DEADLINE_MS.certain).toBeLessThan(TIMEOUT_S.certain * 1000);
  });
});
