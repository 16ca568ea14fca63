/** The corridor over real sockets: client, emulated API Gateway, the built zip on both Nodes, policy service, backend. */
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { HANDLER, ZIP } from '../../local/authorizer-functions.ts';
import { startBackend } from '../../local/backend.ts';
import {
  GATEWAY_RESPONSES,
  HTTP_API,
  httpMapping,
  REST_API,
  restMapping,
  WEBSOCKET_API,
} from '../../local/demo-apis.ts';
import { createHttpApi, type HttpApiOptions } from '../../local/gateway/http-api.ts';
import { httpBackend } from '../../local/gateway/outgoing.ts';
import { createRestApi } from '../../local/gateway/rest-api.ts';
import { startGatewayServer } from '../../local/gateway/server.ts';
import { createWebSocketApi } from '../../local/gateway/websocket-api.ts';
import { type LambdaFunction, startFunction } from '../../local/lambda/function.ts';
import { unpackToTaskRoot } from '../../local/lambda/unpack.ts';
import type { LoopbackServer } from '../../local/loopback.ts';
import { readPolicy } from '../../local/policy/policy.ts';
import { type PolicyService, startPolicyService } from '../../local/policy/policy-service.ts';
import { demoToken } from '../../local/policy/token.ts';
import { NODES, VERSIONS } from '../fault/authorizer-environment.ts';

const FORWARDED = ['x-customer-tier'];

const exp = Math.floor(Date.now() / 1000) + 3600;
const bearer = (claims: object): Record<string, string> => ({
  authorization: `Bearer ${demoToken({ exp, tier: 'gold', sub: 'alice', ...claims })}`,
});
const READER = bearer({ scope: 'orders:read' });

