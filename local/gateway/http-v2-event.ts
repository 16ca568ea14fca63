/** The event that an HTTP API sends to its authorizer in payload format 2.0: lower-case headers, cookies apart, what is empty is absent. */
import { domainOf, type HttpApi, methodArn } from './api.ts';
import { gatewayHeaders } from './headers.ts';
import {
  commaJoined,
  commonLogTime,
  type GatewayRequest,
  lastValue,
  mapValues,
  multiMap,
  parseQuery,
  splitTarget,
  valuesOf,
} from './request.ts';
import type { HttpRoute } from './routing.ts';

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

const cookiesOf = (request: GatewayRequest): string[] =>
  valuesOf(request.headers, 'cookie')
    .flatMap(header => header.split(';'))
    .map(cookie => cookie.trim())
    .filter(cookie => cookie !== '');

/** Lower-case names, repeats joined with a comma, cookies taken out; the content length stays visible. */
const httpHeaders = (request: GatewayRequest): Record<string, string> => {
  const lowered = gatewayHeaders(request, ['content-length']).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const withoutCookies = lowered.filter(([name]) => name !== 'cookie');
  return mapValues(
    multiMap(withoutCookies, name => name),
    commaJoined,
  );
};

/** The path in ARNs: what the client sent, less a named stage, which the ARN holds anyway. */
export const httpMethodArn = (api: HttpApi, method: string, route: HttpRoute): string => {
  const named = `/${api.stage}`;
  const path =
    route.rawPath.startsWith(`${named}/`) || route.rawPath === named
      ? route.rawPath.slice(named.length)
      : route.rawPath;
  return methodArn(api, method, path === '' ? '/' : path);
};

export const httpV2Event = (
  request: GatewayRequest,
  api: HttpApi,
  route: HttpRoute,
  identitySource: readonly string[] | null,
) => {
  const { query } = splitTarget(request.target);
  const headers = httpHeaders(request);
  const cookies = cookiesOf(request);
  const queryStringParameters = mapValues(
    multiMap(parseQuery(query), name => name),
    commaJoined,
  );
  const { clientCertificate } = request;
  return {
    version: '2.0' as const,
    type: 'REQUEST' as const,
    routeArn: httpMethodArn(api, request.method, route),
    identitySource: identitySource === null ? null : [...identitySource],
    routeKey: route.routeKey,
    rawPath: route.rawPath,
    rawQueryString: query,
    ...(isEmpty(cookies) ? {} : { cookies }),
    headers,
    ...(isEmpty(queryStringParameters) ? {} : { queryStringParameters }),
    requestContext: {
      accountId: api.accountId,
      apiId: api.apiId,
      ...domainOf(api),
      ...(clientCertificate === undefined ? {} : { authentication: { clientCert: clientCertificate } }),
      http: {
        method: request.method,
        path: route.rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: lastValue(request.headers, 'user-agent') ?? '',
      },
      requestId: request.requestId,
      routeKey: route.routeKey,
      stage: api.stage,
      time: commonLogTime(request.timeMs),
      timeEpoch: request.timeMs,
    },
    ...(isEmpty(route.pathParameters) ? {} : { pathParameters: route.pathParameters }),
    ...(isEmpty(api.stageVariables) ? {} : { stageVariables: api.stageVariables }),
  };
};

export type HttpV2Event = ReturnType<typeof httpV2Event>;
