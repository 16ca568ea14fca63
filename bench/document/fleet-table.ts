/** The fleet's rules side by side: what each costs PingOne in an outage, and how soon callers are served again. */
import { digits } from '../report/number.ts';
import type { Chapter } from '../report/report.ts';
import { markdownTable } from './markdown.ts';

const OUTAGE = 'Outage and return';
const STORM = 'Ten thousand cold starts, then a credential that the store learns late';

const COLUMNS = [
  ['stall', OUTAGE, 'calls: stalls', ''],
  ['503', OUTAGE, 'calls: fails', ''],
  ['recovery', OUTAGE, 'time to recovery', ' s'],
  ['peak', OUTAGE, 'most calls in a second once PingOne is back', ''],
  ['recovery, rotation', STORM, 'time to recovery', ' s'],
] as const;

/** Of the runs at a tenth of the size with several seeds; undefined if there are none. */
export const fleetTable = ({ rows }: Chapter): string | undefined => {
  const small = rows.filter(({ condition }) => condition.includes('a tenth of the size'));
  if (small.length === 0) return undefined;
  const rules = [...new Set(small.map(({ variant }) => variant))];
  return markdownTable(
    ['rules', ...COLUMNS.map(([head]) => head)],
    rules.map(rule => [
      rule,
      ...COLUMNS.map(([, story, metric, unit]) => {
        const row = small.find(
          ({ condition, variant, metric: of }) => condition.startsWith(story) && variant === rule && of === metric,
        );
        const value = row?.summary.p50;
        if (value === undefined) return '';
        // JSON has no infinity: what never came is null in a report that was read from its file.
        return Number.isFinite(value) ? `${digits(value)}${unit}` : 'never';
      }),
    ]),
  );
};
