/** Checks the CloudWatch dashboards against AWS's grammar and against the code's metrics and reasons. */
import { describe, expect, it } from 'vitest';
import { FAULT_CODES, POLICY_REASONS } from '../../src/domain/errors.ts';
import { DIMENSION, METRIC_UNITS, METRICS_BY_REASON } from '../../src/telemetry/names.ts';
import {
  DASHBOARDS,
  type DashboardName,
  dashboard,
  dashboardText,
  drawnMetrics,
  NAMESPACE,
  renderingOf,
  type Widget,
} from './dashboards-body.ts';
import { grammarProblems } from './dashboards-grammar.ts';
import { queryProblems } from './dashboards-queries.ts';

/** CloudWatch replaces it by each line's reason. */
const REASON_LABEL = /PROP\('Dim\.ReasonCode'\)/;
const LAMBDA_METRICS = ['Invocations', 'Errors', 'Throttles', 'ConcurrentExecutions', 'Duration'];

function widgetsOf(name: DashboardName, type: Widget['type']): readonly Widget[] {
  return dashboard(name).widgets.filter(widget => widget.type === type);
}

function variableOf(name: DashboardName, id: string) {
  const found = dashboard(name).variables.find(variable => variable.id === id);
  if (found === undefined) throw new Error(`${name}.json has no variable ${id}`);
  return found;
}

/** Applies the choices at the top of the page as CloudWatch applies them. */
function chosen(name: DashboardName, functionName: string): readonly Widget[] {
  const { pattern = '' } = variableOf(name, 'functionName');
  const text = JSON.stringify(dashboard(name).widgets).replace(new RegExp(pattern, 'g'), functionName);
  return JSON.parse(text) as readonly Widget[];
}

