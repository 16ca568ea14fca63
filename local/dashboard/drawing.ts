/** From a widget and the metrics of this run to what is to be drawn: plain numbers and texts, nothing of any chart. */
import { type LogLine, readLogQuery, type Table } from './log-query.ts';
import { type Compute, readExpression, type Value } from './metric-math.ts';
import type { ChartWidget, Line, MetricReference, TableWidget } from './overview.ts';
import { PERIOD_MS, periodOf, type Series, WINDOW_MS } from './series.ts';
import { statistic } from './statistics.ts';

const LEAST_WINDOW_MS = 60_000;
/** For what a search finds; CloudWatch picks its own as well. */
const PALETTE = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#e377c2', '#bcbd22', '#17becf'];
const DEFAULT_COLOR = '#1f77b4';

export type DrawnLine = {
  readonly label: string;
  readonly color: string;
  readonly unit: 'ms' | '%' | '';
  readonly values: readonly (number | null)[];
};
export type Drawing =
  | {
      readonly type: 'timeSeries';
      readonly stacked: boolean;
      readonly axis: ChartWidget['axis'];
      readonly times: readonly number[];
      readonly lines: readonly DrawnLine[];
    }
  | { readonly type: 'singleValue'; readonly lines: readonly DrawnLine[] }
  | ({ readonly type: 'table' } & Table);

/** What is drawn from. */
export type Run = {
  readonly series: readonly Series[];
  readonly lines: readonly LogLine[];
  /** One function, or all of them together. */
  readonly functionName: string | undefined;
  readonly startedAt: number;
  readonly now: number;
};

const SEARCH = /^SEARCH\('\{([^{}]+)\} MetricName="([^"]+)" FunctionName="[^"]+"', '([^']+)', \d+\)$/;
const PROPERTY = /^\$\{PROP\('Dim\.(\w+)'\)\}$/;

const sameKeys = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every(key => b.includes(key));

/** The function of the dashboard is a placeholder: here it is the one that was chosen. */
const ofFunction = ({ dimensions }: Series, functionName: string | undefined): boolean =>
  functionName === undefined || dimensions['FunctionName'] === functionName;

const found = (run: Run, namespace: string, name: string, keys: readonly string[]): readonly Series[] =>
  run.series.filter(
    series =>
      series.namespace === namespace &&
      series.name === name &&
      sameKeys(Object.keys(series.dimensions), keys) &&
      ofFunction(series, run.functionName),
  );

const valuesIn = (series: readonly Series[], start: number, end: number): readonly number[] =>
  series.flatMap(({ periods }) => [...periods].flatMap(([at, values]) => (at >= start && at < end ? values : [])));

type Period = { readonly start: number; readonly end: number };
type Computed = Omit<DrawnLine, 'values'> & { readonly at: (period: Period) => Value };

const unitOf = (label: string, stat: string, series: readonly Series[]): DrawnLine['unit'] => {
  if (label.endsWith('%')) return '%';
  return stat !== 'SampleCount' && series.some(({ unit }) => unit === 'Milliseconds') ? 'ms' : '';
};

/** A count that nobody reported in a period that is over is 0 where the series exists; a time is none. */
const reported = (stat: string, series: readonly Series[], now: number) => {
  const isCount = stat === 'Sum' && series.length > 0;
  return ({ start, end }: Period): Value =>
    statistic(stat, valuesIn(series, start, end)) ?? (isCount && end <= now ? 0 : undefined);
};

const metricLine = (line: Line, { namespace, name, dimensions, stat }: MetricReference, run: Run): Computed => {
  const series = found(run, namespace, name, Object.keys(dimensions));
  const { label, color = DEFAULT_COLOR } = line;
  return { label, color, unit: unitOf(label, stat, series), at: reported(stat, series, run.now) };
};

const searchLines = (
  line: Line,
  [, schema = '', name = '', stat = '']: RegExpExecArray,
  run: Run,
): readonly Computed[] => {
  const [namespace = '', ...keys] = schema.split(',');
  const by = PROPERTY.exec(line.label)?.[1] ?? '';
  const groups = Map.groupBy(found(run, namespace, name, keys), series => series.dimensions[by] ?? '');
  return [...groups]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([label, series], index) => ({
      label,
      color: PALETTE[index % PALETTE.length] ?? DEFAULT_COLOR,
      unit: unitOf(label, stat, series),
      at: reported(stat, series, run.now),
    }));
};

type Plan = { readonly line: Line } & (
  | { readonly kind: 'metric'; readonly metric: MetricReference }
  | { readonly kind: 'search'; readonly search: RegExpExecArray }
  | { readonly kind: 'math'; readonly compute: Compute }
);

const planOf = (line: Line): Plan => {
  if ('metric' in line) return { kind: 'metric', line, metric: line.metric };
  const search = SEARCH.exec(line.expression);
  return search === null
    ? { kind: 'math', line, compute: readExpression(line.expression) }
    : { kind: 'search', line, search };
};

const computed = (plans: readonly Plan[], run: Run): readonly Computed[] => {
  const byId = new Map<string, Computed>();
  return plans.flatMap(plan => {
    const { line } = plan;
    const { label, color = DEFAULT_COLOR } = line;
    const lines: readonly Computed[] =
      plan.kind === 'search'
        ? searchLines(line, plan.search, run)
        : plan.kind === 'metric'
          ? [metricLine(line, plan.metric, run)]
          : [{ label, color, unit: unitOf(label, '', []), at: period => plan.compute(id => byId.get(id)?.at(period)) }];
    const [first] = lines;
    if (line.id !== undefined && first !== undefined) byId.set(line.id, first);
    return line.visible ? lines : [];
  });
};

const rounded = (value: Value): number | null => (value === undefined ? null : Math.round(value * 1000) / 1000);

/** The window: this run, at least a minute of it and at most ten. */
const windowOf = ({ startedAt, now }: Run): { readonly start: number; readonly end: number } => {
  const end = periodOf(now) + PERIOD_MS;
  return { start: Math.max(end - WINDOW_MS, Math.min(periodOf(startedAt), end - LEAST_WINDOW_MS)), end };
};

const drawChart = ({ type, lines, stacked, axis }: ChartWidget): ((run: Run) => Drawing) => {
  const plans = lines.map(planOf);
  return run => {
    const { start, end } = windowOf(run);
    const count = type === 'singleValue' ? 1 : (end - start) / PERIOD_MS;
    const periods = Array.from(
      { length: count },
      (_, index): Period =>
        type === 'singleValue'
          ? { start, end }
          : { start: start + index * PERIOD_MS, end: start + (index + 1) * PERIOD_MS },
    );
    const drawn = computed(plans, run).map(({ at, ...line }) => ({ ...line, values: periods.map(at).map(rounded) }));
    const some = drawn.filter(({ values }) => values.some(value => value !== null));
    return type === 'singleValue'
      ? { type, lines: drawn }
      : { type, stacked, axis, times: periods.map(period => period.start), lines: some };
  };
};

/** Reads a widget once, so that what cannot be drawn shows at the start; gives what draws it again and again. */
export const drawerOf = (widget: ChartWidget | TableWidget): ((run: Run) => Drawing) => {
  if (widget.type !== 'table') return drawChart(widget);
  const query = readLogQuery(widget.query);
  return ({ lines, functionName }) => ({
    type: 'table',
    ...query(lines.filter(line => functionName === undefined || line['FunctionName'] === functionName)),
  });
};
