/** The first screen of `npm start`: what runs where, and what to try. */
import type { DemoRequest } from '../demo-requests.ts';
import type { Ink } from './ink.ts';

export type Row = readonly [what: string, where: string, about: string];

const MARGIN = '  ';

const widest = (texts: readonly string[]): number => texts.reduce((max, text) => Math.max(max, text.length), 0);

const table = (rows: readonly Row[], ink: Ink): readonly string[] => {
  const [first, second] = [widest(rows.map(row => row[0])), widest(rows.map(row => row[1]))];
  return rows.map(([what, where, about]) =>
    `${MARGIN}${ink.bold(what.padEnd(first))}  ${ink.cyan(where.padEnd(second))}  ${ink.dim(about)}`.trimEnd(),
  );
};

const requests = (list: readonly DemoRequest[], ink: Ink): readonly string[] => {
  const width = widest(list.map(({ shows }) => shows));
  return list.flatMap(({ shows, expects, curl }, index) => {
    const number = String(index + 1).padStart(2);
    return [`${MARGIN}${ink.dim(number)}  ${shows.padEnd(width)}  ${ink.yellow(expects)}`, `${MARGIN}    ${curl}`, ''];
  });
};

export const welcome = (
  rows: readonly Row[],
  list: readonly DemoRequest[],
  notes: readonly string[],
  ink: Ink,
): string =>
  [
    '',
    `${MARGIN}${ink.bold('PingOne authorizer for Amazon API Gateway, running locally')}`,
    '',
    ...table(rows, ink),
    '',
    ...notes.flatMap(note => [`${MARGIN}${ink.yellow(note)}`, '']),
    `${MARGIN}${ink.bold('Try')}${ink.dim('  (the number on the right is the status to expect)')}`,
    '',
    ...requests(list, ink),
    `${MARGIN}${ink.bold('Decisions')}${ink.dim('  (Ctrl-C ends everything)')}`,
    '',
  ].join('\n');
