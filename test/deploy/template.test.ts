/** What deploy/template.yaml promises: the contract's settings, least privilege, and a release that takes effect. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROWS } from '../../src/config/variables.ts';
import { at, entriesOf, leaves, readTemplate, resourcesOf, TEMPLATE } from './templates.ts';

const template = readTemplate(TEMPLATE);
const authorizer = template.Resources['AuthorizerFunction']?.Properties;
const variables = entriesOf(at(authorizer, 'Environment', 'Variables'));
const rows = new Map(Object.entries(ROWS));

/** PINGONE_SERVICE_URL -> PingOneServiceUrl */
const parameterOf = (variable: string): string =>
  variable
    .split('_')
    .map(word => (word === 'PINGONE' ? 'PingOne' : word.charAt(0) + word.slice(1).toLowerCase()))
    .join('');

const spec = (variable: string) => template.Parameters[parameterOf(variable)] ?? {};
/** What Fn::Sub fills in. */
const filled = (name: string): string => `\${${name}}`;
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

describe('settings of the template', () => {
  it('are all the variables of the configuration, save the credential itself, which must not be a parameter', () => {
    const own = variables.map(([name]) => name).filter(name => !name.startsWith('OTEL_'));
    expect(own.toSorted()).toEqual([...rows.keys()].filter(name => !name.endsWith('_GATEWAY_CREDENTIAL')).toSorted());
  });

  it.each(variables)('%s comes from the parameter of the same name', (name, value) => {
    expect(value).toEqual({ Ref: parameterOf(name) });
    expect(spec(name)['Description']).toMatch(/\S/);
  });

  it.each([...rows.keys()].filter(name => spec(name)['Default'] !== undefined))(
    '%s has the default of the code',
    name => {
      expect(String(spec(name)['Default'])).toBe(rows.get(name)?.byDefault ?? '');
    },
  );

  it.each([...rows.keys()].filter(name => !name.endsWith('_GATEWAY_CREDENTIAL')))(
    '%s lets nothing through that the code would refuse at its limits',
    name => {
      const { MinValue, MaxValue, AllowedValues } = spec(name);
      const limits = [MinValue, MaxValue].filter(limit => limit !== undefined).map(String);
      for (const text of [...limits, ...texts(AllowedValues)]) {
        expect(() => rows.get(name)?.parse(text)).not.toThrow();
      }
    },
  );

  it.each(variables.map(([name]) => name))('%s is checked before anything is deployed', name => {
    const { Type, MinValue, MaxValue, AllowedValues, AllowedPattern } = spec(name);
    const free = /^OTEL_(SERVICE_NAME|RESOURCE_ATTRIBUTES|EXPORTER_OTLP_HEADERS|PROPAGATORS)$/.test(name);
    const checked =
      Type === 'Number'
        ? typeof MinValue === 'number' && typeof MaxValue === 'number'
        : (AllowedValues ?? AllowedPattern);
    expect(free || checked).toBeTruthy();
  });

  it('are each shown once in the groups of the console', () => {
    const groups = at(template.Metadata, 'AWS::CloudFormation::Interface', 'ParameterGroups');
    const shown = entriesOf(groups).flatMap(([, group]) => texts(at(group, 'Parameters')));
    expect(shown.toSorted()).toEqual(Object.keys(template.Parameters).toSorted());
  });

  it('leave the function a second more than the longest deadline, and API Gateway two more than the function', () => {
    expect(authorizer?.['Timeout']).toBe(8);
    expect(spec('AUTHORIZER_DEADLINE_MS')['MaxValue']).toBeLessThanOrEqual(7000);
  });
});

