/** The tables of a chapter, for terminal and page alike: percentiles by metric, or, of single values, a column for each metric. */
import { digits, quantity } from './number.ts';
import type { Row } from './report.ts';

export interface Cell {
  readonly text: string;
  /** Less important; the terminal leaves it out. */
  readonly note?: string;
}

export interface Table {
  /** What the rows have in common. */
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly Cell[] }[];
}

export const tablesOf = (rows: readonly Row[]): readonly Table[] =>
  [...Map.groupBy(rows, ({ condition }) => condition)].flatMap(([condition, members]) => {
    const [single, sampled] = [
      members.filter(({ summary }) => summary.n === 1),
      members.filter(({ summary }) => summary.n !== 1),
    ];
    return [...(single.length === 0 ? [] : [singles(condition, single)]), ...byMetric(condition, sampled)];
  });

function singles(condition: string, rows: readonly Row[]): Table {
  const head = [...new Set(rows.map(({ metric, unit }) => withUnit(metric, unit)))];
  return {
    title: condition,
    head,
    rows: [...Map.groupBy(rows, ({ variant }) => variant)].map(([name, members]) => ({
      name,
      cells: head.map(column => {
        const row = members.find(({ metric, unit }) => withUnit(metric, unit) === column);
        return { text: row === undefined ? '' : singleText(row) };
      }),
    })),
  };
}

function withUnit(metric: string, unit: string): string {
  return unit === '' ? metric : `${metric}, ${unit}`;
}

function byMetric(condition: string, rows: readonly Row[]): readonly Table[] {
  return [...Map.groupBy(rows, ({ metric, unit }) => withUnit(metric, unit))].map(([metric, members]) => {
    const compared = members.some(({ ratio }) => ratio !== undefined);
    return {
      title: `${condition}: ${metric}`,
      head: ['p50', 'p90', 'p99', 'p99.9', 'n', ...(compared ? ['of control'] : [])],
      rows: members.map(row => ({
        name: row.variant,
        cells: [...percentileCells(row), ...(compared ? [ratioCell(row)] : [])],
      })),
    };
  });
}

/** A percentile that has less than one sample beyond it says nothing. */
function percentileCells(row: Row): readonly Cell[] {
  const { p50, p90, p99, p999, n } = row.summary;
  const texts = [digits(p50), n >= 10 ? digits(p90) : '', n >= 100 ? digits(p99) : '', n >= 1000 ? digits(p999) : ''];
  return [...texts, String(n)].map(text => ({ text }));
}

function ratioCell({ ratio }: Row): Cell {
  return ratio === undefined
    ? { text: '' }
    : { text: quantity(ratio.value, '×'), note: `${ratio.from.toFixed(2)}–${ratio.to.toFixed(2)}` };
}

/** The unit is in the head of the column; a count has none. */
function singleText({ unit, summary }: Row): string {
  return unit === '' ? quantity(summary.p50, unit) : digits(summary.p50);
}
