/** Reads the dashboards as typed values, once their grammar has been checked by dashboards-grammar.ts. */
import { readFileSync } from 'node:fs';

export const DASHBOARDS = ['overview', 'outage'] as const;

/** The default of METRICS_NAMESPACE. */
export const NAMESPACE = 'PingOneAuthorizer';

export type DashboardName = (typeof DASHBOARDS)[number];

export interface Rendering {
  readonly id?: string;
  readonly expression?: string;
  readonly stat?: string;
  readonly label?: string;
  readonly color?: string;
  readonly visible?: boolean;
}

export interface Widget {
  readonly type: 'metric' | 'text' | 'log';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly region?: string;
    readonly view?: string;
    readonly period?: number;
    readonly metrics?: readonly (readonly (string | Rendering)[])[];
    readonly yAxis?: { readonly left?: { readonly min?: number; readonly label?: string } };
    readonly query?: string;
    readonly markdown?: string;
  };
}

export interface Variable {
  readonly type: 'pattern' | 'property';
  readonly pattern?: string;
  readonly property?: string;
  readonly id: string;
  readonly defaultValue?: string;
  readonly search?: string;
  readonly populateFrom?: string;
}

export interface Dashboard {
  readonly variables: readonly Variable[];
  readonly widgets: readonly Widget[];
}

export function readText(pathFromRoot: string): string {
  return readFileSync(new URL(`../../${pathFromRoot}`, import.meta.url), 'utf8');
}

export function dashboardText(name: DashboardName): string {
  return readText(`dashboards/${name}.json`);
}

/** Parses a dashboard's body, which dashboards-grammar.ts has checked. */
export function dashboard(name: DashboardName): Dashboard {
  return JSON.parse(dashboardText(name)) as Dashboard;
}

export interface DrawnMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly string[];
  readonly stat: string;
}

const SEARCH = /^SEARCH\('\{([^{}]+)\} MetricName="([^"]+)" FunctionName="[^"]+"', '([^']+)', \d+\)$/;

/** Every metric that a widget draws or computes with, from plain entries and SEARCH expressions alike. */
export function drawnMetrics(widget: Widget): readonly DrawnMetric[] {
  return (widget.properties.metrics ?? []).flatMap(entry => {
    const words = entry.filter(part => typeof part === 'string');
    const rendering = renderingOf(entry);
    const [namespace, name, ...pairs] = words;
    if (namespace !== undefined && name !== undefined) {
      const dimensions = pairs.filter((_, index) => index % 2 === 0);
      return [{ namespace, name, dimensions, stat: rendering.stat ?? 'Average' }];
    }
    const [, schema, searched, stat] = SEARCH.exec(rendering.expression ?? '') ?? [];
    if (schema === undefined || searched === undefined || stat === undefined) return [];
    const [searchedNamespace = '', ...dimensions] = schema.split(',');
    return [{ namespace: searchedNamespace, name: searched, dimensions, stat }];
  });
}

export function renderingOf(entry: readonly (string | Rendering)[]): Rendering {
  return entry.find(part => typeof part === 'object') ?? {};
}
