/** The emulator's events against an oracle that we did not write: the Powertools parser's schemas, which accept AWS's own events. */
import { APIGatewayRequestAuthorizerEventSchema } from '@aws-lambda-powertools/parser/schemas/api-gateway';
import { APIGatewayProxyWebsocketEventSchema } from '@aws-lambda-powertools/parser/schemas/api-gateway-websocket';
import { APIGatewayRequestAuthorizerEventV2Schema } from '@aws-lambda-powertools/parser/schemas/api-gatewayv2';
import { describe, expect, it } from 'vitest';
import { httpV1Event } from '../../../../local/gateway/http-v1-event.ts';
import { httpV2Event } from '../../../../local/gateway/http-v2-event.ts';
import { type HeaderList, splitTarget } from '../../../../local/gateway/request.ts';
import { restEvent } from '../../../../local/gateway/rest-event.ts';
import { httpRoute, restRoute } from '../../../../local/gateway/routing.ts';
import { websocketEvent } from '../../../../local/gateway/websocket-event.ts';
import { HTTP, REST, requestOf } from './sample.ts';

const RICH: HeaderList = [
  ['User-Agent', 'curl/8'],
  ['Cookie', 'a=b; c=d'],
  ['X-Twice', '1'],
  ['X-Twice', '2'],
];

const REQUESTS = [
  ['a bare request', requestOf('/files/x')],
  ['a rich request', requestOf('/files/a%20b/c?q=1&q=2&e=', RICH)],
] as const;

describe.each(REQUESTS)('%s', (_title, request) => {
  const { target } = request;
  const staged = { ...request, target: `/dev${target}` };
  const rest = restRoute(REST, 'GET', staged.target);
  const http = httpRoute(HTTP, 'GET', target);
  if (rest === undefined || http === undefined) throw new Error(`no route for ${splitTarget(target).path}`);

  it('as a REST event is what Powertools expects', () => {
    expect(APIGatewayRequestAuthorizerEventSchema.safeParse(restEvent(staged, REST, rest)).error).toBeUndefined();
  });

  it.each([[null], [['t']]])('as an HTTP API event 2.0 is what Powertools expects (identity source %s)', identity => {
    const event = httpV2Event(request, HTTP, http, identity);
    expect(APIGatewayRequestAuthorizerEventV2Schema.safeParse(event).error).toBeUndefined();
  });

  it('as an HTTP API event 1.0 is what Powertools expects', () => {
    const event = httpV1Event(request, HTTP, http, ['t']);
    expect(APIGatewayRequestAuthorizerEventSchema.safeParse(event).error).toBeUndefined();
  });

  it('as a $connect event is what Powertools expects of a handshake', () => {
    const event = { ...websocketEvent(request, REST), isBase64Encoded: false };
    expect(APIGatewayProxyWebsocketEventSchema.safeParse(event).error).toBeUndefined();
  });
});
