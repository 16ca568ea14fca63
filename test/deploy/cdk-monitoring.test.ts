/** The construct's alarms and dashboards are those that people deploy by hand, for the function that it makes. */
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { type AlarmThresholds, AuthorizerAlarms, AuthorizerDashboards } from '../../deploy/cdk/index.ts';
import { dashboardsTemplate } from '../../deploy/generate-dashboards.ts';
import { authorizerIn, inUnvalidatedStack, propertiesOf } from './cdk-stack.ts';
import { at, type Json, leaves, readTemplate, resourcesOf } from './templates.ts';

const file = (path: string): string => new URL(`../../${path}`, import.meta.url).pathname;
const source = readTemplate(file('dashboards/alarms.yaml'));

const alarmed = (thresholds: AlarmThresholds = {}, withTopic = false): readonly Json[] => {
  const stack = inUnvalidatedStack();
  const authorizer = authorizerIn(stack, { metrics: 'emf', metricsNamespace: 'Ours' });
  const topic = withTopic ? { topic: new Topic(stack, 'Topic') } : {};
  const { alarms } = new AuthorizerAlarms(stack, 'Alarms', { authorizer, ...topic, ...thresholds });
  const found = propertiesOf(stack, 'AWS::CloudWatch::Alarm').filter(alarm => at(alarm, 'AlarmName') !== undefined);
  expect(found).toHaveLength(alarms.length);
  return found;
};

describe('the alarms of the construct', () => {
  it('are those of dashboards/alarms.yaml, with the same descriptions and periods', () => {
    const described = (alarm: Json | undefined) =>
      ['AlarmDescription', 'EvaluationPeriods', 'DatapointsToAlarm', 'ComparisonOperator', 'Period'].map(name =>
        at(alarm, name),
      );
    const expected = resourcesOf(source, 'AWS::CloudWatch::Alarm').map(({ Properties }) => described(Properties));
    expect(expected).toHaveLength(7);
    expect(alarmed().map(described)).toEqual(expected);
  });

  it('watch the function and the namespace of the authorizer', () => {
    const dimensions = leaves(alarmed()).filter(({ path }) => path.includes('Dimensions') && path.at(-1) === 'Ref');
    expect(dimensions.length).toBeGreaterThan(7);
    for (const { value } of dimensions) expect(value).toContain('PingOneFunction');
    const namespaces = leaves(alarmed())
      .filter(({ path }) => path.at(-1) === 'Namespace')
      .map(({ value }) => value);
    expect(new Set(namespaces)).toEqual(new Set(['Ours', 'AWS/Lambda']));
  });

  it('start where the file says, or where they are told to', () => {
    const [failClosed] = alarmed();
    expect(at(failClosed, 'Threshold')).toBe(source.Parameters['FailClosedPercent']?.['Default']);
    expect(JSON.stringify(failClosed)).toContain('requests >= 10');
    const [strict] = alarmed({ failClosedPercent: 1, failClosedMinimumRequests: 3 });
    expect(at(strict, 'Threshold')).toBe(1);
    expect(JSON.stringify(strict)).toContain('requests >= 3');
  });

  it('leave no parameter of the file open, and each has the default of the file', () => {
    const stack = inUnvalidatedStack();
    new AuthorizerAlarms(stack, 'Alarms', { authorizer: authorizerIn(stack) });
    const defaults = JSON.stringify(propertiesOf(stack, 'AWS::CloudWatch::Alarm'));
    for (const name of Object.keys(source.Parameters)) expect(defaults).not.toContain(`"Ref":"${name}`);
    const judged = (alarm: Json | undefined) => at(alarm, 'Threshold');
    const expected = resourcesOf(source, 'AWS::CloudWatch::Alarm').map(({ Properties }) => {
      const threshold = at(Properties, 'Threshold');
      return source.Parameters[String(at(threshold, 'Ref'))]?.['Default'] ?? threshold;
    });
    expect(alarmed().map(judged)).toEqual(expected);
  });

  it('tell a topic, if there is one', () => {
    expect(JSON.stringify(alarmed({}, true).map(alarm => at(alarm, 'AlarmActions')))).toContain('Topic');
  });
});

describe('the dashboards of the construct', () => {
  it('are those of dist/dashboards.yaml, filled', () => {
    const stack = inUnvalidatedStack();
    new AuthorizerDashboards(stack, 'Dashboards', { authorizer: authorizerIn(stack) });
    const dashboards = propertiesOf(stack, 'AWS::CloudWatch::Dashboard');
    expect(dashboards).toHaveLength(dashboardsTemplate().match(/AWS::CloudWatch::Dashboard/g)?.length ?? 0);
    for (const dashboard of dashboards) {
      const body = JSON.stringify(at(dashboard, 'DashboardBody'));
      expect(body.includes('PingOneFunction')).toBe(true);
      expect(body.match(/your-authorizer-function|__FIRST|us-east-1/)).toBeNull();
    }
  });
});

describe('an authorizer without metrics', () => {
  it('gets neither alarms nor dashboards: they would be silent for ever', () => {
    const stack = inUnvalidatedStack();
    const authorizer = authorizerIn(stack, { metrics: 'none' });
    expect(() => new AuthorizerAlarms(stack, 'Alarms', { authorizer })).toThrow(/needs metrics/);
    expect(() => new AuthorizerDashboards(stack, 'Dashboards', { authorizer })).toThrow(/needs metrics/);
  });
});

describe('two authorizers in one stack', () => {
  it('have alarms and dashboards of their own', () => {
    const stack = inUnvalidatedStack();
    for (const id of ['First', 'Second']) {
      const authorizer = authorizerIn(stack, {}, id);
      new AuthorizerAlarms(stack, `${id}Alarms`, { authorizer });
      new AuthorizerDashboards(stack, `${id}Dashboards`, { authorizer });
    }
    expect(propertiesOf(stack, 'AWS::CloudWatch::Alarm')).toHaveLength(2 * (7 + 2));
    expect(propertiesOf(stack, 'AWS::CloudWatch::Dashboard')).toHaveLength(4);
  });
});
