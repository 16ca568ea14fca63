/** What the Terraform module promises: every setting, checked before anything is deployed, and no more access than the template grants. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { bodyOf, expressionOf } from '../../../scripts/terraform-files.ts';
import { ROWS } from '../../../src/config/variables.ts';
import { at, entriesOf, readTemplate, TEMPLATE } from '../templates.ts';
import { FOLDER, MODULE } from './files.ts';

const template = readTemplate(TEMPLATE);
const authorizer = template.Resources['AuthorizerFunction']?.Properties;
const rows = new Map(Object.entries(ROWS));
const variables = new Map(MODULE.variables.map(variable => [variable.name, variable]));
const settings = { ...bodyOf(MODULE.locals['settings']), ...bodyOf(MODULE.locals['sensitive_settings']) };
const resource = (address: string) => MODULE.resources.get(address) ?? {};
const source = (file: string): string => readFileSync(new URL(file, FOLDER), 'utf8');

/** It would be readable in the function's configuration and in the state. */
const isCredential = (name: string): boolean => /_GATEWAY_CREDENTIAL$/.test(name);

describe('settings of the module', () => {
  it('are all the variables of the configuration, except the credential itself', () => {
    const own = Object.keys(settings).filter(name => !name.startsWith('OTEL_'));
    expect(own.toSorted()).toEqual([...rows.keys()].filter(name => !isCredential(name)).toSorted());
  });

  it('are those of the template', () => {
    const names = entriesOf(at(authorizer, 'Environment', 'Variables')).map(([name]) => name);
    expect(Object.keys(settings).toSorted()).toEqual(names.toSorted());
  });

  it.each(Object.entries(settings))('%s comes from the variable of the same name', (name, value) => {
    const variable = name.toLowerCase();
    const given = expressionOf(value);
    const list = `var.${variable} == null ? null : join(",", var.${variable})`;
    expect([`var.${variable}`, list]).toContain(given);
    expect(variables.get(variable)?.type.startsWith('list')).toBe(given === list);
  });

  it.each(Object.keys(settings))(
    '%s is left to the default of the authorizer, except the required Service URL',
    name => {
      const variable = variables.get(name.toLowerCase());
      if (name === 'PINGONE_SERVICE_URL') expect(variable?.required).toBe(true);
      else expect(variable?.byDefault).toBeNull();
    },
  );

  it.each([...rows.keys()].filter(name => !isCredential(name)))(
    '%s lets nothing through that the code would refuse',
    name => {
      const conditions = (variables.get(name.toLowerCase())?.validations ?? [])
        .map(({ condition }) => condition)
        .join();
      const limits = [...conditions.matchAll(/[<>]= (\d+)/g)].map(([, limit]) => limit ?? '');
      const options = [
        ...(/contains\(\[(?<list>[^\]]*)\]/.exec(conditions)?.groups?.['list'] ?? '').matchAll(/"([^"]*)"/g),
      ];
      for (const text of [...limits, ...options.map(([, option]) => option ?? '')]) {
        expect(() => rows.get(name)?.parse(text)).not.toThrow();
      }
    },
  );

  it('hide what may hold a credential', () => {
    const sensitive = MODULE.variables.filter(variable => variable.sensitive).map(({ name }) => name.toUpperCase());
    expect(sensitive).toEqual(Object.keys(bodyOf(MODULE.locals['sensitive_settings'])));
    expect(sensitive).toContain('OTEL_EXPORTER_OTLP_HEADERS');
  });
});

describe('a variable of the module', () => {
  /** Free text, as OpenTelemetry defines it. */
  const free = /^otel_(service_name|resource_attributes|exporter_otlp_headers|propagators)$/;

  it.each(MODULE.variables.map(variable => [variable.name, variable] as const))(
    '%s is described, typed and checked',
    (name, { description, type, validations }) => {
      expect(description).toMatch(/^\S[^\n|]*\.$/);
      expect(type).toMatch(/^(string|number|bool|list|map|object)/);
      expect(validations.length > 0 || type === 'bool' || free.test(name)).toBe(true);
      for (const { condition, message } of validations) {
        expect(condition).toContain(`var.${name}`);
        expect(message).toMatch(/^\S.*\.$/);
      }
    },
  );
});

