/** Tables: percentiles only where there are samples enough, single values side by side. */
import { describe, expect, it } from 'vitest';
import { digits, quantity, quantityBeside } from '../../../../bench/report/number.ts';
import { chapterOf } from '../../../../bench/report/report.ts';
import { tablesOf } from '../../../../bench/report/table.ts';
import type { Measurement } from '../../../../bench/scenario.ts';
import { measured } from '../sample.ts';

const tables = (...measurements: readonly Measurement[]) => {
  const scenario = { name: 's', title: 'S', question: '?', run: () => Promise.reject(new Error()) };
  return tablesOf(chapterOf(scenario, { notes: [], figures: [], values: {}, measurements }, 1).rows);
};

const textsOf = (samples: number): readonly string[] | undefined =>
  tables(measured('ours', [Array.from({ length: samples }, () => 1)]))[0]?.rows[0]?.cells.map(({ text }) => text);

describe('a table of percentiles', () => {
  it.each([
    [9, ['1.00', '', '', '', '9']],
    [10, ['1.00', '1.00', '', '', '10']],
    [100, ['1.00', '1.00', '1.00', '', '100']],
    [1000, ['1.00', '1.00', '1.00', '1.00', '1000']],
  ])('of %s samples shows those that have a sample beyond', (samples, texts) => {
    expect(textsOf(samples)).toEqual(texts);
  });

  it('gives the ratio to the control and how far its rounds disagree', () => {
    const [table] = tables(measured('ours', [[2], [3]], 'bare'), measured('bare', [[1], [1]]));
    expect(table?.rows[0]?.cells.at(-1)).toEqual({ text: '2.00×', note: '2.00–3.00' });
    expect(table?.rows[1]?.cells.at(-1)).toEqual({ text: '' });
  });
});

describe('a table of single values', () => {
  it('has a column for each metric and a row for each variant', () => {
    const [table] = tables(
      { condition: 'c', variant: 'a', metric: 'calls', unit: '', rounds: [[7]] },
      { condition: 'c', variant: 'a', metric: 'recovery', unit: 's', rounds: [[Number.NaN]] },
      { condition: 'c', variant: 'b', metric: 'calls', unit: '', rounds: [[9]] },
    );
    expect(table?.head).toEqual(['calls', 'recovery, s']);
    expect(table?.rows.map(({ cells }) => cells.map(({ text }) => text))).toEqual([
      ['7', '–'],
      ['9', ''],
    ]);
  });
});

describe('a number', () => {
  it.each([
    [0, '0'],
    [0.00123456, '0.00123'],
    [12.345, '12.3'],
    [1234.5, '1235'],
    [1_234_567, '1\u202f234\u202f567'],
    [Number.NaN, '–'],
  ])('%s is written %s', (value, text) => {
    expect(digits(value)).toBe(text);
  });

  it('keeps its unit near', () => {
    expect([quantity(1.234, '×'), quantity(5, '%'), quantity(5, 'ms')]).toEqual(['1.23×', '5.00%', '5.00 ms']);
  });

  it('that counts is written whole', () => {
    expect([quantity(7, ''), quantity(12_345, '')]).toEqual(['7', '12\u202f345']);
  });

  it.each([
    [1.2504, 1.25, '1.2504×'],
    [1.2, 1.25, '1.20×'],
    [1.25, 1.25, '1.25×'],
    [1.05000004, 1.05, '1.050000×'],
  ])('of %s has as many digits as tell it from its goal %s: %s', (value, goal, text) => {
    expect(quantityBeside(value, goal, '×')).toBe(text);
  });
});
