/** What every template in deploy/examples sets right, whatever kind of API it shows. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deny } from '../../src/domain/decision.ts';
import { contextOf } from '../../src/gateway/context.ts';
import {
  alternatives,
  at,
  EXAMPLES,
  entriesOf,
  type Json,
  leaves,
  readTemplate,
  resourcesOf,
  TEMPLATE,
} from './templates.ts';

const examples = EXAMPLES.map(path => ({ path, name: basename(path, '.yaml'), template: readTemplate(path) }));
const restApis = examples.flatMap(({ name, template }) =>
  resourcesOf(template, 'AWS::Serverless::Api').map(api => ({ name, api: api.Properties })),
);
const withV2Authorizer = examples.flatMap(({ name, template }) =>
  resourcesOf(template, 'AWS::ApiGatewayV2::Authorizer').map(({ Properties }) => ({
    name,
    template,
    authorizer: Properties,
  })),
);
const responses = restApis.flatMap(({ name, api }) =>
  entriesOf(api['GatewayResponses']).map(([type, response]) => ({ name, type, response })),
);

const FULL_DENIAL = contextOf(
  deny({
    reasonCode: 'STEP_UP_REQUIRED',
    status: 401,
    reason: 'r',
    fromPdp: true,
    challenge: 'Bearer',
    body: '{}',
  }),
  [],
  { requestId: 'id', traceId: 'trace' },
);

const contextKeys = (text: string): readonly string[] =>
  [...text.matchAll(/context\.authorizer\.(\w+)/g)].map(match => match[1] ?? '');

describe.each(restApis)('REST example $name', ({ api }) => {
  const authorizers = entriesOf(at(api['Auth'], 'Authorizers'));

  it('has one authorizer, TTL 0, of type REQUEST and without identity source, on every path', () => {
    const [[name, authorizer] = ['', null]] = authorizers;
    expect(authorizers).toHaveLength(1);
    expect(at(api['Auth'], 'DefaultAuthorizer')).toBe(name);
    expect(at(authorizer, 'FunctionPayloadType')).toBe('REQUEST');
    expect(at(authorizer, 'Identity')).toEqual({ ReauthorizeEvery: 0 });
  });

  it('lets a preflight pass without a token', () => {
    if (api['Cors'] !== undefined) expect(at(api['Auth'], 'AddDefaultAuthorizerToCorsPreflight')).toBe(false);
  });

  it('is deployed again whenever the stack is', () => {
    expect(api['AlwaysDeploy']).toBe(true);
  });

  it('maps backend headers from exported headers or from keys that a permit always has', () => {
    const mappings = leaves(api['DefinitionBody'] ?? null).filter(({ path }) =>
      path.at(-1)?.startsWith('integration.request.header.'),
    );
    const keys = mappings.flatMap(({ value }) => contextKeys(String(value)));
    expect(keys).toHaveLength(mappings.length);
    expect(keys.filter(key => !/^(hdr_[a-z0-9_]+|correlationId)$/.test(key))).toEqual([]);
    for (const { path, value } of mappings.filter(mapping => String(mapping.value).includes('hdr_'))) {
      const header = path.at(-1)?.replace('integration.request.header.', '').toLowerCase().replaceAll('-', '_');
      expect(value).toBe(`context.authorizer.hdr_${header}`);
    }
  });
});

describe.each(responses)('gateway response $type of $name', ({ type, response }) => {
  const bodies = alternatives(at(response, 'ResponseTemplates', 'application/json'));
  const headers = entriesOf(at(response, 'ResponseParameters', 'Headers'));

  it('renders only context keys that a denial has, and none where the authorizer returned nothing', () => {
    const used = [...bodies, ...headers.flatMap(([, value]) => alternatives(value))].flatMap(contextKeys);
    expect(used.filter(key => !(key in FULL_DENIAL))).toEqual([]);
    if (type !== 'ACCESS_DENIED') expect(used).toEqual([]);
  });

  it('keeps the status of other types', () => {
    expect(at(response, 'StatusCode') === undefined).toBe(type.startsWith('DEFAULT_'));
  });

  it('puts constants between single quotes', () => {
    for (const text of headers.flatMap(([, value]) => alternatives(value))) {
      expect(text).toMatch(/^('[^']+'|context\.authorizer\.\w+)$/);
    }
  });
});

describe.each(withV2Authorizer)('authorizer of $name', ({ name, template, authorizer }) => {
  it('caches nothing and has no identity source', () => {
    expect(authorizer['AuthorizerResultTtlInSeconds']).toBe(name === 'websocket-api' ? undefined : 0);
    expect(authorizer).not.toHaveProperty('IdentitySource');
  });

  it('asks for payload 2.0 and says which answer it expects', () => {
    if (name === 'websocket-api') return;
    expect(authorizer['AuthorizerPayloadFormatVersion']).toBe('2.0');
    expect(authorizer['EnableSimpleResponses']).toBe(name === 'http-api-simple');
  });

  it('may be invoked, as an authorizer of this API', () => {
    const sources = resourcesOf(template, 'AWS::Lambda::Permission')
      .filter(({ Properties }) => at(Properties, 'FunctionName', 'Ref') === 'AuthorizerAliasArn')
      .map(({ Properties }) => at(Properties, 'SourceArn', 'Fn::Sub'));
    expect(sources).toEqual([expect.stringMatching(/:execute-api:.*:\$\{Api\}\/authorizers\/\$\{Authorizer\}$/)]);
  });

  it('guards every route but the preflight and what comes after a handshake', () => {
    const open = resourcesOf(template, 'AWS::ApiGatewayV2::Route')
      .filter(({ Properties }) => Properties['AuthorizationType'] !== 'CUSTOM')
      .map(({ Properties }) => String(Properties['RouteKey']));
    expect(
      open.filter(key => !(key.startsWith('OPTIONS ') || (name === 'websocket-api' && key !== '$connect'))),
    ).toEqual([]);
  });

  it('overwrites backend headers, with exported headers of the same name', () => {
    const mappings = resourcesOf(template, 'AWS::ApiGatewayV2::Integration').flatMap(({ Properties }) =>
      entriesOf(Properties['RequestParameters']),
    );
    for (const [target, source] of mappings) {
      const header = /^overwrite:header\.([a-z0-9-]+)$/.exec(target)?.[1];
      expect(source).toBe(`$context.authorizer.hdr_${header?.replaceAll('-', '_')}`);
    }
  });
});

describe.each(examples)('example $name', ({ path, template }) => {
  it('points to an alias', () => {
    const parameter: { readonly [key: string]: Json } | undefined = template.Parameters['AuthorizerAliasArn'];
    if (parameter === undefined) return;
    const pattern = new RegExp(String(parameter['AllowedPattern']));
    expect(pattern.test('arn:aws:lambda:eu-central-1:123456789012:function:authorizer:live')).toBe(true);
    expect(pattern.test('arn:aws:lambda:eu-central-1:123456789012:function:authorizer')).toBe(false);
  });

  it('uses no YAML alias, which CloudFormation does not know', () => {
    expect(readFileSync(path, 'utf8')).not.toMatch(/^ *[\w-]+: [&*]\w+$/m);
  });
});

const statementsOf = (template: ReturnType<typeof readTemplate>): readonly Json[] => {
  const inside = (value: Json): readonly Json[] =>
    typeof value !== 'object' || value === null
      ? []
      : [...(at(value, 'Effect') === undefined ? [] : [value]), ...Object.values(value).flatMap(inside)];
  return resourcesOf(template, 'AWS::IAM::Role').flatMap(({ Properties }) => inside(Properties));
};

describe.each(
  [TEMPLATE, ...EXAMPLES]
    .map(path => ({ name: basename(path), statements: statementsOf(readTemplate(path)) }))
    .map(({ name, statements }) => ({ name, keys: statements.filter(of => at(of, 'Action') === 'kms:Decrypt') }))
    .filter(({ keys }) => keys.length > 0),
)('a customer managed key in $name', ({ keys }) => {
  it('is used through the credential’s store alone', () => {
    const through = keys.map(statement => at(statement, 'Condition', 'StringEquals', 'kms:ViaService'));
    expect(through).toHaveLength(1);
    const text = JSON.stringify(through);
    const stores = /"secretsmanager\.\$\{AWS::Region\}.*"ssm\.\$\{AWS::Region\}/.test(text);
    const part = (at: number) => ({ 'Fn::Select': [at, { 'Fn::Split': [':', { Ref: 'CredentialArn' }] }] });
    const ofArn = JSON.stringify([{ 'Fn::Join': ['.', [part(2), part(3), { Ref: 'AWS::URLSuffix' }]] }]);
    expect(stores || text === ofArn).toBe(true);
  });
});

it('every template with a key of the customer’s is looked at', () => {
  const named = [TEMPLATE, ...EXAMPLES].filter(path => readFileSync(path, 'utf8').includes('kms:Decrypt'));
  expect(named.map(path => basename(path))).toEqual(['template.yaml', 'edge.yaml']);
});