describe('the function', () => {
  const authorizerFunction = resource('aws_lambda_function.authorizer');

  it.each([
    ['handler', 'Handler'],
    ['runtime', 'Runtime'],
    ['timeout', 'Timeout'],
  ])('has the same %s as in the template', (name, property) => {
    expect(expressionOf(authorizerFunction[name])).toBe(`var.${name}`);
    expect(variables.get(name)?.byDefault).toBe(at(authorizer, property));
  });

  it.each([
    ['memory_size', 'MemorySize'],
    ['architecture', 'Architecture'],
    ['log_retention_days', 'LogRetentionDays'],
    ['tracing_mode', 'TracingMode'],
    ['provisioned_concurrency', 'ProvisionedConcurrency'],
  ])('has the same default of %s as the template', (name, parameter) => {
    expect(variables.get(name)?.byDefault).toBe(template.Parameters[parameter]?.['Default']);
  });

  it('logs as in the template', () => {
    const [logging] = [bodyOf([authorizerFunction['logging_config']].flat()[0])];
    expect(logging['log_format']).toBe(at(authorizer, 'LoggingConfig', 'LogFormat'));
    expect(logging['application_log_level']).toBe(at(authorizer, 'LoggingConfig', 'ApplicationLogLevel'));
    expect(logging['system_log_level']).toBe(at(authorizer, 'LoggingConfig', 'SystemLogLevel'));
    expect(expressionOf(resource('aws_cloudwatch_log_group.authorizer')['retention_in_days'])).toBe(
      'var.log_retention_days',
    );
  });

  it('can be held to signed code', () => {
    expect(expressionOf(authorizerFunction['code_signing_config_arn'])).toBe('var.code_signing_config_arn');
  });

  it('publishes a version for every change, and the alias moves to it', () => {
    expect(authorizerFunction['publish']).toBe(true);
    expect(resource('aws_lambda_alias.live')['function_version']).toContain('aws_lambda_function.authorizer.version');
    expect(expressionOf(MODULE.outputs.find(({ name }) => name === 'invoke_arn')?.value)).toBe(
      'aws_lambda_alias.live.invoke_arn',
    );
  });
});

describe('access', () => {
  const statements = JSON.stringify([MODULE.locals['statements'], MODULE.locals['decrypt_statements']]);

  it('of API Gateway is to the alias alone, through authorizers of named APIs alone', () => {
    const permissions = [...MODULE.resources].filter(([address]) => address.startsWith('aws_lambda_permission.'));
    expect(permissions).toHaveLength(1);
    const permission = resource('aws_lambda_permission.api');
    expect(expressionOf(permission['for_each'])).toBe('var.apis');
    expect(expressionOf(permission['qualifier'])).toBe('aws_lambda_alias.live.name');
    expect(permission['principal']).toBe('apigateway.amazonaws.com');
    expect(permission['source_arn']).toMatch(
      /:execute-api:[\s\S]*:\$\{each\.value\.api_id\}\/authorizers\/\$\{each\.value\.authorizer_id\}/,
    );
    expect(permission['source_account']).toContain('each.value.account_id');
  });

  it('of the function is to the actions of the template', () => {
    const actions = (text: string) => new Set(text.match(/\b(?:logs|xray|secretsmanager|ssm|kms|ec2):[A-Z]\w+/g));
    const role = JSON.stringify([template.Resources['Role'], template.Resources['WriteLogs']]);
    expect([...actions(statements)].toSorted()).toEqual([...actions(role)].toSorted());
  });

  it('of the function to the credential is to the place that is named', () => {
    const resources = [...statements.matchAll(/(\w+:\w+)\\"\]\\n\s+Resource = ([^\\\n]+)/g)].map(match =>
      match.slice(1),
    );
    expect(resources).toContainEqual(['secretsmanager:GetSecretValue', 'local.credential_secrets']);
    expect(resources).toContainEqual(['ssm:GetParameter', 'local.credential_parameters']);
    expect(resources).toContainEqual(['kms:Decrypt', '[var.credential_kms_key_arn]']);
    expect(statements).toContain('kms:ViaService');
  });

  it('of the function is to every resource only for actions that know no narrower one', () => {
    const wild = [...source('access.tf').matchAll(/Action\s+= \[([^\]]*)\]\s+Resource\s+= \["\*"\]/g)].map(
      ([, actions]) => actions ?? '',
    );
    expect(wild).toHaveLength(2);
    expect(
      wild.flatMap(text => text.match(/\w+(?=:\w)/g)).filter(service => !/^(?:xray|ec2)$/.test(service ?? '')),
    ).toEqual([]);
  });
});

describe('alarms and dashboards', () => {
  it('take the thresholds of dashboards/alarms.yaml, with the same defaults', () => {
    const { Parameters } = parse(readFileSync(new URL('../../dashboards/alarms.yaml', FOLDER), 'utf8'), {
      logLevel: 'silent',
    });
    const expected = Object.entries<{ Type: string; Default: number }>(Parameters)
      .filter(([, { Type }]) => Type === 'Number')
      .map(([name, { Default }]) => [name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase(), Default]);
    const type = variables.get('alarm_thresholds')?.type ?? '';
    const own = [...type.matchAll(/(\w+)\s+= optional\(number, (\d+)\)/g)].map(([, name, value]) => [
      name,
      Number(value),
    ]);
    expect(own.toSorted()).toEqual(expected.toSorted());
  });

  it('are made only while metrics are written', () => {
    for (const address of ['aws_cloudwatch_metric_alarm.authorizer', 'aws_cloudwatch_dashboard.authorizer']) {
      expect(resource(address)['for_each']).toContain('local.emits_metrics');
    }
  });
});
