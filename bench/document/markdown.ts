/** Markdown tables of a chapter's rows: a line for each variant, a column for each metric or its ratio to the control. */
import { digits, quantity } from '../report/number.ts';
import type { Chapter, Row } from '../report/report.ts';

export interface Column {
  readonly head: string;
  readonly metric: string;
  /** The ratio to the control instead of the median. */
  readonly ratio?: true;
}

/** The variants of one condition; undefined if the chapter has no such condition. */
export const variantTable = (
  { rows }: Chapter,
  condition: string,
  first: string,
  columns: readonly Column[],
): string | undefined => {
  const own = rows.filter(row => row.condition === condition);
  if (own.length === 0) return undefined;
  const variants = [...new Set(own.map(({ variant }) => variant))];
  const lines = variants.map(variant => [
    variant,
    ...columns.map(column =>
      cellOf(
        own.find(row => row.variant === variant && row.metric === column.metric),
        column,
      ),
    ),
  ]);
  return markdownTable([first, ...columns.map(({ head }) => head)], lines);
};

/** The first column to the left, numbers to the right. */
export const markdownTable = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...lines]
    .map(cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

/** A control has no ratio to itself. */
function cellOf(row: Row | undefined, { ratio }: Column): string {
  if (row === undefined) return '';
  if (ratio === undefined) return digits(row.summary.p50);
  return row.ratio === undefined ? '' : quantity(row.ratio.value, '×');
}