describe.each(DASHBOARDS)('the %s dashboard', name => {
  it('has a body that put-dashboard accepts: AWS’s documented grammar, in plain ASCII', () => {
    expect(grammarProblems(JSON.parse(dashboardText(name)))).toEqual([]);
    expect(dashboardText(name)).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it('fills the 24 columns from top to bottom, without a gap or an overlap', () => {
    const { widgets } = dashboard(name);
    const bottom = Math.max(...widgets.map(widget => widget.y + widget.height));
    const cells = new Map<string, number>();
    for (const { x, y, width, height } of widgets)
      for (let column = x; column < x + width; column += 1)
        for (let row = y; row < y + height; row += 1) {
          const cell = `${column},${row}`;
          cells.set(cell, (cells.get(cell) ?? 0) + 1);
        }
    expect([...cells].filter(([, count]) => count > 1)).toEqual([]);
    expect(cells.size).toBe(24 * bottom);
  });

  it('draws only metrics that exist, by the dimensions that they have', () => {
    const ours: readonly string[] = Object.keys(METRIC_UNITS);
    const byReason: readonly string[] = METRICS_BY_REASON;
    for (const { namespace, name: metric, dimensions } of dashboard(name).widgets.flatMap(drawnMetrics)) {
      expect([NAMESPACE, 'AWS/Lambda']).toContain(namespace);
      expect(namespace === NAMESPACE ? ours : LAMBDA_METRICS).toContain(metric);
      if (dimensions.includes(DIMENSION.reasonCode)) expect(byReason).toContain(metric);
      expect(dimensions).toEqual([DIMENSION.functionName, ...dimensions.slice(1)]);
      expect([DIMENSION.reasonCode, undefined]).toContain(dimensions[1]);
    }
  });

  it('draws only metrics, SEARCH expressions and math on metrics of the same widget', () => {
    for (const widget of widgetsOf(name, 'metric')) {
      const entries = widget.properties.metrics ?? [];
      const math = entries.filter(entry => /^(?!SEARCH)/.test(renderingOf(entry).expression ?? 'SEARCH'));
      expect(drawnMetrics(widget).length + math.length).toBe(entries.length);
    }
  });

  it('uses percentiles for time and sums for counts, never an average', () => {
    for (const { namespace, name: metric, stat } of dashboard(name).widgets.flatMap(drawnMetrics)) {
      const unit = namespace === NAMESPACE ? Object.entries(METRIC_UNITS).find(([key]) => key === metric)?.[1] : '';
      if (unit === 'Count') expect(stat).toBe('Sum');
      if (unit === 'Milliseconds') expect(stat).toMatch(/^(p50|p90|p99|SampleCount)$/);
      expect(stat).not.toBe('Average');
    }
  });

  it('starts every Y axis at 0 and labels it', () => {
    for (const { properties } of widgetsOf(name, 'metric').filter(
      ({ properties: { view } }) => view === 'timeSeries',
    )) {
      expect(properties.yAxis?.left).toMatchObject({ min: 0, label: expect.stringMatching(/./) });
    }
  });

  it('gives every chart and table a title, and every drawn line a label and a colour', () => {
    for (const { type, properties } of dashboard(name).widgets) {
      if (type !== 'text') expect(properties.title).toMatch(/^[A-Z0-9]/);
      for (const rendering of (properties.metrics ?? []).map(renderingOf)) {
        expect(rendering.label).toMatch(/./);
        if (!rendering.expression?.startsWith('SEARCH')) expect(rendering.color).toMatch(/^#/);
      }
    }
  });

  it('searches with the period of its chart', () => {
    for (const { properties } of widgetsOf(name, 'metric')) {
      const searched = (properties.metrics ?? []).flatMap(entry => {
        const period = /^SEARCH.*, (\d+)\)$/.exec(renderingOf(entry).expression ?? '')?.[1];
        return period === undefined ? [] : [Number(period)];
      });
      for (const period of searched) expect(period).toBe(properties.period);
    }
  });

  it('lets the function variable reach every metric, search and log group', () => {
    for (const { type, properties } of chosen(name, 'orders-authz')) {
      if (type === 'log') expect(properties.query).toContain("SOURCE '/aws/lambda/orders-authz' | ");
      for (const entry of properties.metrics ?? []) {
        const { expression } = renderingOf(entry);
        if (expression === undefined) expect(entry.slice(2, 4)).toEqual([DIMENSION.functionName, 'orders-authz']);
        if (expression?.startsWith('SEARCH')) expect(expression).toContain('FunctionName="orders-authz"');
      }
    }
    expect(variableOf(name, 'functionName')).toMatchObject({
      defaultValue: '__FIRST',
      search: `{${NAMESPACE},${DIMENSION.functionName}} MetricName="AuthorizerLatency"`,
      populateFrom: DIMENSION.functionName,
    });
  });

  it('lets the region variable reach every widget, and names no region or account anywhere else', () => {
    const { property, defaultValue } = variableOf(name, 'region');
    expect(property).toBe('region');
    for (const { type, properties } of dashboard(name).widgets) {
      if (type !== 'text') expect(properties.region).toBe(defaultValue);
      const rest = JSON.stringify({ ...properties, region: '' });
      expect(rest).not.toMatch(/\b[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-\d\b|\b\d{12}\b|arn:/);
    }
  });

  it('asks the logs only for fields of the log line, and knows which reasons are policy', () => {
    for (const { properties } of widgetsOf(name, 'log')) {
      const { query = '' } = properties;
      expect(queryProblems(query)).toEqual([]);
      const excluded = /reasonCode not in \[([^\]]*)\]/.exec(query)?.[1];
      if (excluded !== undefined) expect(JSON.parse(`[${excluded}]`)).toEqual(POLICY_REASONS);
    }
  });
});

describe('the dashboards together', () => {
  it('draw every metric that the code has, and on the overview', () => {
    const drawn = dashboard('overview')
      .widgets.flatMap(drawnMetrics)
      .filter(({ namespace }) => namespace === NAMESPACE)
      .map(({ name }) => name);
    expect([...new Set(drawn)].sort()).toEqual(Object.keys(METRIC_UNITS).sort());
  });

  it('split denials and fail-closed decisions by reason', () => {
    const split = DASHBOARDS.flatMap(name => dashboard(name).widgets.flatMap(drawnMetrics))
      .filter(({ dimensions }) => dimensions.includes(DIMENSION.reasonCode))
      .map(({ name }) => name);
    expect(new Set(split)).toEqual(new Set(METRICS_BY_REASON));
  });

  it('give one label one colour', () => {
    const colours = new Map<string, Set<string>>();
    for (const { properties } of DASHBOARDS.flatMap(name => dashboard(name).widgets))
      for (const { label = '', color = '' } of (properties.metrics ?? []).map(renderingOf))
        colours.set(label, (colours.get(label) ?? new Set()).add(color));
    expect([...colours].filter(([, used]) => used.size > 1)).toEqual([]);
  });

  it('give one label one metric, and a percentile its own name', () => {
    const metrics = new Map<string, Set<string>>();
    for (const { properties } of DASHBOARDS.flatMap(name => dashboard(name).widgets))
      for (const entry of properties.metrics ?? []) {
        const { label = '', stat = '', expression } = renderingOf(entry);
        if (/^p\d+$/.test(stat)) expect(label).toBe(stat);
        else metrics.set(label, (metrics.get(label) ?? new Set()).add(expression ?? `${entry[1]} ${stat}`));
      }
    const named = [...metrics].filter(([label]) => !REASON_LABEL.test(label));
    expect(named.filter(([, read]) => read.size > 1)).toEqual([]);
  });

  it('tell the person on call what to do for every fault', () => {
    const advice = widgetsOf('outage', 'text').map(({ properties }) => properties.markdown ?? '');
    for (const fault of FAULT_CODES) expect(advice.join('\n')).toContain(`| \`${fault}\` | `);
  });
});
