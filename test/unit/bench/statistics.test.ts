/** Percentiles and ratios: nearest rank, raw samples, no corrections. */
import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../../bench/scenario.ts';
import { curve, find, median, percentile, ratioOf, summarise } from '../../../bench/statistics.ts';

const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

const measured = (rounds: number[][], variant = 'ours'): Measurement => ({
  condition: 'c',
  variant,
  metric: 'm',
  unit: 'ms',
  rounds,
});

describe('percentiles', () => {
  it('are samples that were taken, by nearest rank', () => {
    expect([0, 0.5, 0.9, 0.99, 0.999, 1].map(share => percentile(hundred, share))).toEqual([1, 50, 90, 99, 100, 100]);
  });

  it('do not depend on the order of the samples', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(summarise([3, 1, 2])).toMatchObject({ n: 3, p50: 2, min: 1, max: 3, mean: 2 });
  });

  it('are not a number where there is no sample', () => {
    expect(median([])).toBeNaN();
  });

  it('end, as a curve, where less than one sample lies beyond', () => {
    expect(curve(hundred).at(-1)).toEqual([0.99, 99]);
    expect(curve(hundred.slice(0, 10)).at(-1)?.[0]).toBe(0.9);
  });
});

describe('a ratio', () => {
  it('is the median over the median of all rounds', () => {
    expect(ratioOf(measured([[2], [4], [6]]), measured([[1], [2], [3]])).value).toBe(2);
  });

  it('says how far its rounds disagree', () => {
    const { from, to } = ratioOf(measured([[2], [4], [9]]), measured([[1], [2], [3]]));
    expect([from, to]).toEqual([2, 3]);
  });

  it('passes over rounds without samples', () => {
    expect(ratioOf(measured([[], [4]]), measured([[2], [2]]))).toEqual({ value: 2, from: 2, to: 2 });
  });
});

describe('looking a measurement up', () => {
  it('names what is missing', () => {
    expect(() => find([measured([[1]])], 'c', 'theirs', 'm')).toThrow('no measurement of m for theirs under c');
  });
});
