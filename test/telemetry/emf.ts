/** CloudWatch's rules for embedded metric format: from any log line to what CloudWatch would not take, and what it would. */
import { isRecord, parseJson } from '../../local/loopback.ts';

/** The limits of the Embedded Metric Format specification and of PutMetricData. */
const MOST_METRICS = 100;
const MOST_DIMENSIONS = 30;
const LONGEST_VALUE = 1024;
const LONGEST_NAME = 255;
const MOST_BYTES = 1024 * 1024;
const OLDEST_MS = 14 * 24 * 3_600_000;
const NEWEST_MS = 2 * 3_600_000;
const LARGEST = 2 ** 360;
const NAMESPACE = /^(?!AWS\/)[A-Za-z0-9._\-/#:]{1,255}$/;
const UNITS = new Set(['Count', 'Milliseconds', 'Seconds', 'Percent', 'Bytes', 'None', 'Count/Second']);

export interface Datum {
  readonly namespace: string;
  /** `Name{Dimension=value,...}`. */
  readonly series: string;
  readonly unit: string;
  readonly value: number;
}

type Fields = Readonly<Record<string, unknown>>;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const dimensionProblems = (set: unknown, root: Fields): readonly string[] => {
  if (!Array.isArray(set) || set.length === 0) return ['a dimension set is not a filled array'];
  return [
    ...(set.length <= MOST_DIMENSIONS ? [] : [`a dimension set has ${set.length} dimensions`]),
    ...set.flatMap((name: unknown) => {
      const value = typeof name === 'string' ? root[name] : undefined;
      return typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_VALUE
        ? []
        : [`dimension ${String(name)} has no text at the root`];
    }),
  ];
};

const metricProblems = (metric: unknown, root: Fields): readonly string[] => {
  if (!isRecord(metric) || typeof metric['Name'] !== 'string') return ['a metric has no name'];
  const { Name: name, Unit: unit, StorageResolution: resolution = 60 } = metric;
  const value = root[name];
  return [
    ...(name.length <= LONGEST_NAME ? [] : [`${name} is too long a name`]),
    ...(typeof unit === 'string' && UNITS.has(unit) ? [] : [`${name} has the unit ${String(unit)}`]),
    ...(resolution === 1 || resolution === 60 ? [] : [`${name} has the resolution ${String(resolution)}`]),
    ...(typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= LARGEST
      ? []
      : [`${name} has no number at the root`]),
  ];
};

const directiveProblems = (directive: unknown, root: Fields): readonly string[] => {
  if (!isRecord(directive)) return ['a directive is not an object'];
  const [dimensions, metrics] = [listOf(directive['Dimensions']), listOf(directive['Metrics'])];
  return [
    ...(typeof directive['Namespace'] === 'string' && NAMESPACE.test(directive['Namespace']) ? [] : ['the namespace']),
    ...(dimensions.length > 0 ? [] : ['there is no dimension set']),
    ...(metrics.length > 0 && metrics.length <= MOST_METRICS ? [] : [`there are ${metrics.length} metrics`]),
    ...dimensions.flatMap(set => dimensionProblems(set, root)),
    ...metrics.flatMap(metric => metricProblems(metric, root)),
  ];
};

/** What is wrong with a line; nothing is where it holds no metrics at all. */
export const emfProblems = (line: string, now: number): readonly string[] => {
  const root = parseJson(line);
  if (!isRecord(root)) return line.includes('"_aws"') ? ['the line is not one JSON object'] : [];
  const meta = root['_aws'];
  if (meta === undefined) return [];
  if (!isRecord(meta)) return ['_aws is not an object'];
  const at = meta['Timestamp'];
  const timely = Number.isInteger(at) && Number(at) >= now - OLDEST_MS && Number(at) <= now + NEWEST_MS;
  const series = dataOf(line).map(datum => datum.series);
  return [
    ...(Buffer.byteLength(line) <= MOST_BYTES ? [] : ['the line is too long']),
    ...(timely ? [] : ['the timestamp is not one of now in ms']),
    ...(listOf(meta['CloudWatchMetrics']).length > 0 ? [] : ['there is no directive']),
    ...listOf(meta['CloudWatchMetrics']).flatMap(directive => directiveProblems(directive, root)),
    ...(new Set(series).size === series.length ? [] : ['a metric is counted twice']),
  ];
};

/** What CloudWatch makes of a line. */
export const dataOf = (line: string): readonly Datum[] => {
  const root = parseJson(line);
  const meta = isRecord(root) ? root['_aws'] : undefined;
  if (!isRecord(root) || !isRecord(meta)) return [];
  return listOf(meta['CloudWatchMetrics'])
    .filter(isRecord)
    .flatMap(({ Namespace: namespace, Dimensions: sets, Metrics: metrics }) =>
      listOf(metrics)
        .filter(isRecord)
        .flatMap(({ Name: name, Unit: unit }) =>
          listOf(sets).map(set => ({
            namespace: String(namespace),
            series: `${String(name)}{${listOf(set)
              .map(dimension => `${String(dimension)}=${String(root[String(dimension)])}`)
              .join(',')}}`,
            unit: String(unit),
            value: Number(root[String(name)]),
          })),
        ),
    );
};
