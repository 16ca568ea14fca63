/** The table in the terminal: every scenario's medians and ratios, then the goals, met or missed. */
import { styleText } from 'node:util';
import type { Verdict } from './budgets.ts';
import { digits, quantity } from './report/number.ts';
import type { Chapter, Report, Row } from './report/report.ts';

type Cell = string;

const width = (cell: Cell): number => [...cell].length;

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

const ratioText = ({ ratio }: Row): string => (ratio === undefined ? '' : quantity(ratio.value, '×'));

const rowCells = (row: Row): readonly Cell[] => {
  const { p50, p90, p99, p999, n } = row.summary;
  return [
    `  ${row.variant}`,
    digits(p50),
    digits(p90),
    n >= 100 ? digits(p99) : '',
    n >= 1000 ? digits(p999) : '',
    String(n),
    ratioText(row),
  ];
};

/** The rows of a chapter under their condition and metric. */
const chapterLines = (chapter: Chapter): readonly string[] => {
  const heading = styleText('bold', `\n${chapter.title}`) + styleText('dim', `  ${chapter.seconds.toFixed(1)} s`);
  if (chapter.failure !== undefined) return [heading, styleText('red', `  failed: ${chapter.failure}`)];
  const rows = chapter.rows.filter(({ detail }) => detail !== true);
  const groups = Map.groupBy(rows, ({ condition, metric, unit }) => `${condition}: ${metric}, ${unit}`);
  return [
    heading,
    ...[...groups].flatMap(([title, members]) => {
      const [head = '', ...body] = tableOf(
        ['', 'p50', 'p90', 'p99', 'p99.9', 'n', 'of control'],
        members.map(rowCells),
      );
      return [`  ${title}`, styleText('dim', head), ...body];
    }),
  ];
};

const verdictCells = ({ title, value, goal, unit, met, withinBudget }: Verdict): readonly Cell[] => [
  `${met ? '✓' : '✗'} ${title}`,
  quantity(value, unit),
  `≤ ${quantity(goal, unit)}`,
  met ? 'met' : withinBudget ? 'missed, within budget' : 'missed',
];

const verdictLines = (verdicts: readonly Verdict[]): readonly string[] => {
  const [head = '', ...body] = tableOf(['  goal', 'measured', 'goal', ''], verdicts.map(verdictCells));
  return [
    styleText('bold', '\nGoals'),
    styleText('dim', head),
    ...body.map((line, index) => styleText(verdicts[index]?.met ? 'green' : 'red', line)),
  ];
};

const machineLine = ({ machine, mode, seconds }: Report): string => {
  const { cpu, cores, loadBefore, loadAfter, nodes, commit, uncommitted } = machine;
  const changed = uncommitted === 0 ? '' : ` + ${uncommitted} changed files`;
  const versions = Object.values(nodes).join(', ');
  return `\n${mode}, ${seconds.toFixed(0)} s · ${cores} × ${cpu} · load ${loadBefore} → ${loadAfter} · Node ${versions} · ${commit}${changed}`;
};

export const summaryOf = (report: Report): string =>
  [
    ...report.chapters.flatMap(chapterLines),
    ...verdictLines(report.verdicts),
    styleText('dim', machineLine(report)),
  ].join('\n');
