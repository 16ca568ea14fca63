/** The HTTP API authorizer events, 2.0 and 1.0, held against the captures that docs/events.md#http-20 names. */
import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { HttpApi } from '../../../../local/gateway/api.ts';
import { httpV1Event } from '../../../../local/gateway/http-v1-event.ts';
import { type HttpV2Event, httpV2Event } from '../../../../local/gateway/http-v2-event.ts';
import type { GatewayRequest } from '../../../../local/gateway/request.ts';
import { type HttpRoute, httpRoute } from '../../../../local/gateway/routing.ts';
import { HTTP, requestOf } from './sample.ts';

const DEV: HttpApi = { ...HTTP, stage: 'dev' };

const routeOf = (request: GatewayRequest, api: HttpApi): HttpRoute => {
  const route = httpRoute(api, request.method, request.target);
  if (route === undefined) throw new Error(`no route for ${request.target}`);
  return route;
};

const eventOf = (request: GatewayRequest, api: HttpApi = HTTP): HttpV2Event =>
  httpV2Event(request, api, routeOf(request, api), null);

describe('the HTTP API event 2.0', () => {
  it('has exactly the keys that AWS sends; what is empty is absent', () => {
    expect(eventOf(requestOf('/products/1', [['User-Agent', 'curl/8']]))).toEqual({
      version: '2.0',
      type: 'REQUEST',
      routeArn: 'arn:aws:execute-api:us-east-1:123456789012:api2/$default/GET/products/1',
      identitySource: null,
      routeKey: 'GET /products/{id}',
      rawPath: '/products/1',
      rawQueryString: '',
      headers: {
        host: 'api.example.com',
        'user-agent': 'curl/8',
        'x-amzn-trace-id': 'Root=1-6560aabb-000000000000000000000001',
        'x-forwarded-for': '192.0.2.1',
        'x-forwarded-port': '443',
        'x-forwarded-proto': 'https',
      },
      requestContext: {
        accountId: '123456789012',
        apiId: 'api2',
        domainName: 'api2.execute-api.us-east-1.amazonaws.com',
        domainPrefix: 'api2',
        http: {
          method: 'GET',
          path: '/products/1',
          protocol: 'HTTP/1.1',
          sourceIp: '192.0.2.1',
          userAgent: 'curl/8',
        },
        requestId: '11111111-2222-4333-8444-555555555555',
        routeKey: 'GET /products/{id}',
        stage: '$default',
        time: '22/Nov/2026:14:05:06 +0000',
        timeEpoch: Date.UTC(2026, 10, 22, 14, 5, 6),
      },
      pathParameters: { id: '1' },
    });
  });

  it('lowers header names, joins repeats with a comma and takes the cookies out', () => {
    const event = eventOf(
      requestOf('/products/1', [
        ['X-A', '1'],
        ['x-a', '2'],
        ['Cookie', 'session=abc; theme=dark'],
        ['Content-Length', '0'],
      ]),
    );
    expect(event.headers).toMatchObject({ 'x-a': '1,2', 'content-length': '0' });
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event.cookies).toEqual(['session=abc', 'theme=dark']);
  });

  it('decodes the path and cuts it at a decoded question mark', () => {
    const event = eventOf(requestOf('/files/space%20value/caf%C3%A9%3Fx/y'));
    expect(event.rawPath).toBe('/files/space value/café');
    expect(event.requestContext.http.path).toBe(event.rawPath);
  });

  it('has the query as the client sent it, and decoded with repeats joined', () => {
    const event = eventOf(requestOf('/products/1?a=1&a=2&b=%20x'));
    expect(event.rawQueryString).toBe('a=1&a=2&b=%20x');
    expect(event.queryStringParameters).toEqual({ a: '1,2', b: ' x' });
  });

  it('shows a named stage in the path, and once in the ARN', () => {
    const event = eventOf(requestOf('/dev/products/1'), DEV);
    expect(event.rawPath).toBe('/dev/products/1');
    expect(event.routeArn).toBe('arn:aws:execute-api:us-east-1:123456789012:api2/dev/GET/products/1');
  });

  it('is what @types/aws-lambda calls an event 2.0, but for keys that it wrongly demands', () => {
    const { identitySource, cookies, requestContext, ...rest } = eventOf(requestOf('/products/1'));
    const typed: Omit<APIGatewayRequestAuthorizerEventV2, 'identitySource' | 'cookies' | 'requestContext'> = rest;
    const typedContext: Omit<APIGatewayRequestAuthorizerEventV2['requestContext'], 'authorizer'> = requestContext;
    expect([typed.version, typedContext.stage, identitySource, cookies]).toEqual(['2.0', '$default', null, undefined]);
  });
});

describe('the HTTP API event 1.0', () => {
  const request = requestOf('/files/a%20b?q=1&q=2', [['Authorization', 'Bearer t']]);
  const event = httpV1Event(request, HTTP, routeOf(request, HTTP), ['Bearer t', 'x']);

  it('has the REST shape with a version, the route key as resource id and a decoded path', () => {
    expect(event).toMatchObject({
      version: '1.0',
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:us-east-1:123456789012:api2/$default/GET/files/a b',
      resource: '/files/{proxy+}',
      path: '/files/a b',
      pathParameters: { proxy: 'a b' },
      queryStringParameters: { q: '2' },
      multiValueQueryStringParameters: { q: ['1', '2'] },
      headers: { Authorization: 'Bearer t' },
      requestContext: { resourceId: 'ANY /files/{proxy+}', identity: { cognitoAmr: null } },
    });
  });

  it('joins the identity values with a comma, twice', () => {
    expect([event.identitySource, event.authorizationToken]).toEqual(['Bearer t,x', 'Bearer t,x']);
  });
});

describe('routing of an HTTP API', () => {
  it('prefers static routes to parameters and parameters to greedy ones, and falls back to $default', () => {
    const api = { ...HTTP, routes: ['$default', 'ANY /{proxy+}', 'GET /a/{id}', 'GET /a/b'] };
    const keyOf = (target: string, method = 'GET') => httpRoute(api, method, target)?.routeKey;
    expect([keyOf('/a/b'), keyOf('/a/c'), keyOf('/x'), keyOf('/')]).toEqual([
      'GET /a/b',
      'GET /a/{id}',
      'ANY /{proxy+}',
      '$default',
    ]);
    expect(keyOf('/a/b', 'PUT')).toBe('ANY /{proxy+}');
  });
});
