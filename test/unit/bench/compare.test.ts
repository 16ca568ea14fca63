/** Comparing with a former report: by ratio to the control, and only what stands out of the noise is called clear. */
import { describe, expect, it } from 'vitest';
import { changesBetween, comparisonOf } from '../../../bench/compare.ts';
import { reportOf } from './sample.ts';

const changeOf = (before: readonly number[], after: readonly number[]) =>
  changesBetween(reportOf(...before), reportOf(...after)).find(({ unit }) => unit === '×');

describe('a change', () => {
  it('is measured against the control of its own run', () => {
    expect(changeOf([2, 2, 2], [3, 3, 3])).toMatchObject({ before: 2, after: 3, share: 0.5, unit: '×' });
  });

  it('is clear where no round of one run lies within the rounds of the other', () => {
    expect(changeOf([1.9, 2, 2, 2, 2.1], [2.4, 2.5, 2.5, 2.5, 2.6])?.clear).toBe(true);
  });

  it('is not clear where the runs overlap', () => {
    expect(changeOf([1.9, 2, 2, 2, 2.5], [2.4, 2.5, 2.5, 2.5, 2.6])?.clear).toBe(false);
  });

  it('is not clear where there are too few rounds to show the noise', () => {
    expect(changeOf([2, 2, 2, 2], [3, 3, 3, 3])?.clear).toBe(false);
  });

  it('is told with both ratios and its share', () => {
    const text = comparisonOf(changesBetween(reportOf(2, 2, 2, 2, 2), reportOf(3, 3, 3, 3, 3)));
    expect(text).toMatch(/● warm · 0 ms · ours · decision +2\.00× +3\.00× +\+50\.0 %/);
  });

  it('is not told where there is none', () => {
    expect(comparisonOf(changesBetween(reportOf(2, 2), reportOf(2, 2)))).toContain('No change');
  });
});
