/** Checks the alarms against the code's metrics, the runbook, and cfn-lint if it is installed. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DIMENSION, METRIC_UNITS } from '../../src/telemetry/names.ts';
import { alarmsTemplate, expressionOf, readMetrics } from './dashboards-alarms.ts';
import { NAMESPACE } from './dashboards-body.ts';
import { anchors, sections } from './dashboards-runbook.ts';

const TEMPLATE = fileURLToPath(new URL('../../dashboards/alarms.yaml', import.meta.url));
const LINT_INSTALLED = spawnSync('which', ['cfn-lint']).status === 0;

const template = alarmsTemplate();
const alarms = Object.entries(template.Resources).map(([id, { Type, Properties }]) => ({ id, Type, ...Properties }));

describe('the alarms', () => {
  it('watch the fail-closed rate, latency, the breaker, the credential, errors and throttles', () => {
    const watched = alarms.flatMap(alarm => readMetrics(alarm).map(({ Metric }) => Metric.MetricName));
    expect([...new Set(watched)].sort()).toEqual(
      [
        'FailClosed',
        'AuthorizerLatency',
        'CircuitRefused',
        'CircuitOpened',
        'CredentialRefreshFailed',
        'Invocations',
        'Errors',
        'Throttles',
      ].sort(),
    );
    expect(alarms.every(({ Type }) => Type === 'AWS::CloudWatch::Alarm')).toBe(true);
  });

  it.each(alarms)('$id reads only metrics that exist, and only of the given function', alarm => {
    const dimensions = [{ Name: DIMENSION.functionName, Value: { Ref: 'FunctionName' } }];
    expect(readMetrics(alarm).length).toBeGreaterThan(0);
    for (const { Metric, Period, Stat } of readMetrics(alarm)) {
      if (Metric.Namespace === 'AWS/Lambda')
        expect(['Invocations', 'Errors', 'Throttles']).toContain(Metric.MetricName);
      else expect(METRIC_UNITS).toHaveProperty(Metric.MetricName);
      expect(['AWS/Lambda', { Ref: 'Namespace' }]).toContainEqual(Metric.Namespace);
      expect(Metric.Dimensions).toEqual(dimensions);
      expect([60, 300]).toContain(Period);
      expect(['Sum', 'SampleCount', 'p99']).toContain(Stat);
    }
  });

  it.each(alarms)(
    '$id computes only with the metrics that it reads, in one period, to one result',
    ({ Metrics: queries = [] }) => {
      const ids = queries.map(({ Id }) => Id);
      const math = queries.filter(query => query.Expression !== undefined);
      for (const name of math.flatMap(
        query =>
          expressionOf(query)
            .replace(/\$\{\w+\}/g, '')
            .match(/\b[a-z]\w*/g) ?? [],
      ))
        expect(ids).toContain(name);
      expect(queries.filter(({ ReturnData }) => ReturnData !== false)).toHaveLength(queries.length > 0 ? 1 : 0);
      expect(new Set(queries.flatMap(({ MetricStat }) => MetricStat?.Period ?? [])).size).toBeLessThanOrEqual(1);
    },
  );

  it.each(alarms)('$id does not fire without traffic, nor for a single newest datapoint', alarm => {
    expect(alarm.TreatMissingData).toBe('notBreaching');
    expect(alarm.DatapointsToAlarm).toBeGreaterThan(1);
    expect(alarm.DatapointsToAlarm).toBeLessThanOrEqual(alarm.EvaluationPeriods);
  });

  it.each(alarms)('$id explains itself and names its section of the runbook', ({ AlarmDescription, AlarmName }) => {
    expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    const anchor = / See docs\/operating\.md#([\w-]+)$/.exec(AlarmDescription)?.[1];
    expect(anchors()).toContain(anchor);
    expect(`alarm-${AlarmName['Fn::Sub'].replace(/^\$\{FunctionName\}-/, '')}`).toBe(anchor);
  });

  it.each(alarms)(
    '$id notifies the topic when it starts and ends, if there is a topic',
    ({ AlarmActions, OKActions }) => {
      const actions = { 'Fn::If': ['HasTopic', [{ Ref: 'TopicArn' }], { Ref: 'AWS::NoValue' }] };
      expect(AlarmActions).toEqual(actions);
      expect(OKActions).toEqual(actions);
      expect(template.Conditions).toHaveProperty('HasTopic');
    },
  );

  it('take every threshold from a parameter with a default and a lower limit, and use every parameter', () => {
    for (const { Threshold } of alarms) {
      const parameter = template.Parameters[Threshold.Ref];
      expect(parameter).toMatchObject({ Type: 'Number', Default: expect.any(Number), MinValue: expect.any(Number) });
    }
    const text = JSON.stringify([template.Resources, template.Conditions]);
    for (const [name, { Description, AllowedPattern, MinValue }] of Object.entries(template.Parameters)) {
      expect(text.includes(`{"Ref":"${name}"}`) || text.includes(`\${${name}}`)).toBe(true);
      expect(Description).toMatch(/\.$/);
      expect(AllowedPattern ?? MinValue).toBeDefined();
    }
    expect(template.Parameters['FunctionName']?.Default).toBeUndefined();
    expect(template.Parameters['Namespace']?.Default).toBe(NAMESPACE);
  });

  it('judge the fail-closed rate only if there are enough requests', () => {
    const [rate] = template.Resources['FailClosedRateAlarm']?.Properties.Metrics ?? [];
    expect(expressionOf(rate ?? {})).toBe(
      `IF(requests >= \${FailClosedMinimumRequests}, 100 * FILL(failClosed, 0) / requests, 0)`,
    );
  });

  it('count errors only if no decision was recorded, so that a thrown 401 is none', () => {
    for (const alarm of alarms.filter(entry =>
      readMetrics(entry).some(({ Metric }) => Metric.MetricName === 'Errors'),
    )) {
      const [result] = alarm.Metrics ?? [];
      const withoutDecision = (invocations: number, errors: number, requests: number): unknown =>
        // Metric math's IF and FILL, in JavaScript.
        new Function('IF', 'FILL', 'invocations', 'errors', 'requests', `return ${expressionOf(result ?? {})}`)(
          (condition: boolean, yes: number, no: number) => (condition ? yes : no),
          (value: number) => value,
          invocations,
          errors,
          requests,
        );
      expect(withoutDecision(100, 40, 100)).toBe(0); // 40 thrown 401s, each with its line
      expect(withoutDecision(100, 43, 97)).toBe(3); // and 3 crashes
      expect(withoutDecision(100, 0, 60)).toBe(0); // lines that are late, no errors
      expect(withoutDecision(50, 50, 0)).toBe(50); // nothing starts
    }
  });

  it('each have a section that says what it means and what to do', () => {
    for (const { title, text } of sections().filter(section => section.title.startsWith('Alarm: '))) {
      expect(text, title).toMatch(/\*\*Means\*\* /);
      expect(text, title).toMatch(/\*\*Do\*\* |and \*\*do\*\* /);
    }
  });

  it.skipIf(!LINT_INSTALLED)('pass cfn-lint, if it is installed', { timeout: 60_000 }, () => {
    const { status, stdout } = spawnSync('cfn-lint', [TEMPLATE], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });
});
