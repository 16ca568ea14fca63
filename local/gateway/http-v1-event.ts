/** The event that an HTTP API sends to its authorizer in payload format 1.0: the REST shape with a decoded path and route keys. */
import { domainOf, type HttpApi } from './api.ts';
import { httpMethodArn } from './http-v2-event.ts';
import { commonLogTime, type GatewayRequest } from './request.ts';
import { extendedRequestId, requestMaps, restIdentity } from './rest-event.ts';
import type { HttpRoute } from './routing.ts';

export const httpV1Event = (
  request: GatewayRequest,
  api: HttpApi,
  route: HttpRoute,
  identitySource: readonly string[] | null,
) => {
  const token = identitySource === null ? null : identitySource.join(',');
  const resourcePath = route.routeKey.split(' ')[1] ?? route.routeKey;
  return {
    version: '1.0' as const,
    type: 'REQUEST' as const,
    methodArn: httpMethodArn(api, request.method, route),
    identitySource: token,
    authorizationToken: token,
    resource: resourcePath,
    path: route.rawPath,
    httpMethod: request.method,
    ...requestMaps(request),
    pathParameters: { ...route.pathParameters },
    stageVariables: { ...api.stageVariables },
    requestContext: {
      accountId: api.accountId,
      apiId: api.apiId,
      ...domainOf(api),
      extendedRequestId: extendedRequestId(request),
      httpMethod: request.method,
      identity: { ...restIdentity(request), cognitoAmr: null },
      path: route.rawPath,
      protocol: 'HTTP/1.1',
      requestId: request.requestId,
      requestTime: commonLogTime(request.timeMs),
      requestTimeEpoch: request.timeMs,
      resourceId: route.routeKey,
      resourcePath,
      stage: api.stage,
    },
  };
};
