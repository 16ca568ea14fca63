/** What a stage proved, on the terminal and in docs/assurance.md. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { markdownTable } from '../bench/document/markdown.ts';
import { tableOf } from '../bench/summary.ts';
import { withSection } from '../scripts/document-section.ts';
import type { Proved, StageName } from './stage.ts';

const DOCUMENT = new URL('../docs/assurance.md', import.meta.url);

/** @param took what stands behind the title, such as the time. */
export const linesOf = ({ title, tables, broken }: Proved, took: string): readonly string[] => [
  title + took,
  ...tables.flatMap(({ head: [first = '', ...head], rows }) =>
    tableOf(
      [`  ${first}`, ...head],
      rows.map(([name = '', ...numbers]) => [`  ${name}`, ...numbers]),
    ),
  ),
  ...broken.map(sentence => `BROKEN: ${sentence}`),
];

/** Writes the figures between the stage's markers, with when and where they were measured. */
export const writeDown = (stage: StageName, proved: Proved, seconds: number): void => {
  const text = readFileSync(DOCUMENT, 'utf8');
  const section = withSection(text, stage, markdownOf(proved, seconds));
  if (section === undefined) throw new Error(`docs/assurance.md lacks the markers of the section "${stage}"`);
  writeFileSync(DOCUMENT, section);
};

function markdownOf({ title, tables, broken }: Proved, seconds: number): string {
  const kept = broken.length === 0 ? 'every promise was kept' : `**${broken.length} promises were broken**`;
  const where = `Measured on ${new Date().toISOString().slice(0, 10)} at commit ${commit()}, Node ${process.version}, ${cpus().length} cores, in ${seconds.toFixed(0)} s: ${kept}.`;
  return [`**${title}.** ${where}`, ...tables.map(({ head, rows }) => markdownTable(head, rows))].join('\n\n');
}

/** With a mark if files that git knows have changed since. */
function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty=+', '--exclude=*'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
