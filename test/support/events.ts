/** Authorizer events as API Gateway sends them. Every part can be overridden. */
import { type EventOverrides, type GatewayEvent, overridden, restHeaders } from './event-parts.ts';
import {
  BEARER,
  HTTP_ARN,
  HTTP_HOST,
  HTTP_REQUEST,
  REST_ARN,
  REST_HOST,
  REST_REQUEST,
  TRACE_ID,
  VIEWER,
  WEBSOCKET_CONNECT,
} from './golden-events.ts';

/** REST API, regional endpoint. */
export const restEvent = (overrides: EventOverrides = {}): GatewayEvent => overridden(REST_REQUEST, overrides);

/** REST API, edge-optimised endpoint: CloudFront in front, well-known header names capitalised. */
export const restEdgeEvent = (overrides: EventOverrides = {}): GatewayEvent => {
  const edge = restHeaders([
    ['Accept', '*/*'],
    ['Authorization', BEARER],
    ['CloudFront-Forwarded-Proto', 'https'],
    ['CloudFront-Is-Desktop-Viewer', 'true'],
    ['CloudFront-Viewer-Country', 'NL'],
    ['Host', REST_HOST],
    ['User-Agent', 'Amazon CloudFront'],
    ['Via', '2.0 0123456789abcdef.cloudfront.net (CloudFront)'],
    ['X-Amz-Cf-Id', 'cDehVQoZnx43VYQb9j2-nvCh-9z396Uhbp027Y2JvkCPNLmGJHqlaA=='],
    ['X-Amzn-Trace-Id', TRACE_ID],
    ['X-Forwarded-For', `${VIEWER}, 198.51.100.7`],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ]);
  return overridden(overridden(REST_REQUEST, edge), overrides);
};

/** REST API behind a custom domain with base path `shop`, which both paths hold and the ARN and the resource do not. */
export const restCustomDomainEvent = (overrides: EventOverrides = {}): GatewayEvent => {
  const custom = {
    path: '/shop/products/1',
    ...restHeaders([
      ['authorization', BEARER],
      ['Host', 'api.example.org'],
    ]),
    requestContext: { path: '/shop/products/1', domainName: 'api.example.org', domainPrefix: 'api' },
  };
  return overridden(overridden(REST_REQUEST, custom), overrides);
};

/** REST API, the console's test button: an unusual stage in the ARN, no real address, null maps. */
export const restTestInvokeEvent = (overrides: EventOverrides = {}): GatewayEvent => {
  const test = {
    methodArn: 'arn:aws:execute-api:us-east-1:123456789012:api1/ESTestInvoke-stage/GET/',
    resource: '/',
    path: '/',
    headers: null,
    multiValueHeaders: null,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: {
      resourceId: 'test-invoke-resource-id',
      resourcePath: '/',
      path: '/',
      stage: 'test-invoke-stage',
      domainName: 'testPrefix.testDomainName',
      domainPrefix: 'testPrefix',
      identity: {
        apiKey: 'test-invoke-api-key',
        apiKeyId: 'test-invoke-api-key-id',
        caller: '123456789012',
        sourceIp: 'test-invoke-source-ip',
        userArn: 'arn:aws:iam::123456789012:root',
      },
    },
  };
  return overridden(overridden(REST_REQUEST, test), overrides);
};

/** HTTP API, payload 2.0, `$default` stage. */
export const httpEvent = (overrides: EventOverrides = {}): GatewayEvent => overridden(HTTP_REQUEST, overrides);

/** HTTP API, payload 2.0, stage `dev`, which the raw path holds. */
export const httpNamedStageEvent = (overrides: EventOverrides = {}): GatewayEvent => {
  const named = {
    routeArn: HTTP_ARN.replace('$default', 'dev'),
    rawPath: '/dev/products/1',
    requestContext: { stage: 'dev', http: { path: '/dev/products/1' } },
  };
  return overridden(overridden(HTTP_REQUEST, named), overrides);
};

/** HTTP API, payload 2.0, without optional parts: no query, cookies or parameters. */
export const httpBareEvent = (overrides: EventOverrides = {}): GatewayEvent => {
  const bare = {
    rawQueryString: '',
    queryStringParameters: undefined,
    cookies: undefined,
    pathParameters: undefined,
    headers: { host: HTTP_HOST },
  };
  return overridden(overridden(HTTP_REQUEST, bare), overrides);
};

/** HTTP API, payload 1.0. */
export const httpV1Event = (overrides: EventOverrides = {}): GatewayEvent => {
  const v1 = {
    version: '1.0',
    methodArn: HTTP_ARN,
    identitySource: BEARER,
    authorizationToken: BEARER,
    requestContext: {
      apiId: 'api2',
      domainName: HTTP_HOST,
      domainPrefix: 'api2',
      path: '/products/1',
      stage: '$default',
    },
  };
  return overridden(overridden(REST_REQUEST, v1), overrides);
};

/** WebSocket API, `$connect`. */
export const websocketEvent = (overrides: EventOverrides = {}): GatewayEvent =>
  overridden(WEBSOCKET_CONNECT, overrides);

/** REST API, authorizer type TOKEN, which holds too little to decide on. */
export const tokenEvent = (overrides: EventOverrides = {}): GatewayEvent =>
  overridden({ type: 'TOKEN', methodArn: REST_ARN, authorizationToken: BEARER }, overrides);

/** An integration's event, not an authorizer's: REST Lambda proxy. */
export const restProxyEvent = (overrides: EventOverrides = {}): GatewayEvent =>
  overridden(restEvent({ type: undefined, methodArn: undefined, body: null, isBase64Encoded: false }), overrides);

/** An integration's event, not an authorizer's: HTTP API Lambda proxy 2.0. */
export const httpProxyEvent = (overrides: EventOverrides = {}): GatewayEvent =>
  overridden(
    httpEvent({ type: undefined, routeArn: undefined, identitySource: undefined, isBase64Encoded: false }),
    overrides,
  );
