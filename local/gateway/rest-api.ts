/** A REST API: from a client's request through authorizer and mapping to the backend, or to a gateway response. */

import type { Invoke } from '../lambda/invocation.ts';
import { type RestApi, reachedBy } from './api.ts';
import { type Authorizer, createAuthorizer, type Outcome, REST_API_TIMEOUT_MS } from './authorizer.ts';
import { type GatewayError, type GatewayResponses, renderGatewayResponse } from './gateway-response.ts';
import { gatewayHeaders } from './headers.ts';
import type { Backend } from './outgoing.ts';
import {
  type GatewayReply,
  type GatewayRequest,
  type HeaderList,
  lastValue,
  parseQuery,
  splitTarget,
} from './request.ts';
import { extendedRequestId, restEvent } from './rest-event.ts';
import { applyRestMapping, checkRestMapping, type RestMapping } from './rest-mapping.ts';
import { restRoute } from './routing.ts';
import { resolveVariable, type Variables } from './variables.ts';

export type RestApiOptions = {
  readonly api: RestApi;
  readonly invoke: Invoke;
  /** Authorizers of single resources, by their template, where it is not the API's own. */
  readonly resourceAuthorizers?: Readonly<Record<string, Invoke>>;
  readonly backend: Backend;
  /** Such as `method.request.header.Authorization`; none where the policy must see anonymous calls. */
  readonly identitySources?: readonly string[];
  /** API Gateway's own default is 300; per-request policies need 0. */
  readonly ttlSeconds?: number;
  readonly gatewayResponses?: GatewayResponses;
  readonly requestParameters?: RestMapping;
  /** Told of what API Gateway would only write to its own execution log. */
  readonly onProblem?: (problem: string) => void;
  readonly now?: () => number;
};

export type Gateway = (request: GatewayRequest, body: Buffer) => Promise<GatewayReply>;

const MAX_HEADER_BYTES = 10_240;
const DENIED = 'User is not authorized to access this resource';

const headerBytes = (headers: HeaderList): number =>
  headers.reduce((total, [, value]) => total + Buffer.byteLength(value), 0);

const errorOf = (outcome: Exclude<Outcome, { kind: 'allow' }>): GatewayError => {
  switch (outcome.kind) {
    case 'unauthorized':
      return { type: 'UNAUTHORIZED', message: 'Unauthorized' };
    case 'deny':
      return { type: 'ACCESS_DENIED', message: outcome.explicit ? `${DENIED} with an explicit deny` : DENIED };
    case 'failure':
      return { type: 'AUTHORIZER_FAILURE', message: null };
    case 'configuration-error':
      return { type: 'AUTHORIZER_CONFIGURATION_ERROR', message: null };
    case 'arn-too-long':
      return { type: 'URI_TOO_LONG', message: 'Request-URI Too Long' };
  }
};

export const createRestApi = (options: RestApiOptions): Gateway => {
  const { backend, identitySources = [], gatewayResponses = {}, requestParameters = {} } = options;
  checkRestMapping(requestParameters);
  const authorizerOf = (invoke: Invoke): Authorizer =>
    createAuthorizer({
      invoke,
      ttlSeconds: options.ttlSeconds ?? 0,
      timeoutMs: REST_API_TIMEOUT_MS,
      format: 'iam',
      scalarContext: true,
      ...(options.now === undefined ? {} : { now: options.now }),
    });
  const ownAuthorizer = authorizerOf(options.invoke);
  const resourceAuthorizers = new Map(
    Object.entries(options.resourceAuthorizers ?? {}).map(([path, invoke]) => [path, authorizerOf(invoke)]),
  );

  return async (request, body) => {
    const api = reachedBy(options.api, lastValue(request.headers, 'host'));
    const { path, query } = splitTarget(request.target);
    const route = restRoute(api, request.method, request.target);
    const event = route === undefined ? undefined : restEvent(request, api, route);
    const about = event?.requestContext ?? { requestId: request.requestId, stage: api.stage, path, apiId: api.apiId };
    const variables: Variables = {
      headers: request.headers,
      query: parseQuery(query),
      path: route?.pathParameters ?? {},
      stageVariables: api.stageVariables,
      context: about,
    };
    const ids: HeaderList = [
      ['x-amzn-RequestId', request.requestId],
      ['x-amz-apigw-id', extendedRequestId(request)],
    ];
    const fail = (error: GatewayError, authorizer?: unknown): GatewayReply =>
      renderGatewayResponse(error, gatewayResponses, { ...variables, context: { ...about, authorizer } }, ids);

    if (headerBytes(request.headers) > MAX_HEADER_BYTES)
      return fail({ type: 'REQUEST_TOO_LARGE', message: 'Request header fields too large' });
    if (route === undefined || event === undefined)
      return fail({ type: 'MISSING_AUTHENTICATION_TOKEN', message: 'Missing Authentication Token' });

    const identity = identitySources.map(source => resolveVariable(source, variables));
    const authorize = resourceAuthorizers.get(route.resource.path) ?? ownAuthorizer;
    const outcome = await authorize({ event, arn: event.methodArn, identity, traceId: request.traceId });
    if ('problem' in outcome) options.onProblem?.(outcome.problem);
    if (outcome.kind !== 'allow') return fail(errorOf(outcome), outcome.kind === 'deny' ? outcome.context : undefined);

    const authorizer = {
      ...outcome.context,
      principalId: outcome.principalId,
      integrationLatency: outcome.latencyMs,
    };
    const incoming = { method: request.method, path: route.path, query, headers: gatewayHeaders(request), body };
    const outgoing = applyRestMapping(incoming, requestParameters, { ...variables, context: { ...about, authorizer } });
    const reply = await backend(outgoing);
    return reply === undefined
      ? fail({ type: 'INTEGRATION_FAILURE', message: 'Network error communicating with endpoint' }, authorizer)
      : { ...reply, headers: [...reply.headers, ...ids] };
  };
};
