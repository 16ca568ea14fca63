/** Results as a JUnit report, which CI systems show as tests. */
import { outlineOf } from './judge.ts';
import type { Result } from './report.ts';

/** @param file the decisions file, which is the suite's name. */
export const junitOf = (results: readonly Result[], file: string): string => {
  const failed = results.filter(({ problems }) => problems.length > 0).length;
  const seconds = secondsOf(results.reduce((sum, { ms }) => sum + ms, 0));
  const counts = `tests="${results.length}" failures="${failed}" errors="0" time="${seconds}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${escaped(file)}" ${counts}>`,
    ...results.map(result => caseOf(result, file)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
};

function caseOf({ row, answer, problems, ms }: Result, file: string): string {
  const place = `file="${escaped(file)}" line="${row.line}"`;
  const opening = `    <testcase classname="decisions" name="${escaped(row.name)}" ${place} time="${secondsOf(ms)}"`;
  if (problems.length === 0) return `${opening}/>`;
  const message = escaped(problems.join('; '));
  return `${opening}>\n      <failure message="${message}">${escaped(outlineOf(answer))}</failure>\n    </testcase>`;
}

function secondsOf(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** XML 1.0 has no place for control characters, not even escaped. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/g, '?')
    .replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);
}
