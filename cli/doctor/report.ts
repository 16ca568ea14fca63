/** Findings as lines for people, or as JSON. */
import type { Ink } from '../screen/ink.ts';
import { tableOf } from '../screen/table.ts';
import type { Finding, Verdict } from './finding.ts';

/** One line each, the remedy behind an arrow, and a last line that counts. */
export const reportOf = (findings: readonly Finding[], ink: Ink): string => {
  const paints: Readonly<Record<Verdict, (text: string) => string>> = {
    ok: ink.green,
    warn: ink.yellow,
    fail: ink.red,
    skipped: ink.dim,
  };
  const lines = tableOf(
    findings.map(({ verdict, check, ...rest }) => [
      { text: verdict, paint: paints[verdict] },
      { text: check, paint: ink.bold },
      { text: wordsOf(rest), paint: verdict === 'skipped' ? ink.dim : (text: string) => text },
    ]),
  );
  return [...lines, '', summaryOf(findings)].join('\n');
};

export const jsonOf = (findings: readonly Finding[], from: string): string =>
  JSON.stringify({ ok: !findings.some(isFailure), settings: from, checks: findings.map(rounded) }, undefined, 2);

export const isFailure = ({ verdict }: Finding): boolean => verdict === 'fail';

function wordsOf({ says, remedy, ms }: Pick<Finding, 'says' | 'remedy' | 'ms'>): string {
  const took = ms === undefined ? '' : `, ${Math.round(ms)} ms`;
  return `${says}${took}${remedy === undefined ? '' : ` → ${remedy}`}`;
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (wanted: Verdict): number => findings.filter(({ verdict }) => verdict === wanted).length;
  return `${count('ok')} ok, ${count('warn')} warn, ${count('fail')} fail, ${count('skipped')} skipped`;
}

function rounded({ ms, ...finding }: Finding): object {
  return ms === undefined ? finding : { ...finding, ms: Math.round(ms) };
}
