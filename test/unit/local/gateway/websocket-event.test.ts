/** The `$connect` event of a WebSocket API and the handshake's answers (docs/events.md#websocket). */
import { describe, expect, it } from 'vitest';
import { apiIdentity } from '../../../../local/gateway/api.ts';
import { createWebSocketApi } from '../../../../local/gateway/websocket-api.ts';
import { websocketEvent } from '../../../../local/gateway/websocket-event.ts';
import { failed, type InvokeResult } from '../../../../local/lambda/invocation.ts';
import { policy, requestOf } from './sample.ts';

const API = apiIdentity('ws1', 'dev', { region: 'us-east-1' });
const ARN = 'arn:aws:execute-api:us-east-1:123456789012:ws1/dev/$connect';
const HANDSHAKE = requestOf('/dev?token=t', [['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==']]);

describe('the $connect event', () => {
  const event = websocketEvent(HANDSHAKE, API);

  it('has no method, path, resource or path parameters, and no verb in its ARN', () => {
    expect(Object.keys(event).sort()).toEqual([
      'headers',
      'methodArn',
      'multiValueHeaders',
      'multiValueQueryStringParameters',
      'queryStringParameters',
      'requestContext',
      'stageVariables',
      'type',
    ]);
    expect(event.methodArn).toBe(ARN);
    expect(event.queryStringParameters).toEqual({ token: 't' });
  });

  it('says in its context what connects, but not the account, the protocol or a method', () => {
    expect(event.requestContext).toMatchObject({ routeKey: '$connect', eventType: 'CONNECT', stage: 'dev' });
    for (const key of ['accountId', 'protocol', 'httpMethod']) expect(event.requestContext).not.toHaveProperty(key);
  });
});

describe('the handshake', () => {
  it.each<[string, InvokeResult, number]>([
    ['an Allow', policy('Allow', ARN), 101],
    ['a Deny', policy('Deny', ARN), 403],
    ['a thrown Unauthorized', failed('Error', 'Unauthorized'), 401],
    ['any other error', failed('Error', 'boom'), 500],
  ])('after %s', async (_title, result, status) => {
    const reply = await createWebSocketApi({ api: API, invoke: async () => result })(HANDSHAKE, Buffer.alloc(0));
    expect(reply.status).toBe(status);
    if (status === 101) expect(reply.headers).toContainEqual(['Sec-WebSocket-Accept', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=']);
  });

  it('is refused without a call where an identity source is missing', async () => {
    const identitySources = ['route.request.querystring.other'];
    const invoke = () => Promise.reject(new Error('called'));
    const reply = await createWebSocketApi({ api: API, invoke, identitySources })(HANDSHAKE, Buffer.alloc(0));
    expect(reply.status).toBe(401);
  });
});