describe('the serverless repository', () => {
  const application = at(template.Metadata, 'AWS::ServerlessRepo::Application');
  const deploy = new URL('../../deploy/', import.meta.url);
  const read = (path: string): string => readFileSync(new URL(path, deploy), 'utf8');
  const { version, license } = JSON.parse(read('../package.json'));

  it('is told name, author and description within its limits, and the version and licence of package.json', () => {
    expect(application).toMatchObject({ SemanticVersion: version, SpdxLicenseId: license });
    expect(at(application, 'Name')).toMatch(/^[A-Za-z0-9-]{1,140}$/);
    expect(String(at(application, 'Description')).length).toBeLessThanOrEqual(256);
    expect(String(at(application, 'Author'))).toMatch(/^.{1,127}$/);
    expect(texts(at(application, 'Labels')).length).toBeLessThanOrEqual(10);
  });

  it('is given the licence and the README, which are there', () => {
    expect(read(String(at(application, 'LicenseUrl')))).toContain('Apache License');
    expect(read(String(at(application, 'ReadmeUrl')))).toMatch(/^# /);
  });
});

describe('signed code', () => {
  it('is asked for only where a code signing configuration is named', () => {
    expect(authorizer?.['CodeSigningConfigArn']).toEqual({
      'Fn::If': ['IsSigned', { Ref: 'CodeSigningConfigArn' }, { Ref: 'AWS::NoValue' }],
    });
    const pattern = new RegExp(String(template.Parameters['CodeSigningConfigArn']?.['AllowedPattern']));
    expect('arn:aws:lambda:eu-central-1:123456789012:code-signing-config:csc-0123456789abcdef0').toMatch(pattern);
    expect('').toMatch(pattern);
    expect('arn:aws:signer:eu-central-1:123456789012:/signing-profiles/p').not.toMatch(pattern);
  });
});

describe('access that the template grants', () => {
  const statements = leaves(at(template.Resources['Role']?.Properties, 'Policies') ?? []);

  it('reads exactly the credential that is named', () => {
    const resources = (action: string) => {
      const found = statements.find(leaf => leaf.value === action);
      const resource = [...(found?.path.slice(0, -1) ?? []), 'Resource'];
      return statements
        .filter(leaf => resource.every((key, depth) => leaf.path[depth] === key))
        .map(leaf => leaf.value);
    };
    expect(resources('secretsmanager:GetSecretValue')).toEqual(['PingOneGatewayCredentialSecret']);
    expect(resources('ssm:GetParameter')).toEqual(['PingOneGatewayCredentialParameter']);
    expect(resources('kms:Decrypt')).toEqual(['CredentialKmsKeyArn']);
  });

  it('uses the resource * only for actions that know no other', () => {
    const wild = statements
      .filter(leaf => leaf.path.at(-1) === 'Resource' && leaf.value === '*')
      .map(leaf => leaf.path.slice(0, -1));
    const actions = statements
      .filter(
        leaf => leaf.path.includes('Action') && wild.some(path => path.every((key, depth) => leaf.path[depth] === key)),
      )
      .map(leaf => String(leaf.value));
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter(action => !/^(xray|ec2):/.test(action))).toEqual([]);
  });

  it('lets API Gateway in through authorizers only, and only to the alias', () => {
    const [permission] = resourcesOf(template, 'AWS::Lambda::Permission');
    expect(at(permission?.Properties, 'SourceArn', 'Fn::Sub')).toMatch(/:execute-api:.*:\$\{ApiId\}\/authorizers\/\*$/);
    expect(at(permission?.Properties, 'FunctionName', 'Ref')).toBe('AuthorizerFunction.Alias');
  });

  it('lets no API in that is not named', () => {
    expect(template.Parameters['ApiId']?.['Default']).toBe('');
    const [permission] = resourcesOf(template, 'AWS::Lambda::Permission');
    expect(permission?.Condition).toBe('GrantsApi');
    expect(at(template.Conditions, 'GrantsApi')).toEqual({ 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'ApiId' }, ''] }] });
  });

  it('lets up to five APIs of other accounts in, each held to its own account', () => {
    expect(template.Parameters['CrossAccountApis']).toMatchObject({ Type: 'CommaDelimitedList', Default: '' });
    const permissions = resourcesOf(template, 'AWS::Lambda::Permission').slice(1);
    expect(permissions).toHaveLength(5);
    for (const [slot, { Condition, Properties }] of permissions.entries()) {
      expect(Condition).toBe(`GrantsCrossAccount${slot + 1}`);
      const apis = { Apis: { 'Fn::Join': [',', { Ref: 'CrossAccountApis' }] } };
      const listed = { 'Fn::Split': [',', { 'Fn::Sub': [`${filled('Apis')},,,,`, apis] }] };
      const entry = { 'Fn::Select': [slot, listed] };
      const part = (at: number) => ({ 'Fn::Select': [at, { 'Fn::Split': ['/', entry] }] });
      expect(at(template.Conditions, `GrantsCrossAccount${slot + 1}`)).toEqual({
        'Fn::Not': [{ 'Fn::Equals': [entry, ''] }],
      });
      expect(Properties).toMatchObject({
        FunctionName: { Ref: 'AuthorizerFunction.Alias' },
        SourceAccount: part(0),
        SourceArn: {
          'Fn::Sub': [
            `arn:${filled('AWS::Partition')}:execute-api:${filled('AWS::Region')}:${filled('Account')}:${filled('Api')}/authorizers/*`,
            { Account: part(0), Api: part(1) },
          ],
        },
      });
    }
  });

  it('asks for one credential store, not none and not both', () => {
    expect(JSON.stringify(template.Rules)).toContain('PingOneGatewayCredentialSecret');
    expect(entriesOf(at(template.Rules, 'OneCredential', 'Assertions'))).toHaveLength(2);
  });
});

describe('a release', () => {
  it('replaces the version whenever Release changes, for SAM sees no changed parameter', () => {
    expect(authorizer?.['VersionDescription']).toEqual({ Ref: 'Release' });
    expect(at(authorizer, 'Description', 'Fn::Sub')).toContain(['$', '{Release}'].join(''));
    expect(template.Parameters['Release']).not.toHaveProperty('Default');
  });

  it('rolls back on alarms that exist', () => {
    const alarms = entriesOf(at(authorizer, 'DeploymentPreference', 'Alarms')).map(([, alarm]) =>
      String(at(alarm, 'Ref')),
    );
    expect(alarms.length).toBeGreaterThan(0);
    expect(alarms.map(name => template.Resources[name]?.Type)).toEqual(alarms.map(() => 'AWS::CloudWatch::Alarm'));
  });
});

describe('outputs', () => {
  it('hand out the authorizer URI of the alias, ready to paste', () => {
    expect(at(template.Outputs['AuthorizerUri']?.Value, 'Fn::Sub')).toMatch(
      /:lambda:path\/2015-03-31\/functions\/\$\{AuthorizerFunction\.Alias\}\/invocations$/,
    );
  });
});

describe('dist/dashboards.yaml', () => {
  it('is what deploy/generate-dashboards.ts makes of dashboards/*.json now', async () => {
    const { DASHBOARDS_TEMPLATE, dashboardsTemplate } = await import('../../deploy/generate-dashboards.ts');
    expect(readFileSync(DASHBOARDS_TEMPLATE, 'utf8')).toBe(dashboardsTemplate());
  });

  it('leaves no placeholder of the pasted dashboards', () => {
    const text = readFileSync(new URL('../../dist/dashboards.yaml', import.meta.url), 'utf8');
    expect(text).not.toMatch(/your-authorizer|"us-east-1"|__FIRST|[{"]PingOneAuthorizer/);
  });
});
