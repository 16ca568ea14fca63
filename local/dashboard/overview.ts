/** Reads a CloudWatch dashboard body, as far as the local page draws it; what it does not know it refuses by name. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isRecord, parseJson } from '../loopback.ts';

/** A metric of CloudWatch's: where its name is and which series of it. */
export type MetricReference = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: string;
};

export type Line = {
  readonly id: string | undefined;
  readonly label: string;
  readonly color: string | undefined;
  readonly visible: boolean;
} & ({ readonly metric: MetricReference } | { readonly expression: string });

type Place = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

export type ChartWidget = Place & {
  readonly type: 'timeSeries' | 'singleValue';
  readonly title: string;
  readonly lines: readonly Line[];
  readonly stacked: boolean;
  /** The ends of the axis, where the dashboard says so. */
  readonly axis: { readonly min: number | undefined; readonly max: number | undefined };
};
export type TextWidget = Place & { readonly type: 'text'; readonly markdown: string };
export type TableWidget = Place & { readonly type: 'table'; readonly title: string; readonly query: string };
export type Widget = ChartWidget | TextWidget | TableWidget;

export const OVERVIEW = fileURLToPath(new URL('../../dashboards/overview.json', import.meta.url));

const refuse = (what: string): Error => new Error(`the local dashboard cannot draw ${what}`);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const fields = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const readLine = (entry: unknown): Line => {
  const words = list(entry).filter(part => typeof part === 'string');
  const rendering = fields(list(entry).find(isRecord));
  const [namespace, name, ...pairs] = words;
  const shared = {
    id: typeof rendering['id'] === 'string' ? rendering['id'] : undefined,
    label: text(rendering['label']) || (name ?? ''),
    color: typeof rendering['color'] === 'string' ? rendering['color'] : undefined,
    visible: rendering['visible'] !== false,
  };
  const expression = rendering['expression'];
  if (typeof expression === 'string') return { ...shared, expression };
  if (namespace === undefined || name === undefined || pairs.length % 2 !== 0)
    throw refuse(`the metric ${JSON.stringify(entry)}`);
  const dimensions = Object.fromEntries(
    pairs.flatMap((key, index) => (index % 2 === 0 ? [[key, pairs[index + 1] ?? '']] : [])),
  );
  return { ...shared, metric: { namespace, name, dimensions, stat: text(rendering['stat']) || 'Average' } };
};

const readWidget = (value: unknown): Widget => {
  const widget = fields(value);
  const properties = fields(widget['properties']);
  const place = {
    x: number(widget['x']) ?? 0,
    y: number(widget['y']) ?? 0,
    width: number(widget['width']) ?? 24,
    height: number(widget['height']) ?? 6,
  };
  const title = text(properties['title']);
  const [type, view] = [widget['type'], properties['view']];
  if (type === 'text') return { ...place, type: 'text', markdown: text(properties['markdown']) };
  if (type === 'log' && view === 'table') return { ...place, type: 'table', title, query: text(properties['query']) };
  if (type === 'metric' && (view === 'timeSeries' || view === 'singleValue')) {
    const left = fields(fields(properties['yAxis'])['left']);
    const axis = { min: number(left['min']), max: number(left['max']) };
    const lines = list(properties['metrics']).map(readLine);
    return { ...place, type: view, title, lines, stacked: properties['stacked'] === true, axis };
  }
  throw refuse(`a widget of type ${String(type)} and view ${String(view)}`);
};

/** The widgets in reading order. */
export const readDashboard = (json: string): readonly Widget[] =>
  list(fields(parseJson(json))['widgets'])
    .map(readWidget)
    .toSorted((a, b) => a.y - b.y || a.x - b.x);

export const readOverview = async (): Promise<readonly Widget[]> => readDashboard(await readFile(OVERVIEW, 'utf8'));
