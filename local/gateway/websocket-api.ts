/** A WebSocket API as far as its authorizer sees it: the handshake of `$connect`, answered 101 or refused. */
import { createHash } from 'node:crypto';
import type { Invoke } from '../lambda/invocation.ts';
import type { WebSocketApi } from './api.ts';
import { createAuthorizer, type Outcome, REST_API_TIMEOUT_MS } from './authorizer.ts';
import { type GatewayReply, jsonReply, lastValue, parseQuery, splitTarget } from './request.ts';
import type { Gateway } from './rest-api.ts';
import { resolveVariable } from './variables.ts';
import { websocketEvent } from './websocket-event.ts';

export type WebSocketApiOptions = {
  readonly api: WebSocketApi;
  readonly invoke: Invoke;
  /** Such as `route.request.querystring.token`. */
  readonly identitySources?: readonly string[];
  readonly onProblem?: (problem: string) => void;
};

/** RFC 6455, section 1.3. */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const REFUSED: Readonly<Record<Exclude<Outcome['kind'], 'allow'>, number>> = {
  unauthorized: 401,
  deny: 403,
  failure: 500,
  'configuration-error': 500,
  'arn-too-long': 414,
};

const accepted = (key: string): GatewayReply => ({
  status: 101,
  headers: [
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Accept', createHash('sha1').update(`${key}${ACCEPT_GUID}`).digest('base64')],
  ],
  body: Buffer.alloc(0),
});

export const createWebSocketApi = ({ api, invoke, identitySources = [], onProblem }: WebSocketApiOptions): Gateway => {
  const authorize = createAuthorizer({
    invoke,
    ttlSeconds: 0,
    timeoutMs: REST_API_TIMEOUT_MS,
    format: 'iam',
    scalarContext: true,
  });

  return async request => {
    const { path, query } = splitTarget(request.target);
    const key = lastValue(request.headers, 'sec-websocket-key');
    if (path.replace(/\/$/, '') !== `/${api.stage}` || key === undefined)
      return jsonReply(403, { message: 'Forbidden', requestId: request.requestId });
    const event = websocketEvent(request, api);
    const variables = {
      headers: request.headers,
      query: parseQuery(query),
      path: {},
      stageVariables: api.stageVariables,
      context: event.requestContext,
    };
    const identity = identitySources.map(source => resolveVariable(source.replace(/^route\./, ''), variables));
    const outcome = await authorize({ event, arn: event.methodArn, identity, traceId: request.traceId });
    if ('problem' in outcome) onProblem?.(outcome.problem);
    return outcome.kind === 'allow' ? accepted(key) : jsonReply(REFUSED[outcome.kind], { message: outcome.kind });
  };
};
