/** The demo shop's three APIs, deployed as the examples in deploy/ deploy theirs. */
import { apiIdentity, DEFAULT_STAGE, type HttpApi, type RestApi, type WebSocketApi } from './gateway/api.ts';
import type { GatewayResponses } from './gateway/gateway-response.ts';
import type { HttpMapping } from './gateway/http-mapping.ts';
import type { RestMapping } from './gateway/rest-mapping.ts';

/** Its authorizer answers 401s of PingOne's as denials, so that the challenge reaches the client. */
export const STEP_UP_RESOURCE = '/payments';

export const REST_API: RestApi = {
  ...apiIdentity('shop', 'dev'),
  resources: [
    { id: 'orders', path: '/orders', methods: ['ANY'] },
    { id: 'order', path: '/orders/{orderId}', methods: ['ANY'] },
    { id: 'payments', path: STEP_UP_RESOURCE, methods: ['ANY'] },
    { id: 'others', path: '/{proxy+}', methods: ['ANY'] },
  ],
};

export const HTTP_API: HttpApi = { ...apiIdentity('shop-http', DEFAULT_STAGE), routes: ['ANY /{proxy+}'] };

export const WEBSOCKET_API: WebSocketApi = apiIdentity('shop-live', 'live');

const json = (template: string) => ({ 'application/json': template });

export const GATEWAY_RESPONSES: GatewayResponses = {
  ACCESS_DENIED: {
    statusCode: '403',
    responseParameters: { 'gatewayresponse.header.WWW-Authenticate': 'context.authorizer.wwwAuthenticate' },
    responseTemplates: json(
      '{"reason":"$context.authorizer.reason","reasonCode":"$context.authorizer.reasonCode","status":"$context.authorizer.status","correlationId":"$context.authorizer.correlationId"}',
    ),
  },
  // The authorizer threw, so there is no context: all of it is static.
  UNAUTHORIZED: {
    statusCode: '401',
    responseParameters: { 'gatewayresponse.header.WWW-Authenticate': "'Bearer'" },
    responseTemplates: json(
      '{"reason":"A valid access token is required","reasonCode":"UNAUTHENTICATED","correlationId":"$context.requestId"}',
    ),
  },
};

const contextKey = (header: string): string => `hdr_${header.replaceAll('-', '_')}`;

/** FORWARD_HEADERS as lower-case names. */
export const headerNames = (forwardHeaders: string): readonly string[] =>
  forwardHeaders
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => name !== '');

export const restMapping = (headers: readonly string[]): RestMapping =>
  Object.fromEntries(
    headers.map(name => [`integration.request.header.${name}`, `context.authorizer.${contextKey(name)}`]),
  );

export const httpMapping = (headers: readonly string[]): HttpMapping =>
  Object.fromEntries(headers.map(name => [`overwrite:header.${name}`, `$context.authorizer.${contextKey(name)}`]));
