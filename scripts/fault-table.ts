/** Writes the table of docs/faults.md from the rows of the fault suite; `--check` fails when it is stale. */
import { ROWS } from '../src/config/variables.ts';
import { variableOf } from '../test/fault/bounds.ts';
import type { Bound, Fault } from '../test/fault/fault.ts';
import { FAULTS } from '../test/fault/faults.ts';
import { LINES } from '../test/fault/table-lines.ts';
import { putSection } from './document-section.ts';

const seconds = (ms: string): string => `${Number(ms) / 1000} s`;

/** What the reader can look up, with its default; a connection may be tried once more. */
const longest = (bound: Bound): string => {
  const variable = variableOf(bound);
  if (variable !== undefined) {
    const text = `\`${variable}\` (${seconds(ROWS[variable].byDefault)})`;
    return bound === 'connect' ? `${text}, each attempt` : text;
  }
  if (bound === 'lambda') return 'the remaining time less 0.3 s';
  return bound === 'store' ? '0.25 s, once in 10 s' : 'at once';
};

const got = ({ gets, status }: Fault): string => {
  if (gets === 'PERMIT') return "PingOne's decision";
  return status === undefined ? `\`${gets}\`` : `\`${gets}\` (${status})`;
};

const attempts = (rows: readonly Fault[]): string => {
  const counts = rows.map(row => row.attempts);
  const [min, max] = [Math.min(...counts), Math.max(...counts)];
  return min === max ? String(min) : `${min} to ${max}`;
};

/** Rows whose settings are not the defaults say what a setting does, and not what a reader will see. */
const asConfigured = (rows: readonly Fault[]): readonly Fault[] => {
  const plain = rows.filter(({ env, thrown }) => env === undefined && thrown === undefined);
  return plain.length > 0 ? plain : rows;
};

const distinct = (texts: readonly string[]): string => [...new Set(texts)].join(' or ');

const tableLine = ([id, fault]: readonly [string, string]): string => {
  const rows = asConfigured(FAULTS.filter(({ line }) => line === id));
  if (rows.length === 0) throw new Error(`no row of the fault suite backs the line "${fault}": remove it or add a row`);
  const cells = [fault, distinct(rows.map(got)), distinct(rows.map(row => longest(row.bound))), attempts(rows)];
  return `| ${cells.join(' | ')} |`;
};

putSection(
  'faults',
  [
    '| what goes wrong | the client gets | after at most | attempts |',
    '| --- | --- | --- | --- |',
    ...Object.entries(LINES).map(tableLine),
  ].join('\n'),
  'Run `npm run fix`.',
  'docs/faults.md',
);
