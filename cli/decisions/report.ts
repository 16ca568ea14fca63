/** Results of rows, and comparisons of two services, as tables for people or as JSON. */

import type { Ink } from '../screen/ink.ts';
import type { Cell } from '../screen/table.ts';
import { tableOf } from '../screen/table.ts';
import type { Answer } from './answer.ts';
import { outlineOf } from './judge.ts';
import type { Row } from './row.ts';

export interface Result {
  readonly row: Row;
  readonly answer: Answer;
  /** Empty if it passed. */
  readonly problems: readonly string[];
  readonly ms: number;
}

/** One row at two services. */
export interface Versus {
  readonly row: Row;
  readonly here: Answer;
  readonly there: Answer;
  readonly differences: readonly string[];
}

/** Every row; what is wrong stands behind those that failed. */
export const resultsReport = (results: readonly Result[], ink: Ink): string => {
  const failed = results.filter(({ problems }) => problems.length > 0).length;
  const lines = results.map(({ row, answer, problems }): readonly Cell[] => [
    problems.length === 0 ? { text: 'pass', paint: ink.green } : { text: 'FAIL', paint: ink.red },
    { text: row.name, paint: ink.bold },
    { text: outlineOf(answer) },
    { text: problems.join('; '), paint: ink.red },
  ]);
  return [...tableOf(lines), '', `${results.length - failed} passed, ${failed} failed`].join('\n');
};

export const resultsJson = (results: readonly Result[]): string => {
  const rows = results.map(({ row, answer, problems, ms }) => ({
    ...idOf(row),
    passed: problems.length === 0,
    problems,
    answer: shownAnswer(answer),
    ms: Math.round(ms),
  }));
  return asJson({ ok: rows.every(({ passed }) => passed), rows });
};

/** Only the rows that differ. */
export const comparisonReport = (compared: readonly Versus[], ink: Ink): string => {
  const differing = compared.filter(isDifferent);
  const lines = differing.map(({ row, differences }): readonly Cell[] => [
    { text: 'differs', paint: ink.yellow },
    { text: row.name, paint: ink.bold },
    { text: differences.join('; ') },
  ]);
  const summary = `${compared.length - differing.length} alike, ${differing.length} different`;
  return [...tableOf(lines), ...(lines.length > 0 ? [''] : []), summary].join('\n');
};

export const comparisonJson = (compared: readonly Versus[]): string => {
  const differing = compared.filter(isDifferent);
  const rows = differing.map(({ row, here, there, differences }) => ({
    ...idOf(row),
    differences,
    here: shownAnswer(here),
    there: shownAnswer(there),
  }));
  return asJson({ ok: rows.length === 0, alike: compared.length - rows.length, rows });
};

function isDifferent({ differences }: Versus): boolean {
  return differences.length > 0;
}

/** Without the query, which may hold what is nobody's business. */
function idOf({ name, line, method, url }: Row): object {
  const { origin, pathname } = new URL(url);
  return { name, line, method, url: origin + pathname };
}

function shownAnswer({ effect, reasonCode, status, changedHeaders, correlationId }: Answer): object {
  return { effect, reasonCode, status, changedHeaders: [...changedHeaders.keys()], correlationId };
}

function asJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
