/** The event that a WebSocket API sends to the authorizer of its `$connect` route: no method, no path, no resource. */
import { connectArn, type WebSocketApi } from './api.ts';
import { commonLogTime, type GatewayRequest, lastValue } from './request.ts';
import { extendedRequestId, requestMaps } from './rest-event.ts';

export const websocketEvent = (request: GatewayRequest, api: WebSocketApi) => {
  const userAgent = lastValue(request.headers, 'user-agent');
  return {
    type: 'REQUEST' as const,
    methodArn: connectArn(api),
    ...requestMaps(request),
    stageVariables: { ...api.stageVariables },
    requestContext: {
      routeKey: '$connect' as const,
      eventType: 'CONNECT' as const,
      extendedRequestId: extendedRequestId(request),
      requestTime: commonLogTime(request.timeMs),
      messageDirection: 'IN',
      stage: api.stage,
      connectedAt: request.timeMs,
      requestTimeEpoch: request.timeMs,
      identity: { sourceIp: request.sourceIp, ...(userAgent === undefined ? {} : { userAgent }) },
      requestId: request.requestId,
      domainName: api.domainName,
      connectionId: extendedRequestId(request),
      apiId: api.apiId,
    },
  };
};
