/** One golden authorizer event for each kind of API, from the captures that docs/events.md names. */
import { httpHeaders, httpQuery, restHeaders, restQuery } from './event-parts.ts';

/** A JWT with `sub` "alice"; its signature is not one. */
export const BEARER =
  'Bearer eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbGljZSIsInNjb3BlIjoib3JkZXJzIn0.c2lnbmF0dXJl';

export const REST_ARN = 'arn:aws:execute-api:us-east-1:123456789012:api1/dev/GET/products/1';
export const HTTP_ARN = 'arn:aws:execute-api:us-east-1:123456789012:api2/$default/GET/products/1';
export const WEBSOCKET_ARN = 'arn:aws:execute-api:us-east-1:123456789012:api3/dev/$connect';
export const REST_HOST = 'api1.execute-api.us-east-1.amazonaws.com';
export const HTTP_HOST = 'api2.execute-api.us-east-1.amazonaws.com';
export const WEBSOCKET_HOST = 'api3.execute-api.us-east-1.amazonaws.com';

export const TRACE_ID = 'Root=1-67891233-abcdef012345678912345678';
export const VIEWER = '192.0.2.1';

const ANONYMOUS = {
  cognitoIdentityPoolId: null,
  accountId: null,
  cognitoIdentityId: null,
  caller: null,
  sourceIp: VIEWER,
  principalOrgId: null,
  accessKey: null,
  cognitoAuthenticationType: null,
  cognitoAuthenticationProvider: null,
  userArn: null,
  userAgent: 'curl/8.5.0',
  user: null,
};

/** REST API, type REQUEST, regional endpoint. */
export const REST_REQUEST = {
  type: 'REQUEST',
  methodArn: REST_ARN,
  resource: '/products/{productId}',
  path: '/products/1',
  httpMethod: 'GET',
  // An HTTP/2 client's headers arrive in lower case; the headers that the gateway adds do not.
  ...restHeaders([
    ['accept', '*/*'],
    ['authorization', BEARER],
    ['Host', REST_HOST],
    ['User-Agent', 'curl/8.5.0'],
    ['X-Amzn-Trace-Id', TRACE_ID],
    ['X-Forwarded-For', VIEWER],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ]),
  ...restQuery('fields=name&fields=price&q=a%20b'),
  pathParameters: { productId: '1' },
  stageVariables: {},
  requestContext: {
    resourceId: 'abc123',
    resourcePath: '/products/{productId}',
    httpMethod: 'GET',
    extendedRequestId: 'ZLlBLHb3oAMFzWA=',
    requestTime: '16/Jul/2026:12:00:00 +0000',
    path: '/dev/products/1',
    accountId: '123456789012',
    protocol: 'HTTP/1.1',
    stage: 'dev',
    domainPrefix: 'api1',
    requestTimeEpoch: 1_784_203_200_000,
    requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    identity: ANONYMOUS,
    domainName: REST_HOST,
    apiId: 'api1',
  },
};

/** HTTP API, payload 2.0, `$default` stage. */
export const HTTP_REQUEST = {
  version: '2.0',
  type: 'REQUEST',
  routeArn: HTTP_ARN,
  identitySource: null,
  routeKey: 'GET /products/{productId}',
  rawPath: '/products/1',
  ...httpQuery('fields=name&fields=price&q=a%20b'),
  ...httpHeaders([
    ['Accept', '*/*'],
    ['Authorization', BEARER],
    ['Content-Length', '0'],
    ['Cookie', 'session=abc; theme=dark'],
    ['Host', HTTP_HOST],
    ['User-Agent', 'curl/8.5.0'],
    ['X-Amzn-Trace-Id', TRACE_ID],
    ['X-Forwarded-For', VIEWER],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ]),
  pathParameters: { productId: '1' },
  requestContext: {
    accountId: '123456789012',
    apiId: 'api2',
    domainName: HTTP_HOST,
    domainPrefix: 'api2',
    http: { method: 'GET', path: '/products/1', protocol: 'HTTP/1.1', sourceIp: VIEWER, userAgent: 'curl/8.5.0' },
    requestId: 'JKJaXmPLvHcESHA=',
    routeKey: 'GET /products/{productId}',
    stage: '$default',
    time: '16/Jul/2026:12:00:00 +0000',
    timeEpoch: 1_784_203_200_000,
  },
};

/** WebSocket API, `$connect`. */
export const WEBSOCKET_CONNECT = {
  type: 'REQUEST',
  methodArn: WEBSOCKET_ARN,
  ...restHeaders([
    ['Host', WEBSOCKET_HOST],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
    ['Sec-WebSocket-Version', '13'],
    ['X-Amzn-Trace-Id', TRACE_ID],
    ['X-Forwarded-For', VIEWER],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ]),
  ...restQuery('access_token=t0ken'),
  stageVariables: {},
  requestContext: {
    routeKey: '$connect',
    eventType: 'CONNECT',
    extendedRequestId: 'JKJaXmPLvHcFSHA=',
    requestTime: '16/Jul/2026:12:00:00 +0000',
    messageDirection: 'IN',
    stage: 'dev',
    connectedAt: 1_784_203_200_000,
    requestTimeEpoch: 1_784_203_200_000,
    identity: { userAgent: 'Mozilla/5.0', sourceIp: VIEWER },
    requestId: 'JKJaXmPLvHcFSHA=',
    domainName: WEBSOCKET_HOST,
    connectionId: 'JKJaXcfyvHcCIPw=',
    apiId: 'api3',
  },
};