describe.each(VERSIONS)('the corridor on Node %i', version => {
  const node = NODES[version];
  let taskRoot: string;
  let policy: PolicyService;
  let backend: LoopbackServer;

  beforeAll(async () => {
    taskRoot = await unpackToTaskRoot(ZIP);
    policy = await startPolicyService({
      policy: await readPolicy(new URL('../../local/policy/policy.json', import.meta.url)),
    });
    backend = await startBackend();
  });

  afterAll(async () => {
    await Promise.all([policy.close(), backend.close(), rm(taskRoot, { recursive: true, force: true })]);
  });

  const authorizer = (env: Readonly<Record<string, string>> = {}): LambdaFunction => {
    const own = { PINGONE_SERVICE_URL: policy.serviceUrl, PINGONE_GATEWAY_CREDENTIAL: policy.credential };
    const configured = { ...own, FORWARD_HEADERS: FORWARDED.join(','), ...env };
    const lambda = startFunction({ taskRoot, handler: HANDLER, node, timeoutMs: 9000, env: configured });
    onTestFinished(async () => {
      await policy.setMode({ kind: 'healthy' });
      await lambda.close();
    });
    return lambda;
  };

  const restApi = async (env?: Readonly<Record<string, string>>): Promise<string> => {
    const { invoke } = authorizer(env);
    const server = await startGatewayServer({
      gateway: createRestApi({
        api: REST_API,
        invoke,
        backend: httpBackend(backend.origin),
        gatewayResponses: GATEWAY_RESPONSES,
        requestParameters: restMapping(FORWARDED),
      }),
      websocket: createWebSocketApi({ api: WEBSOCKET_API, invoke }),
      domainName: REST_API.domainName,
    });
    onTestFinished(() => server.close());
    return server.origin;
  };

  const httpApi = async (options: Partial<HttpApiOptions>, env?: Readonly<Record<string, string>>): Promise<string> => {
    const gateway = createHttpApi({
      api: HTTP_API,
      invoke: authorizer(env).invoke,
      backend: httpBackend(backend.origin),
      requestParameters: httpMapping(FORWARDED),
      ...options,
    });
    const server = await startGatewayServer({ gateway, domainName: HTTP_API.domainName });
    onTestFinished(() => server.close());
    return server.origin;
  };

  it('permits through a REST API, with the policy header in the place of a forged one', async () => {
    const origin = await restApi();
    const reply = await fetch(`${origin}/dev/orders/a%2Fb?q=1&q=2`, {
      headers: { ...READER, 'X-Customer-Tier': 'forged' },
    });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({ path: '/orders/a%2Fb', headers: { 'x-customer-tier': 'gold' } });
  });

  it('denies through a REST API with the reason, and answers a missing token with 401', async () => {
    const origin = await restApi();
    const denied = await fetch(`${origin}/dev/orders/7`, { method: 'DELETE', headers: READER });
    expect([denied.status, await denied.json()]).toMatchObject([
      403,
      { reason: 'Only a manager may cancel an order.', reasonCode: 'POLICY_DENIED' },
    ]);
    expect((await fetch(`${origin}/dev/orders/7`)).status).toBe(401);
    const expired = bearer({ scope: 'orders:read', exp: 1 });
    expect((await fetch(`${origin}/dev/orders/7`, { headers: expired })).status).toBe(401);
  });

  it('carries a step-up challenge to the client where 401s are denials', async () => {
    const origin = await restApi({ UNAUTHORIZED_AS: 'deny' });
    const headers = bearer({ scope: 'payments:write' });
    const reply = await fetch(`${origin}/dev/payments`, { method: 'POST', headers });
    expect(reply.headers.get('www-authenticate')).toContain('acr_values="mfa", max_age="300"');
    expect(await reply.json()).toMatchObject({ reasonCode: 'STEP_UP_REQUIRED', status: '401' });
    const stepped = bearer({ scope: 'payments:write', acr: 'mfa', auth_time: Math.floor(Date.now() / 1000) });
    expect((await fetch(`${origin}/dev/payments`, { method: 'POST', headers: stepped })).status).toBe(200);
  });

  it.each<[string, Partial<HttpApiOptions>, Record<string, string>]>([
    ['simple responses', { simpleResponses: true }, { RESPONSE_FORMAT: 'simple' }],
    ['IAM policies in format 2.0', {}, {}],
    ['IAM policies in format 1.0', { payloadVersion: '1.0' }, {}],
  ])('permits and denies through an HTTP API with %s', async (_name, options, env) => {
    const origin = await httpApi(options, env);
    const permitted = await fetch(`${origin}/orders/a%20b`, { headers: { ...READER, 'X-Customer-Tier': 'forged' } });
    expect([permitted.status, await permitted.json()]).toMatchObject([200, { headers: { 'x-customer-tier': 'gold' } }]);
    const denied = await fetch(`${origin}/orders/7`, { method: 'DELETE', headers: READER });
    expect([denied.status, await denied.json()]).toEqual([403, { message: 'Forbidden' }]);
    expect((await fetch(`${origin}/orders/7`)).status).toBe(401);
  });

  it('permits and refuses a WebSocket handshake', async () => {
    const { port } = new URL(await restApi());
    const handshake = (headers: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect(Number(port), '127.0.0.1');
        const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13';
        socket.once('error', reject);
        socket.once('data', chunk => resolve(chunk.toString().split('\r\n')[0] ?? ''));
        socket.write(
          `GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n${headers}\r\n`,
        );
        onTestFinished(() => void socket.destroy());
      });
    expect(await handshake(`Authorization: ${READER['authorization']}\r\n`)).toBe('HTTP/1.1 101 Switching Protocols');
    expect(await handshake('')).toBe('HTTP/1.1 401 Unauthorized');
  });

  it.each([
    [{ kind: 'down' }, 'PDP_UNREACHABLE', '8000'],
    // It never answers: that an answer comes at all is what the deadline did.
    [{ kind: 'stalled' }, 'PDP_TIMEOUT', '1500'],
    [{ kind: 'failing', status: 500 }, 'PDP_ERROR', '8000'],
    [{ kind: 'rate-limited', retryAfterSeconds: 600 }, 'PDP_RATE_LIMITED', '8000'],
  ] as const)(
    'stays closed, and answers, with a policy service that is $kind',
    async (mode, reasonCode, deadlineMs) => {
      // Two failed attempts of one request are no outage here: the next request shows whether the service is asked again.
      const origin = await restApi({ AUTHORIZER_DEADLINE_MS: deadlineMs, BREAKER_VOLUME_THRESHOLD: '5' });
      await fetch(`${origin}/dev/orders/7`, { headers: READER });
      await policy.setMode(mode);
      const reply = await fetch(`${origin}/dev/orders/7`, { headers: READER });
      expect([reply.status, await reply.json()]).toMatchObject([403, { reasonCode }]);
      await policy.setMode({ kind: 'healthy' });
      expect((await fetch(`${origin}/dev/orders/7`, { headers: READER })).status).toBe(
        reasonCode === 'PDP_RATE_LIMITED' ? 403 : 200,
      );
    },
  );

  it('answers 500 where the function is told to throw its own faults', async () => {
    const origin = await restApi({ FAIL_CLOSED_AS: 'error' });
    await policy.setMode({ kind: 'down' });
    const reply = await fetch(`${origin}/dev/orders/7`, { headers: READER });
    expect([reply.status, await reply.json()]).toEqual([500, { message: null }]);
  });

  it('denies everything, with 403, where the configuration is wrong', async () => {
    const origin = await restApi({ PINGONE_RETRIES: 'many' });
    const reply = await fetch(`${origin}/dev/orders/7`, { headers: READER });
    expect([reply.status, await reply.json()]).toMatchObject([403, { reasonCode: 'CONFIG_INVALID' }]);
  });

  it('answers clients at the same time from environments of their own', async () => {
    const origin = await restApi();
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_item, index) => fetch(`${origin}/dev/orders/${index}`, { headers: READER })),
    );
    const served = replies.filter(reply => reply.status === 200);
    expect(served.length).toBeGreaterThanOrEqual(10);
    expect(replies.every(reply => reply.status === 200 || reply.status === 500)).toBe(true);
  });
});
