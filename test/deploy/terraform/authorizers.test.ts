/** Every authorizer of the Terraform examples: nothing cached, no identity source, and no route without it. */
import { describe, expect, it } from 'vitest';
import { type Body, expressionOf, type Module } from '../../../scripts/terraform-files.ts';
import { ALL, EXAMPLES, texts } from './files.ts';

const ofType = ({ resources }: Module, type: string): readonly Body[] =>
  [...resources].filter(([address]) => address.startsWith(`${type}.`)).map(([, body]) => body);

const withV2 = EXAMPLES.filter(({ files }) => ofType(files, 'aws_apigatewayv2_authorizer').length > 0);

describe('the examples', () => {
  it('show a REST, an HTTP and a WebSocket API, and PingOne with AWS in one plan', () => {
    expect(EXAMPLES.map(({ name }) => name).toSorted()).toEqual(['http-api', 'pingone', 'rest-api', 'websocket-api']);
  });

  it.each(ALL)('$name makes no REST authorizer with the resource that always has an identity source', ({ files }) => {
    expect(ofType(files, 'aws_api_gateway_authorizer')).toEqual([]);
  });
});

describe.each(withV2)('the authorizer of $name', ({ name, files }) => {
  const [authorizer = {}, ...others] = ofType(files, 'aws_apigatewayv2_authorizer');
  const isWebSocket = name === 'websocket-api';

  it('caches nothing and has no identity source', () => {
    expect(others).toEqual([]);
    expect(authorizer['authorizer_type']).toBe('REQUEST');
    // A WebSocket API caches nothing, and refuses the argument.
    expect(authorizer['authorizer_result_ttl_in_seconds']).toBe(isWebSocket ? undefined : 0);
    expect(authorizer).not.toHaveProperty('identity_sources');
  });

  it('invokes the alias', () => {
    expect(expressionOf(authorizer['authorizer_uri'])).toBe('module.pingone_authorizer.invoke_arn');
  });

  it('asks for payload 2.0, and agrees with the function about simple responses', () => {
    if (isWebSocket) return;
    expect(authorizer['authorizer_payload_format_version']).toBe('2.0');
    const format = expressionOf(files.modules.get('pingone_authorizer')?.['response_format']);
    const simple = expressionOf(authorizer['enable_simple_responses']);
    expect(format).toBe(simple === 'true' ? 'simple' : `${simple} ? "simple" : "iam"`);
  });

  it('guards every route but the preflight and what comes after a handshake', () => {
    const open = ofType(files, 'aws_apigatewayv2_route').filter(route => route['authorization_type'] !== 'CUSTOM');
    const keys = open.map(route => String(route['route_key']));
    expect(keys).toEqual([isWebSocket ? '$default' : 'OPTIONS /{proxy+}']);
  });

  it('overwrites backend headers with exported headers of the same name', () => {
    const mappings = ofType(files, 'aws_apigatewayv2_integration').flatMap(({ request_parameters: mapping }) =>
      Object.entries(mapping ?? {}),
    );
    const forwarded = JSON.stringify(files.modules.get('pingone_authorizer')?.['forward_headers'] ?? []).toLowerCase();
    for (const [target, value] of mappings) {
      const header = /^overwrite:header\.([a-z0-9-]+)$/.exec(target)?.[1] ?? '';
      expect(value).toBe(`$context.authorizer.hdr_${header.replaceAll('-', '_')}`);
      expect(forwarded).toContain(`"${header}"`);
    }
  });
});

describe('the REST example', () => {
  const files = EXAMPLES.find(({ name }) => name === 'rest-api')?.files;
  const api = files?.resources.get('aws_api_gateway_rest_api.orders') ?? {};

  it('takes its authorizer from the OpenAPI document', () => {
    expect(api['body']).toContain('../../../openapi/rest-api.yaml');
    expect(api['body']).toContain('authorizer_uri = module.pingone_authorizer.invoke_arn');
  });

  it('is deployed again whenever the document changes', () => {
    const deployment = files?.resources.get('aws_api_gateway_deployment.orders') ?? {};
    expect(JSON.stringify(deployment['triggers'])).toContain('sha1(aws_api_gateway_rest_api.orders.body)');
  });
});

describe('the example with both sides', () => {
  const files = EXAMPLES.find(({ name }) => name === 'pingone')?.files;
  const resource = (address: string): Body => files?.resources.get(address) ?? {};

  it('hands the credential of the gateway to the function through the secret store', () => {
    const version = resource('aws_secretsmanager_secret_version.gateway_credential');
    expect(expressionOf(version['secret_string'])).toBe('pingone_gateway_credential.aws.credential');
    expect(expressionOf(files?.modules.get('pingone_authorizer')?.['pingone_gateway_credential_secret'])).toBe(
      'aws_secretsmanager_secret_version.gateway_credential.arn',
    );
    const users = [...(files?.resources ?? [])].filter(([, body]) =>
      texts(body).some(({ text }) => text.includes('pingone_gateway_credential.aws.credential')),
    );
    expect(users.map(([address]) => address)).toEqual(['aws_secretsmanager_secret_version.gateway_credential']);
    expect(JSON.stringify(files?.outputs)).not.toContain('credential');
  });

  it("has the API's own URL as base URL of the API service", () => {
    const urls = [resource('pingone_authorize_api_service.orders')['base_urls']].flat();
    expect(urls.map(expressionOf)).toEqual(['aws_apigatewayv2_api.orders.api_endpoint']);
  });

  it('deploys the API service again when it or an operation changes', () => {
    const triggers = JSON.stringify(resource('pingone_authorize_api_service_deployment.orders'));
    expect(triggers).toContain('local.operations');
    const operations = [...(files?.resources.keys() ?? [])].filter(key => key.includes('_service_operation.'));
    expect(operations).toHaveLength(2);
    for (const address of operations) expect(JSON.stringify(files?.locals['operations'])).toContain(address);
  });
});
