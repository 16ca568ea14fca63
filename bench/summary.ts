/** The table in the terminal: every scenario's medians and ratios, then the goals, met or missed. */
import { styleText } from 'node:util';
import type { Verdict } from './budgets.ts';
import { quantity, quantityBeside } from './report/number.ts';
import type { Chapter, Report } from './report/report.ts';
import { tablesOf } from './report/table.ts';
import { verdictMark, verdictText } from './report/verdict.ts';

type Cell = string;

/** Columns as wide as they need be; the first to the left, numbers to the right. */
export const tableOf = (head: readonly Cell[], body: readonly (readonly Cell[])[]): readonly string[] => {
  const widths = head.map((cell, column) => Math.max(width(cell), ...body.map(row => width(row[column] ?? ''))));
  const line = (row: readonly Cell[]): string =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell)));
        return column === 0 ? cell + gap : gap + cell;
      })
      .join('  ')
      .trimEnd();
  return [line(head), ...body.map(line)];
};

export const summaryOf = (report: Report): string =>
  [
    ...report.chapters.flatMap(chapterLines),
    ...verdictLines(report.verdicts),
    styleText('dim', machineLine(report)),
  ].join('\n');

function width(cell: Cell): number {
  return [...cell].length;
}

/** The tables of a chapter; columns that say nothing are left out. */
function chapterLines(chapter: Chapter): readonly string[] {
  const heading = styleText('bold', `\n${chapter.title}`) + styleText('dim', `  ${chapter.seconds.toFixed(1)} s`);
  if (chapter.failure !== undefined) return [heading, styleText('red', `  failed: ${chapter.failure}`)];
  return [
    heading,
    ...tablesOf(chapter.rows.filter(({ detail }) => detail !== true)).flatMap(({ title, head, rows }) => {
      const cells = rows.map(row => [`  ${row.name}`, ...row.cells.map(({ text }) => text)]);
      const used = ['', ...head].map((_, column) => column === 0 || cells.some(row => row[column] !== ''));
      const kept = (row: readonly Cell[]): readonly Cell[] => row.filter((_, column) => used[column]);
      const [top = '', ...body] = tableOf(kept([`  ${title}`, ...head]), cells.map(kept));
      return [styleText('dim', top), ...body];
    }),
  ];
}

function verdictLines(verdicts: readonly Verdict[]): readonly string[] {
  if (verdicts.length === 0) return [];
  const [head = '', ...body] = tableOf(['  goal', 'measured', 'goal', 'budget', ''], verdicts.map(verdictCells));
  return [
    styleText('bold', '\nGoals and budgets'),
    styleText('dim', head),
    ...body.map((line, index) => styleText(colourOf(verdicts[index]), line)),
  ];
}

function colourOf(verdict: Verdict | undefined): 'green' | 'yellow' | 'red' {
  if (verdict?.withinBudget !== true) return 'red';
  return verdict.met ? 'green' : 'yellow';
}

function verdictCells(verdict: Verdict): readonly Cell[] {
  const { title, value, goal, budget, unit } = verdict;
  return [
    `${verdictMark(verdict)} ${title}`,
    quantityBeside(value, goal, unit),
    `≤ ${quantity(goal, unit)}`,
    budget === undefined ? '' : `≤ ${quantity(budget, unit)}`,
    verdictText(verdict),
  ];
}

function machineLine({ machine, mode, seconds }: Report): string {
  const { cpu, cores, loadBefore, loadAfter, nodes, commit, uncommitted } = machine;
  const changed = uncommitted === 0 ? '' : ` + ${uncommitted} changed files`;
  const versions = Object.values(nodes).join(', ');
  return `\n${mode}, ${seconds.toFixed(0)} s · ${cores} × ${cpu} · load ${loadBefore} → ${loadAfter} · Node ${versions} · ${commit}${changed}`;
}
