/** The REST authorizer event, held against the captures that docs/events.md#rest names. */
import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { RestApi } from '../../../../local/gateway/api.ts';
import type { GatewayRequest } from '../../../../local/gateway/request.ts';
import { type RestEvent, restEvent } from '../../../../local/gateway/rest-event.ts';
import { restRoute } from '../../../../local/gateway/routing.ts';
import { REST, requestOf } from './sample.ts';

const eventOf = (request: GatewayRequest, api: RestApi = REST): RestEvent => {
  const route = restRoute(api, request.method, request.target);
  if (route === undefined) throw new Error(`no route for ${request.target}`);
  return restEvent(request, api, route);
};

describe('the REST event', () => {
  it('has exactly the keys that AWS sends, in a minimal request', () => {
    expect(eventOf(requestOf('/dev/products/1', [['User-Agent', 'curl/8']]))).toEqual({
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:us-east-1:123456789012:api1/dev/GET/products/1',
      resource: '/products/{productId}',
      path: '/products/1',
      httpMethod: 'GET',
      headers: {
        Host: 'api.example.com',
        'User-Agent': 'curl/8',
        'X-Amzn-Trace-Id': 'Root=1-6560aabb-000000000000000000000001',
        'X-Forwarded-For': '192.0.2.1',
        'X-Forwarded-Port': '443',
        'X-Forwarded-Proto': 'https',
      },
      multiValueHeaders: {
        Host: ['api.example.com'],
        'User-Agent': ['curl/8'],
        'X-Amzn-Trace-Id': ['Root=1-6560aabb-000000000000000000000001'],
        'X-Forwarded-For': ['192.0.2.1'],
        'X-Forwarded-Port': ['443'],
        'X-Forwarded-Proto': ['https'],
      },
      queryStringParameters: {},
      multiValueQueryStringParameters: {},
      pathParameters: { productId: '1' },
      stageVariables: {},
      requestContext: {
        resourceId: 'r2',
        resourcePath: '/products/{productId}',
        httpMethod: 'GET',
        extendedRequestId: expect.stringMatching(/^[\w-]{15}=$/),
        requestTime: '22/Nov/2026:14:05:06 +0000',
        path: '/dev/products/1',
        accountId: '123456789012',
        protocol: 'HTTP/1.1',
        stage: 'dev',
        domainPrefix: 'api1',
        requestTimeEpoch: Date.UTC(2026, 10, 22, 14, 5, 6),
        requestId: '11111111-2222-4333-8444-555555555555',
        identity: {
          cognitoIdentityPoolId: null,
          accountId: null,
          cognitoIdentityId: null,
          caller: null,
          sourceIp: '192.0.2.1',
          principalOrgId: null,
          accessKey: null,
          cognitoAuthenticationType: null,
          cognitoAuthenticationProvider: null,
          userArn: null,
          userAgent: 'curl/8',
          user: null,
        },
        domainName: 'api1.execute-api.us-east-1.amazonaws.com',
        apiId: 'api1',
      },
    });
  });

  it('keeps the path, its parameters and the ARN as the client encoded them', () => {
    const event = eventOf(requestOf('/dev/files/a%2Fb/c%20d/'));
    expect(event.path).toBe('/files/a%2Fb/c%20d/');
    expect(event.pathParameters).toEqual({ proxy: 'a%2Fb/c%20d' });
    expect(event.methodArn).toMatch(/GET\/files\/a%2Fb\/c%20d\/$/);
  });

  it('decodes the query; the single map has the last value, the multi map all', () => {
    const event = eventOf(requestOf('/dev/?a=1&a=2&b=x+y%21&c&d='));
    expect(event.queryStringParameters).toEqual({ a: '2', b: 'x y!', c: '', d: '' });
    expect(event.multiValueQueryStringParameters).toEqual({ a: ['1', '2'], b: ['x y!'], c: [''], d: [''] });
  });

  it('keeps the case of header names, has the last of repeated values, and drops hop-by-hop headers', () => {
    const event = eventOf(
      requestOf('/dev/', [
        ['tEsT', '1'],
        ['Test', '2'],
        ['Connection', 'close'],
        ['TE', 'x'],
      ]),
    );
    expect(event.headers).toMatchObject({ tEsT: '2' });
    expect(event.multiValueHeaders).toMatchObject({ tEsT: ['1', '2'] });
    expect(Object.keys(event.headers)).not.toContain('Connection');
    expect(Object.keys(event.headers)).not.toContain('TE');
  });

  it("appends the peer to a client's X-Forwarded-For", () => {
    expect(eventOf(requestOf('/dev/', [['X-Forwarded-For', '10.0.0.1']])).headers).toMatchObject({
      'X-Forwarded-For': '10.0.0.1, 192.0.2.1',
    });
  });

  it('on a custom domain keeps the base path in both paths and in no ARN', () => {
    const event = eventOf(requestOf('/v1/products/7'), { ...REST, basePath: 'v1' });
    expect([event.path, event.requestContext.path]).toEqual(['/v1/products/7', '/v1/products/7']);
    expect(event.methodArn).toMatch(/api1\/dev\/GET\/products\/7$/);
  });

  it('carries the client certificate only where there is one', () => {
    const validity = { notBefore: 'a', notAfter: 'b' };
    const clientCertificate = { clientCertPem: 'pem', subjectDN: 's', issuerDN: 'i', serialNumber: '1', validity };
    const event = eventOf({ ...requestOf('/dev/'), clientCertificate });
    expect(event.requestContext.identity.clientCert).toEqual(clientCertificate);
    expect('clientCert' in eventOf(requestOf('/dev/')).requestContext.identity).toBe(false);
  });

  it('is what @types/aws-lambda calls a REQUEST event, but for keys that only apply with keys or certificates', () => {
    const event = eventOf(requestOf('/dev/'));
    const { requestContext, ...rest } = event;
    const typed: Omit<APIGatewayRequestAuthorizerEvent, 'requestContext'> = rest;
    const { identity, ...context } = requestContext;
    const typedContext: Omit<APIGatewayRequestAuthorizerEvent['requestContext'], 'identity' | 'authorizer'> = context;
    const typedIdentity: Omit<
      APIGatewayRequestAuthorizerEvent['requestContext']['identity'],
      'apiKey' | 'apiKeyId' | 'clientCert'
    > = identity;
    expect([typed.type, typedContext.stage, typedIdentity.sourceIp]).toEqual(['REQUEST', 'dev', '192.0.2.1']);
  });
});

describe('routing of a REST API', () => {
  it.each([
    ['another stage', '/prod/products/1', 'GET'],
    ['no stage', '/products/1', 'GET'],
    ['a method that is not there', '/dev/products/1', 'PUT'],
    ['a path that is not there', '/dev/nothing', 'GET'],
    ['a greedy parameter without a value', '/dev/files', 'GET'],
  ])('knows no route for %s', (_title, target, method) => {
    expect(restRoute(REST, method, target)).toBeUndefined();
  });
});
