/** `--compare`: what changed against a former report, by ratios to the control, which a slower machine leaves alone. */
import { readFile } from 'node:fs/promises';
import { digits, quantity } from './report/number.ts';
import type { Report, Row } from './report/report.ts';
import { tableOf } from './summary.ts';

export interface Change {
  readonly what: string;
  readonly before: number;
  readonly after: number;
  readonly unit: string;
  /** After over before, less one. */
  readonly share: number;
  /** More than both runs disagree with themselves. */
  readonly clear: boolean;
}

/** Fewer rounds do not show how far a run disagrees with itself. */
const MIN_ROUNDS = 5;

/** Every measurement that both reports hold, the largest changes first. */
export const changesBetween = (before: Report, after: Report): readonly Change[] => {
  const former = rowsOf(before);
  return [...rowsOf(after)]
    .flatMap(([key, row]) => {
      const old = former.get(key);
      return old === undefined ? [] : [changeOf(key, old, row)];
    })
    .filter(({ share }) => Number.isFinite(share))
    .sort((a, b) => Number(b.clear) - Number(a.clear) || Math.abs(b.share) - Math.abs(a.share));
};

/** Reads a former report; throws if the file is not one. */
export const readReport = async (file: string): Promise<Report> => {
  const report: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (typeof report !== 'object' || report === null || Reflect.get(report, 'schema') !== 1) {
    throw new Error(`${file} is not a report of this bench`);
  }
  return report as Report;
};

export const comparisonOf = (changes: readonly Change[]): string => {
  const shown = changes.filter(({ clear, share }) => clear || Math.abs(share) > 0.1).slice(0, 40);
  if (shown.length === 0) return '\nNo change that stands out of the noise.';
  const cells = shown.map(({ what, before, after, unit, share, clear }) => [
    `${clear ? '●' : '○'} ${what}`,
    quantity(before, unit),
    quantity(after, unit),
    `${share > 0 ? '+' : ''}${digits(share * 100)} %`,
  ]);
  const legend = '● no round of one run lies within those of the other   ○ may be noise';
  return ['', ...tableOf(['Changes', 'before', 'now', ''], cells), legend].join('\n');
};

function rowsOf(report: Report): ReadonlyMap<string, Row> {
  return new Map(report.chapters.flatMap(({ name, rows }) => rows.map(row => [keyOf(name, row), row] as const)));
}

function keyOf(scenario: string, { condition, variant, metric }: Row): string {
  return [scenario, condition, variant, metric].join(' · ');
}

function changeOf(what: string, before: Row, after: Row): Change {
  const [was, is] = [before.ratio, after.ratio];
  if (was === undefined || is === undefined) {
    const [old, now] = [before.summary.p50, after.summary.p50];
    return { what, before: old, after: now, unit: after.unit, share: now / old - 1, clear: false };
  }
  const enough = Math.min(before.rounds.length, after.rounds.length) >= MIN_ROUNDS;
  const clear = enough && (is.from > was.to || is.to < was.from);
  return { what, before: was.value, after: is.value, unit: '×', share: is.value / was.value - 1, clear };
}
