/** The rules of the local dashboard's arithmetic: CloudWatch's statistics, metric math, searches and log tables. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Drawing, drawerOf, type Run } from '../../local/dashboard/drawing.ts';
import { readLogQuery } from '../../local/dashboard/log-query.ts';
import { markdownToHtml } from '../../local/dashboard/markdown.ts';
import { readExpression } from '../../local/dashboard/metric-math.ts';
import { OVERVIEW, readDashboard } from '../../local/dashboard/overview.ts';
import { openSeriesStore, PERIOD_MS } from '../../local/dashboard/series.ts';
import { statistic } from '../../local/dashboard/statistics.ts';

const NOW = 1_800_000_000_000;

const emf = (functionName: string, values: Readonly<Record<string, number>>, reasonCode?: string) => ({
  _aws: {
    CloudWatchMetrics: [
      {
        Namespace: 'PingOneAuthorizer',
        Dimensions: [['FunctionName'], ...(reasonCode === undefined ? [] : [['FunctionName', 'ReasonCode']])],
        Metrics: Object.keys(values).map(name => ({
          Name: name,
          Unit: name.endsWith('Latency') ? 'Milliseconds' : 'Count',
        })),
      },
    ],
  },
  FunctionName: functionName,
  ...(reasonCode === undefined ? {} : { ReasonCode: reasonCode }),
  ...values,
});

const widgets = readDashboard(readFileSync(OVERVIEW, 'utf8'));

const draw = (title: string, run: Partial<Run>): Drawing => {
  const widget = widgets.find(each => 'title' in each && each.title === title);
  if (widget === undefined || widget.type === 'text') throw new Error(`the overview has no widget ${title}`);
  return drawerOf(widget)({ series: [], lines: [], functionName: undefined, startedAt: NOW, now: NOW, ...run });
};

/** The lines of a chart as label -> the values that are there. */
const valuesOf = (drawing: Drawing): Readonly<Record<string, readonly (number | null)[]>> =>
  drawing.type === 'table'
    ? {}
    : Object.fromEntries(drawing.lines.map(({ label, values }) => [label, values.filter(value => value !== null)]));

describe('a statistic', () => {
  it.each([
    ['SampleCount', 4],
    ['Sum', 10],
    ['Average', 2.5],
    ['Minimum', 1],
    ['Maximum', 4],
    ['p50', 2.5],
    ['p100', 4],
    ['p0', 1],
  ])('%s of 4, 1, 3, 2 is %d', (stat, value) => expect(statistic(stat, [4, 1, 3, 2])).toBe(value));

  it('of nothing is none', () => expect(statistic('Sum', [])).toBeUndefined());

  it('that is unknown is refused by name', () => expect(() => statistic('tm99', [1])).toThrow('tm99'));
});

describe('metric math', () => {
  const values: Readonly<Record<string, number>> = { a: 6, b: 3, zero: 0 };
  const compute = (expression: string) => readExpression(expression)(id => values[id]);

  it.each([
    ['a - b - 1', 2],
    ['a - (b - 1)', 4],
    ['100 * b / a', 50],
    ['a + b * 2', 12],
    ['FILL(none, 0) + a', 6],
    ['FILL(a, 0)', 6],
    ['IF(a - FILL(none, 0) < b, 1, b)', 3],
    ['IF(b < a, 1, 2)', 1],
    ['a / zero', undefined],
    ['none + a', undefined],
  ])('%s is %s', (expression, value) => expect(compute(expression)).toBe(value));

  it.each(['a +', '(a', 'a b', 'RATE(a)', 'a ? b'])('%s is refused by name', expression =>
    expect(() => readExpression(expression)).toThrow(expression),
  );
});

