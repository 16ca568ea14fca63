/** What the construct deploys is what deploy/template.yaml and the examples deploy. */
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { type AuthorizerSettings, addReasonResponses, type ReasonResponsesOptions } from '../../deploy/cdk/index.ts';
import { authorizerIn, guardedRest, inUnvalidatedStack, propertiesOf, SECRET, SERVICE_URL } from './cdk-stack.ts';
import {
  at,
  entriesOf,
  example,
  type Json,
  ORIGIN,
  readTemplate,
  resourcesOf,
  TEMPLATE,
  underFormat,
} from './templates.ts';

const template = readTemplate(TEMPLATE);

/** What template.yaml deploys when only the required parameters are given. */
const defaults = new Map(Object.entries(template.Parameters).map(([name, { Default }]) => [name, Default]));
const resolved = (value: Json | undefined): Json | undefined => {
  const ref = at(value, 'Ref');
  return typeof ref === 'string' ? defaults.get(ref) : value;
};

describe('the construct and template.yaml', () => {
  const settings = Object.fromEntries(
    [...defaults].flatMap(([name, value]) => {
      if (
        value === undefined ||
        value === '' ||
        !/^(PingOne|Breaker|Decision|Otel|Forward|On|Fail|Una|Resp|Author|Debug|LogLevel|Metrics|TokenGate|Shadow)/.test(
          name,
        )
      )
        return [];
      return [[name.charAt(0).toLowerCase() + name.slice(1), value]];
    }),
  ) as unknown as AuthorizerSettings;
  const stack = inUnvalidatedStack();
  authorizerIn(stack, { ...settings, pingOneServiceUrl: SERVICE_URL });
  const [constructed] = propertiesOf(stack, 'AWS::Lambda::Function');
  const expected = template.Resources['AuthorizerFunction']?.Properties;

  it('set the same environment', () => {
    const required = { PINGONE_SERVICE_URL: SERVICE_URL, PINGONE_GATEWAY_CREDENTIAL_SECRET: SECRET };
    const variables = entriesOf(at(expected, 'Environment', 'Variables'))
      .map(([name, value]) => [name, String(resolved(value) ?? '')])
      .filter(([, value]) => value !== '');
    expect(at(constructed, 'Environment', 'Variables')).toEqual({ ...Object.fromEntries(variables), ...required });
  });

  it('know the same settings', () => {
    const every = Object.fromEntries(
      entriesOf(at(expected, 'Environment', 'Variables')).map(([, value]) => {
        const name = String(at(value, 'Ref'));
        return [name.charAt(0).toLowerCase() + name.slice(1), '1'];
      }),
    );
    const other = inUnvalidatedStack();
    authorizerIn(other, { ...every, shadowCredential: Secret.fromSecretCompleteArn(other, 'Shadow', SECRET) });
    const given = entriesOf(at(propertiesOf(other, 'AWS::Lambda::Function')[0], 'Environment', 'Variables')).map(
      ([name]) => name,
    );
    const names = entriesOf(at(expected, 'Environment', 'Variables')).map(([name]) => name);
    expect(given.toSorted()).toEqual(names.filter(name => !name.endsWith('_GATEWAY_CREDENTIAL_PARAMETER')).toSorted());
  });

  it.each(['Runtime', 'Handler', 'Timeout', 'MemorySize'])('set the same %s', name => {
    expect(at(constructed, name)).toEqual(resolved(expected?.[name]));
  });

  it('set the same architecture, tracing and logging', () => {
    expect(at(constructed, 'Architectures')).toEqual([defaults.get('Architecture')]);
    expect(at(constructed, 'TracingConfig', 'Mode') ?? 'PassThrough').toBe(defaults.get('TracingMode'));
    for (const name of ['LogFormat', 'ApplicationLogLevel', 'SystemLogLevel']) {
      expect(at(constructed, 'LoggingConfig', name)).toBe(at(expected, 'LoggingConfig', name));
    }
    expect(at(propertiesOf(stack, 'AWS::Logs::LogGroup')[0], 'RetentionInDays')).toBe(defaults.get('LogRetentionDays'));
  });

  it('roll a release back on the same alarms', () => {
    const judged = (alarm: Json) => [
      ...[
        'AlarmDescription',
        'Threshold',
        'EvaluationPeriods',
        'DatapointsToAlarm',
        'ComparisonOperator',
        'TreatMissingData',
      ].map(name => at(alarm, name)),
      ...entriesOf(at(alarm, 'Metrics')).flatMap(([, metric]) => at(metric, 'Expression') ?? []),
    ];
    const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(({ Properties }) => judged(Properties));
    expect(propertiesOf(stack, 'AWS::CloudWatch::Alarm').map(judged)).toEqual(alarms);
    expect(at(propertiesOf(stack, 'AWS::CodeDeploy::DeploymentGroup')[0], 'DeploymentConfigName')).toBe(
      `CodeDeployDefault.Lambda${defaults.get('DeploymentType')}`,
    );
  });
});

describe('the reason responses of the construct and of the example', () => {
  it.each(['reason', 'problem', 'pingone'] satisfies ReasonResponsesOptions['format'][])(
    'are the same for %s',
    format => {
      const stack = inUnvalidatedStack();
      addReasonResponses(guardedRest(stack, authorizerIn(stack)), { format, allowedOrigin: ORIGIN });
      const constructed = new Map(
        propertiesOf(stack, 'AWS::ApiGateway::GatewayResponse').map(response => [
          at(response, 'ResponseType'),
          response,
        ]),
      );
      const [api] = resourcesOf(example('rest-api'), 'AWS::Serverless::Api');
      const expected = entriesOf(api?.Properties['GatewayResponses']);
      expect([...constructed.keys()].toSorted()).toEqual(expected.map(([type]) => type).toSorted());
      for (const [type, response] of expected) {
        const headers = entriesOf(at(response, 'ResponseParameters', 'Headers')).map(([name, value]) => [
          `gatewayresponse.header.${name}`,
          underFormat(value, format),
        ]);
        expect(at(constructed.get(type), 'StatusCode')).toBe(at(response, 'StatusCode'));
        expect(at(constructed.get(type), 'ResponseParameters')).toEqual(Object.fromEntries(headers));
        const body = underFormat(at(response, 'ResponseTemplates', 'application/json'), format);
        expect(at(constructed.get(type), 'ResponseTemplates', 'application/json')).toBe(body);
      }
    },
  );
});
