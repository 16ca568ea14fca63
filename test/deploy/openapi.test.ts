/** The OpenAPI documents: valid, guarded on every route, nothing cached, and the same answers as the other templates give. */
import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { at, entriesOf, example, type Json, leaves, ORIGIN, resourcesOf, underFormat } from './templates.ts';

const FOLDER = new URL('../../deploy/openapi/', import.meta.url);

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  authorizer_uri:
    'arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:f:live/invocations',
  backend_url: 'https://backend.example',
  allowed_origin: ORIGIN,
};

const textOf = (name: string): string => readFileSync(new URL(`${name}.yaml`, FOLDER), 'utf8');

/** As `envsubst` and Terraform's `templatefile` fill it. */
const filled = (name: string): Json =>
  parse(textOf(name).replace(/\$\{(\w+)\}/g, (text, placeholder: string) => PLACEHOLDERS[placeholder] ?? text));

const documents = ['rest-api', 'http-api'].map(name => ({ name, document: filled(name) }));

const scheme = (document: Json): Json | undefined => at(document, 'components', 'securitySchemes', 'PingOne');
const authorizerOf = (document: Json): Json | undefined => at(scheme(document), 'x-amazon-apigateway-authorizer');
const operationsOf = (document: Json): readonly (readonly [string, Json])[] =>
  entriesOf(at(document, 'paths')).flatMap(([, methods]) => entriesOf(methods));
const guarded = (document: Json): Json | undefined =>
  at(document, 'paths', '/{proxy+}', 'x-amazon-apigateway-any-method');

describe.each(documents)('$name.yaml', ({ name, document }) => {
  it('is valid OpenAPI 3.0', async () => {
    const { valid, errors } = await new Validator().validate(Object.fromEntries(entriesOf(document)));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(at(document, 'openapi')).toBe('3.0.1');
  });

  it('leaves only the named placeholders open', () => {
    const names = [...textOf(name).matchAll(/\$\{(\w+)\}/g)].map(match => match[1] ?? '');
    expect([...new Set(names)].toSorted()).toEqual(Object.keys(PLACEHOLDERS).toSorted());
    // Terraform's templates know a second opening.
    expect(textOf(name)).not.toContain('%{');
  });

  it('has one authorizer of type request, whose results are not cached and which has no identity source', () => {
    expect(entriesOf(at(document, 'components', 'securitySchemes')).map(([key]) => key)).toEqual(['PingOne']);
    const authorizer = authorizerOf(document);
    expect(at(authorizer, 'type')).toBe('request');
    expect(at(authorizer, 'authorizerResultTtlInSeconds')).toBe(0);
    expect(at(authorizer, 'authorizerUri')).toBe(PLACEHOLDERS['authorizer_uri']);
    expect(authorizer).not.toHaveProperty('identitySource');
  });

  it('guards every method except the preflight', () => {
    const open = operationsOf(document).filter(([, operation]) => at(operation, 'security') === undefined);
    expect(open.map(([method]) => method)).toEqual(['options']);
    expect(at(guarded(document), 'security')).toEqual([{ PingOne: [] }]);
  });

  it('maps backend headers from exported headers of the same name, or from keys that a permit always has', () => {
    const mappings = leaves(guarded(document) ?? null).filter(({ path }) => /header\.[\w-]+$/i.test(path.at(-1) ?? ''));
    expect(mappings.length).toBeGreaterThan(0);
    for (const { path, value } of mappings) {
      const header = path
        .at(-1)
        ?.replace(/^.*header\./, '')
        .toLowerCase()
        .replaceAll('-', '_');
      const key = String(value).replace(/^\$?context\.authorizer\./, '');
      expect([`hdr_${header}`, 'correlationId']).toContain(key);
    }
  });
});

