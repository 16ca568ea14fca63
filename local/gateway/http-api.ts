/** An HTTP API: from a client's request through authorizer and parameter mapping to the backend; its errors cannot be customised. */

import type { Invoke } from '../lambda/invocation.ts';
import { type HttpApi, reachedBy } from './api.ts';
import { createAuthorizer, HTTP_API_TIMEOUT_MS, type Outcome } from './authorizer.ts';
import type { ResultFormat } from './authorizer-result.ts';
import { gatewayHeaders } from './headers.ts';
import { applyHttpMapping, checkHttpMapping, type HttpMapping } from './http-mapping.ts';
import { httpV1Event } from './http-v1-event.ts';
import { httpV2Event } from './http-v2-event.ts';
import type { Backend } from './outgoing.ts';
import {
  type GatewayReply,
  type GatewayRequest,
  type HeaderList,
  jsonReply,
  lastValue,
  parseQuery,
  splitTarget,
} from './request.ts';
import type { Gateway } from './rest-api.ts';
import { extendedRequestId } from './rest-event.ts';
import { type HttpRoute, httpRoute } from './routing.ts';
import { resolveVariable, type Variables } from './variables.ts';

export type HttpApiOptions = {
  readonly api: HttpApi;
  readonly invoke: Invoke;
  readonly backend: Backend;
  readonly payloadVersion?: '2.0' | '1.0';
  /** EnableSimpleResponses; payload 2.0 only. */
  readonly simpleResponses?: boolean;
  /** Such as `$request.header.Authorization`. */
  readonly identitySources?: readonly string[];
  readonly ttlSeconds?: number;
  readonly requestParameters?: HttpMapping;
  readonly onProblem?: (problem: string) => void;
  readonly now?: () => number;
};

/** Request line and headers together. */
const MAX_HEAD_BYTES = 10_240;

const STATUS: Readonly<Record<Exclude<Outcome['kind'], 'allow'>, readonly [number, string]>> = {
  unauthorized: [401, 'Unauthorized'],
  deny: [403, 'Forbidden'],
  failure: [500, 'Internal Server Error'],
  'configuration-error': [500, 'Internal Server Error'],
  'arn-too-long': [414, 'Request-URI Too Long'],
};

const headBytes = (request: GatewayRequest): number =>
  request.headers.reduce(
    (total, [name, value]) => total + Buffer.byteLength(name) + Buffer.byteLength(value),
    request.method.length + Buffer.byteLength(request.target),
  );

const contextOf = (request: GatewayRequest, api: HttpApi, route: HttpRoute) => ({
  apiId: api.apiId,
  stage: api.stage,
  requestId: request.requestId,
  routeKey: route.routeKey,
  httpMethod: request.method,
  path: route.rawPath,
  domainName: api.domainName,
  identity: { sourceIp: request.sourceIp },
});

export const createHttpApi = (options: HttpApiOptions): Gateway => {
  const { backend, payloadVersion = '2.0', simpleResponses = false, identitySources = [] } = options;
  const { requestParameters = {} } = options;
  checkHttpMapping(requestParameters);
  if (simpleResponses && payloadVersion !== '2.0') throw new Error('simple responses need payload format 2.0');
  const format: ResultFormat = simpleResponses ? 'simple' : 'iam';
  const authorize = createAuthorizer({
    invoke: options.invoke,
    ttlSeconds: options.ttlSeconds ?? 0,
    timeoutMs: HTTP_API_TIMEOUT_MS,
    format,
    scalarContext: payloadVersion === '1.0',
    ...(options.now === undefined ? {} : { now: options.now }),
  });

  return async (request, body) => {
    const api = reachedBy(options.api, lastValue(request.headers, 'host'));
    const ids: HeaderList = [['apigw-requestid', extendedRequestId(request)]];
    const fail = (status: number, message: string): GatewayReply => jsonReply(status, { message }, ids);
    const route = httpRoute(api, request.method, request.target);
    if (headBytes(request) > MAX_HEAD_BYTES) return fail(431, 'Request Header Fields Too Large');
    if (route === undefined) return fail(404, 'Not Found');

    const { query } = splitTarget(request.target);
    const context = contextOf(request, api, route);
    const variables: Variables = {
      headers: request.headers,
      query: parseQuery(query),
      path: route.pathParameters,
      stageVariables: api.stageVariables,
      context,
    };
    const identity = identitySources.map(source => resolveVariable(source, variables));
    const identitySource = identity.length === 0 ? null : identity.map(value => value ?? '');
    const event = (payloadVersion === '2.0' ? httpV2Event : httpV1Event)(request, api, route, identitySource);
    const arn = 'routeArn' in event ? event.routeArn : event.methodArn;
    const outcome = await authorize({ event, arn, identity, traceId: request.traceId });
    if ('problem' in outcome) options.onProblem?.(outcome.problem);
    if (outcome.kind !== 'allow') return fail(...STATUS[outcome.kind]);

    const incoming = { method: request.method, path: route.path, query, headers: gatewayHeaders(request), body };
    const scope = { ...variables, context: { ...context, authorizer: outcome.context } };
    const reply = await backend(applyHttpMapping(incoming, requestParameters, scope, request.sourceIp));
    return reply === undefined ? fail(503, 'Service Unavailable') : { ...reply, headers: [...reply.headers, ...ids] };
  };
};
