/** The metrics of this run as CloudWatch would keep them, from EMF lines; the last minutes only, and within a bound. */
import { isRecord } from '../loopback.ts';

export const PERIOD_MS = 5000;
/** What the page looks back on. */
export const WINDOW_MS = 600_000;
const MOST_VALUES = 200_000;

export type Series = {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Start of a period, ms -> its values. */
  readonly periods: Map<number, number[]>;
};

export type SeriesStore = {
  /** Takes a parsed log line; one without metrics changes nothing. */
  readonly take: (line: Readonly<Record<string, unknown>>, now: number) => void;
  readonly all: () => readonly Series[];
};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const periodOf = (ms: number): number => Math.floor(ms / PERIOD_MS) * PERIOD_MS;

export const openSeriesStore = (): SeriesStore => {
  const series = new Map<string, Series>();
  let held = 0;

  const forget = (before: number): void => {
    for (const [key, { periods }] of series) {
      for (const [start, values] of periods) {
        if (start >= before) continue;
        held -= values.length;
        periods.delete(start);
      }
      if (periods.size === 0) series.delete(key);
    }
  };

  const add = (found: Omit<Series, 'periods'>, value: number, now: number): void => {
    const key = JSON.stringify([found.namespace, found.name, Object.entries(found.dimensions).toSorted()]);
    const known = series.get(key) ?? { ...found, periods: new Map<number, number[]>() };
    series.set(key, known);
    const start = periodOf(now);
    const values = known.periods.get(start) ?? [];
    known.periods.set(start, values);
    values.push(value);
    held += 1;
  };

  const take: SeriesStore['take'] = (line, now) => {
    const meta = line['_aws'];
    for (const directive of isRecord(meta) ? list(meta['CloudWatchMetrics']).filter(isRecord) : []) {
      for (const metric of list(directive['Metrics']).filter(isRecord)) {
        const name = String(metric['Name']);
        const value = line[name];
        if (typeof value !== 'number') continue;
        for (const set of list(directive['Dimensions'])) {
          const dimensions = Object.fromEntries(list(set).map(key => [String(key), String(line[String(key)])]));
          const unit = String(metric['Unit'] ?? 'None');
          add({ namespace: String(directive['Namespace']), name, unit, dimensions }, value, now);
        }
      }
    }
    forget(periodOf(now) - WINDOW_MS);
    // Under a load test the oldest periods go first, however short the window gets.
    for (let keepMs = WINDOW_MS / 2; held > MOST_VALUES && keepMs >= PERIOD_MS; keepMs /= 2) forget(now - keepMs);
  };

  return { take, all: () => [...series.values()] };
};
