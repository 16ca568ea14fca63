/** The guides' numbers, policies and experiments: sums are right, JSON is of its form, and what is named exists. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readTemplate, resourcesOf, TEMPLATE } from './templates.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const jsonIn = (path: string): unknown => JSON.parse(/```json\n([\s\S]*?)```/.exec(read(path))?.[1] ?? 'null');

describe('docs/cost.md', () => {
  const rows = [
    ...read('docs/cost.md').matchAll(/^\| (?<part>.+) \| (?<formula>[\d.× /]+) \| (?<sum>\d+\.\d\d) \|$/gm),
  ];

  it('has a formula for each part', () => {
    expect(rows.length).toBeGreaterThanOrEqual(12);
  });

  it.each(rows.map(({ groups }) => [groups?.['part'], groups?.['formula'], groups?.['sum']]))(
    'adds up: %s, %s = %s',
    (_, formula = '', sum) => {
      const [first = '', ...others] = formula.split(/ (?=[×/])/);
      const result = others.reduce((product, factor) => {
        const number = Number(factor.slice(2));
        return factor.startsWith('/') ? product / number : product * number;
      }, Number(first));
      // To the nearest cent; a cent and a half is shown as two.
      expect(Math.abs(result - Number(sum))).toBeLessThan(0.0051);
    },
  );
});

describe('the deployer’s policy in docs/permissions.md', () => {
  const policy = z.object({
    Version: z.literal('2012-10-17'),
    Statement: z.array(
      z.object({
        Sid: z.string(),
        Effect: z.literal('Allow'),
        Action: z.array(z.string().regex(/^[a-z0-9]+:[A-Z][A-Za-z]+$/)),
        Resource: z.union([z.string(), z.array(z.string())]),
      }),
    ),
  });
  const statements = policy.parse(jsonIn('docs/permissions.md')).Statement;
  const actions = statements.flatMap(({ Action }) => Action);

  it('names no action twice, none of a whole service, and none on every resource', () => {
    expect(new Set(actions).size).toBe(actions.length);
    expect(statements.flatMap(({ Resource }) => Resource).filter(resource => resource === '*')).toEqual([]);
  });

  it('has actions for each service of which the template makes something, and none to read the credential', () => {
    const services = new Map([
      ['AWS::Serverless::Function', ['lambda', 'codedeploy']],
      ['AWS::Lambda::Permission', ['lambda']],
      ['AWS::Logs::LogGroup', ['logs']],
      ['AWS::IAM::Role', ['iam']],
      ['AWS::IAM::RolePolicy', ['iam']],
      ['AWS::CloudWatch::Alarm', ['cloudwatch']],
      ['AWS::CloudFormation::Stack', ['cloudformation']],
    ]);
    const given = new Set(actions.map(action => action.split(':')[0]));
    for (const { Type } of Object.values(readTemplate(TEMPLATE).Resources)) {
      const needed = services.get(Type);
      expect([Type, needed?.every(service => given.has(service))]).toEqual([Type, true]);
    }
    expect(actions.filter(action => /^(?:secretsmanager|ssm|kms):/.test(action))).toEqual([]);
  });
});

describe('the experiment in docs/game-day.md', () => {
  const experiment = z.object({
    targets: z.record(z.string(), z.object({ resourceType: z.literal('aws:ec2:subnet'), selectionMode: z.string() })),
    actions: z.record(z.string(), z.object({ actionId: z.string(), targets: z.record(z.string(), z.string()) })),
    stopConditions: z.array(z.object({ source: z.literal('aws:cloudwatch:alarm'), value: z.string() })).min(1),
    roleArn: z.string(),
  });
  const { targets, actions, stopConditions } = experiment.parse(jsonIn('docs/game-day.md'));

  it('is stopped by alarms that there are', () => {
    const alarms = readTemplate(new URL('dashboards/alarms.yaml', ROOT).pathname);
    const names = resourcesOf(alarms, 'AWS::CloudWatch::Alarm').map(({ Properties }) =>
      JSON.stringify(Properties['AlarmName']).replace(/.*\$\{FunctionName\}-([a-z0-9-]+).*/, '$1'),
    );
    expect(names).toHaveLength(7);
    for (const { value } of stopConditions) {
      expect(names).toContain(value.split(':alarm:YOUR-FUNCTION-')[1]);
    }
  });

  it('acts on targets that it has', () => {
    for (const action of Object.values(actions)) {
      for (const target of Object.values(action.targets)) expect(Object.keys(targets)).toContain(target);
    }
  });
});
