/** The event that a REST API sends to an authorizer of type REQUEST: maps empty but never null, path still encoded. */
import type { APIGatewayEventClientCertificate } from 'aws-lambda';
import { domainOf, methodArn, type RestApi } from './api.ts';
import { gatewayHeaders } from './headers.ts';
import {
  commonLogTime,
  type GatewayRequest,
  last,
  lastValue,
  mapValues,
  multiMap,
  parseQuery,
  splitTarget,
} from './request.ts';
import type { RestRoute } from './routing.ts';

const lowerCase = (name: string): string => name.toLowerCase();
const exact = (name: string): string => name;

/** All null for a caller without AWS credentials. */
const ANONYMOUS = {
  cognitoIdentityPoolId: null,
  accountId: null,
  cognitoIdentityId: null,
  caller: null,
  principalOrgId: null,
  accessKey: null,
  cognitoAuthenticationType: null,
  cognitoAuthenticationProvider: null,
  userArn: null,
  user: null,
} as const;

export type RestIdentity = typeof ANONYMOUS & {
  readonly sourceIp: string;
  readonly userAgent: string | null;
  readonly clientCert?: APIGatewayEventClientCertificate;
};

export const restIdentity = (request: GatewayRequest): RestIdentity => ({
  ...ANONYMOUS,
  sourceIp: request.sourceIp,
  userAgent: lastValue(request.headers, 'user-agent') ?? null,
  ...(request.clientCertificate === undefined ? {} : { clientCert: request.clientCertificate }),
});

/** What REST, HTTP API 1.0 and WebSocket events say of headers and query. */
export const requestMaps = (request: GatewayRequest) => {
  const multiValueHeaders = multiMap(gatewayHeaders(request), lowerCase);
  const multiValueQueryStringParameters = multiMap(parseQuery(splitTarget(request.target).query), exact);
  return {
    headers: mapValues(multiValueHeaders, last),
    multiValueHeaders,
    queryStringParameters: mapValues(multiValueQueryStringParameters, last),
    multiValueQueryStringParameters,
  };
};

export const extendedRequestId = (request: GatewayRequest): string =>
  Buffer.from(request.requestId.replaceAll('-', ''), 'hex').toString('base64url').slice(0, 15).concat('=');

export const restEvent = (request: GatewayRequest, api: RestApi, route: RestRoute) => {
  const visiblePath = splitTarget(request.target).path;
  return {
    type: 'REQUEST' as const,
    methodArn: methodArn(api, request.method, route.path),
    resource: route.resource.path,
    // On a custom domain the base path stays in the path; on the execute-api host the stage does not.
    path: api.basePath === undefined ? route.path : visiblePath,
    httpMethod: request.method,
    ...requestMaps(request),
    pathParameters: { ...route.pathParameters },
    stageVariables: { ...api.stageVariables },
    requestContext: {
      resourceId: route.resource.id,
      resourcePath: route.resource.path,
      httpMethod: request.method,
      extendedRequestId: extendedRequestId(request),
      requestTime: commonLogTime(request.timeMs),
      path: visiblePath,
      accountId: api.accountId,
      protocol: 'HTTP/1.1',
      stage: api.stage,
      ...domainOf(api),
      requestTimeEpoch: request.timeMs,
      requestId: request.requestId,
      identity: restIdentity(request),
      apiId: api.apiId,
    },
  };
};

export type RestEvent = ReturnType<typeof restEvent>;