describe('the overview', () => {
  it('is drawn whole: every widget can be read', () => {
    expect(widgets.length).toBeGreaterThan(20);
    for (const widget of widgets) if (widget.type !== 'text') expect(() => drawerOf(widget)).not.toThrow();
  });

  it('of a widget that cannot be drawn is refused by name', () => {
    expect(() => readDashboard('{"widgets":[{"type":"metric","properties":{"view":"gauge"}}]}')).toThrow('gauge');
  });

  it('counts decisions, by reason too, and rates them', () => {
    const store = openSeriesStore();
    for (const _ of [1, 2, 3]) store.take(emf('f', { Permit: 1, AuthorizerLatency: 5 }), NOW);
    store.take(emf('f', { Deny: 1 }, 'POLICY_DENIED'), NOW);
    store.take(emf('f', { AuthorizerLatency: 15 }), NOW);
    const run = { series: store.all() };
    expect(valuesOf(draw('Requests', run))).toEqual({ Requests: [4] });
    expect(valuesOf(draw('Permitted', run))).toEqual({ 'Permit %': [75] });
    expect(valuesOf(draw('Failed closed', run))).toEqual({ 'Fail-closed %': [0] });
    expect(valuesOf(draw('Denials by reason', run))).toEqual({ POLICY_DENIED: expect.arrayContaining([1]) });
    expect(valuesOf(draw('Our whole decision', run))).toEqual({ p50: [5], p90: [12], p99: [14.7] });
  });

  it('is of one function where one is chosen', () => {
    const store = openSeriesStore();
    store.take(emf('rest', { AuthorizerLatency: 1 }), NOW);
    store.take(emf('http', { AuthorizerLatency: 1 }), NOW);
    expect(valuesOf(draw('Requests', { series: store.all() }))).toEqual({ Requests: [2] });
    expect(valuesOf(draw('Requests', { series: store.all(), functionName: 'http' }))).toEqual({ Requests: [1] });
  });

  it('counts nothing as 0 in a period that is over, and leaves a time out', () => {
    const store = openSeriesStore();
    store.take(emf('f', { Permit: 1, PdpLatency: 7 }), NOW);
    const run = { series: store.all(), now: NOW + 2 * PERIOD_MS };
    expect(valuesOf(draw('Permits and denials', run))['Permits']?.slice(-3)).toEqual([0, 1, 0]);
    expect(valuesOf(draw("PingOne's part of it", run))['p50']).toEqual([7]);
  });

  it('forgets what is older than its window', () => {
    const store = openSeriesStore();
    store.take(emf('f', { Permit: 1 }), NOW);
    store.take(emf('f', { Deny: 1 }), NOW + 700_000);
    expect(store.all().map(({ name }) => name)).toEqual(['Deny']);
  });

  it('holds a bounded number of values', () => {
    const store = openSeriesStore();
    for (let index = 0; index < 250_000; index += 1) store.take(emf('f', { Permit: 1 }), NOW + index);
    const held = store.all().flatMap(({ periods }) => [...periods.values()].flat()).length;
    expect(held).toBeLessThanOrEqual(200_000);
    expect(held).toBeGreaterThan(1000);
  });

  it('has a table of the decisions by API, route and reason', () => {
    const decision = { message: 'decision', apiId: 'shop', stage: 'dev', effect: 'permit', reasonCode: 'PERMIT' };
    const lines = [
      { ...decision, route: '/b', durationMs: 1 },
      { ...decision, route: '/a', durationMs: 2 },
      { ...decision, route: '/a', durationMs: 4 },
      { message: 'breaker', route: '/a' },
    ];
    expect(draw('Decisions by API, route and reason', { lines })).toMatchObject({
      columns: ['apiId', 'stage', 'route', 'effect', 'reasonCode', 'decisions', 'p50Ms', 'p99Ms'],
      rows: [
        ['shop', 'dev', '/a', 'permit', 'PERMIT', '2', '3', '4.0'],
        ['shop', 'dev', '/b', 'permit', 'PERMIT', '1', '1', '1'],
      ],
    });
  });
});

it('a log query that is unknown is refused by name', () => {
  expect(() => readLogQuery('fields @message | parse x')).toThrow('fields @message');
});

it('a text is HTML without being able to bring its own', () => {
  expect(markdownToHtml('# A *b*\nc **d** `e` <script>')).toBe(
    '<h1>A <em>b</em></h1>\n<p>c <strong>d</strong> <code>e</code> &lt;script&gt;</p>',
  );
});