describe('rest-api.yaml', () => {
  const document = filled('rest-api');

  it('is a custom authorizer for API Gateway, and knows nothing that only HTTP APIs have', () => {
    expect(at(scheme(document), 'x-amazon-apigateway-authtype')).toBe('custom');
    expect(Object.keys(Object(authorizerOf(document))).toSorted()).toEqual([
      'authorizerResultTtlInSeconds',
      'authorizerUri',
      'type',
    ]);
  });

  it('sends the backend what the SAM example sends', () => {
    const [api] = resourcesOf(example('rest-api'), 'AWS::Serverless::Api');
    const operation = at(api?.Properties['DefinitionBody'], 'paths', '/{proxy+}', 'x-amazon-apigateway-any-method');
    const expected = at(operation, 'x-amazon-apigateway-integration', 'requestParameters');
    expect(at(guarded(document), 'x-amazon-apigateway-integration', 'requestParameters')).toEqual(expected);
  });

  it('has the gateway responses of the SAM example', () => {
    const [api] = resourcesOf(example('rest-api'), 'AWS::Serverless::Api');
    const expected = entriesOf(api?.Properties['GatewayResponses']).map(([type, response]) => {
      const headers = entriesOf(at(response, 'ResponseParameters', 'Headers')).map(([header, value]) => [
        `gatewayresponse.header.${header}`,
        underFormat(value, 'reason'),
      ]);
      const status = at(response, 'StatusCode');
      const body = underFormat(at(response, 'ResponseTemplates', 'application/json'), 'reason');
      return [
        type,
        {
          ...(status === undefined ? {} : { statusCode: status }),
          responseParameters: Object.fromEntries(headers),
          responseTemplates: { 'application/json': body },
        },
      ];
    });
    expect(at(document, 'x-amazon-apigateway-gateway-responses')).toEqual(Object.fromEntries(expected));
  });

  it('answers the preflight itself, with the origin that is allowed', () => {
    const preflight = at(document, 'paths', '/{proxy+}', 'options', 'x-amazon-apigateway-integration');
    expect(at(preflight, 'type')).toBe('mock');
    const headers = entriesOf(at(preflight, 'responses', 'default', 'responseParameters'));
    expect(Object.fromEntries(headers)['method.response.header.Access-Control-Allow-Origin']).toBe(`'${ORIGIN}'`);
    const declared = entriesOf(at(document, 'paths', '/{proxy+}', 'options', 'responses', '204', 'headers'));
    expect(headers.map(([name]) => name)).toEqual(declared.map(([name]) => `method.response.header.${name}`));
  });
});

describe('http-api.yaml', () => {
  const document = filled('http-api');
  const [expected] = resourcesOf(example('http-api-simple'), 'AWS::ApiGatewayV2::Authorizer');

  it('has the authorizer of the CloudFormation example: payload 2.0 and simple responses', () => {
    const authorizer = authorizerOf(document);
    expect(at(authorizer, 'authorizerPayloadFormatVersion')).toBe(
      expected?.Properties['AuthorizerPayloadFormatVersion'],
    );
    expect(at(authorizer, 'authorizerPayloadFormatVersion')).toBe('2.0');
    expect(at(authorizer, 'enableSimpleResponses')).toBe(expected?.Properties['EnableSimpleResponses']);
    expect(at(authorizer, 'enableSimpleResponses')).toBe(true);
  });

  it('allows the browser application what the CloudFormation example allows', () => {
    const [api] = resourcesOf(example('http-api-simple'), 'AWS::ApiGatewayV2::Api');
    const cors = api?.Properties['CorsConfiguration'];
    expect(at(document, 'x-amazon-apigateway-cors')).toEqual({
      allowOrigins: [ORIGIN],
      allowHeaders: at(cors, 'AllowHeaders'),
      allowMethods: at(cors, 'AllowMethods'),
    });
  });

  it('has no gateway responses, which HTTP APIs do not know', () => {
    expect(document).not.toHaveProperty('x-amazon-apigateway-gateway-responses');
  });
});
