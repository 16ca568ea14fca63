/** The part of CloudWatch Logs Insights that the overview's table uses: filter by equality, stats by fields, sort, limit. */
import { statistic } from './statistics.ts';

export type LogLine = Readonly<Record<string, unknown>>;
export type Table = { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };

type Column = { readonly name: string; readonly of: (lines: readonly LogLine[]) => number | undefined };
type Stats = { readonly columns: readonly Column[]; readonly by: readonly string[] };

const refuse = (part: string): Error => new Error(`the local dashboard cannot read the log query part: ${part}`);

const FILTER = /^filter (\w+) = "([^"]*)"$/;
const STATS = /^stats (.+) by ([\w, ]+)$/;
const COUNT = /^count\(\*\) as (\w+)$/;
const PERCENTILE = /^pct\((\w+), (\d+)\) as (\w+)$/;
const SORT = /^sort (\w+) (asc|desc)$/;
const LIMIT = /^limit (\d+)$/;

const numbers = (lines: readonly LogLine[], field: string): readonly number[] =>
  lines.map(line => line[field]).filter(value => typeof value === 'number');

const columnOf = (text: string): Column => {
  const count = COUNT.exec(text)?.[1];
  if (count !== undefined) return { name: count, of: lines => lines.length };
  const [, field, percent, name] = PERCENTILE.exec(text) ?? [];
  if (field === undefined || name === undefined) throw refuse(text);
  return { name, of: lines => statistic(`p${percent}`, numbers(lines, field)) };
};

const statsOf = (text: string): Stats | undefined => {
  const [, columns, by] = STATS.exec(text) ?? [];
  if (columns === undefined || by === undefined) return undefined;
  // Commas stand between columns and between the arguments of a function.
  return { columns: columns.split(/, (?![^(]*\))/).map(columnOf), by: by.split(', ') };
};

const shown = (value: number | undefined): string =>
  value === undefined ? '' : Number.isInteger(value) ? String(value) : value.toFixed(1);

const cell = (line: LogLine | undefined, field: string): string => {
  const value = line?.[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

/** Reads a query once; what it does not know it refuses by name. */
export const readLogQuery = (query: string): ((lines: readonly LogLine[]) => Table) => {
  const parts = query.split('|').map(part => part.trim());
  const filters: [field: string, value: string][] = [];
  let stats: Stats | undefined;
  let sorted: { readonly column: string; readonly sign: number } | undefined;
  let limit = 1000;
  for (const part of parts) {
    const [, field, value] = FILTER.exec(part) ?? [];
    const [, column, direction] = SORT.exec(part) ?? [];
    const most = LIMIT.exec(part)?.[1];
    const found = statsOf(part);
    if (field !== undefined && value !== undefined) filters.push([field, value]);
    else if (column !== undefined) sorted = { column, sign: direction === 'desc' ? -1 : 1 };
    else if (most !== undefined) limit = Number(most);
    else if (found !== undefined) stats = found;
    else if (!part.startsWith('SOURCE ')) throw refuse(part);
  }
  if (stats === undefined) throw refuse('a query without stats');
  const { columns, by } = stats;
  const sortedBy = columns.find(({ name }) => name === sorted?.column);

  return lines => {
    const wanted = lines.filter(line => filters.every(([field, value]) => line[field] === value));
    const groups = [...Map.groupBy(wanted, line => JSON.stringify(by.map(field => cell(line, field)))).values()];
    if (sortedBy !== undefined && sorted !== undefined) {
      const { sign } = sorted;
      groups.sort((a, b) => sign * ((sortedBy.of(a) ?? 0) - (sortedBy.of(b) ?? 0)));
    }
    return {
      columns: [...by, ...columns.map(({ name }) => name)],
      rows: groups
        .slice(0, limit)
        .map(group => [...by.map(field => cell(group[0], field)), ...columns.map(({ of }) => shown(of(group)))]),
    };
  };
};
