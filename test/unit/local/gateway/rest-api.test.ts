/** What clients and backends of a REST API get in every outcome (docs/events.md#outcomes). */
import { describe, expect, it, vi } from 'vitest';
import type { OutgoingRequest } from '../../../../local/gateway/outgoing.ts';
import type { GatewayReply, HeaderList } from '../../../../local/gateway/request.ts';
import { createRestApi, type RestApiOptions } from '../../../../local/gateway/rest-api.ts';
import { failed, type InvokeResult } from '../../../../local/lambda/invocation.ts';
import { bodyOf, policy, REST, requestOf } from './sample.ts';

const ARN = 'arn:aws:execute-api:us-east-1:123456789012:api1/dev/GET/products/1';
const OK: GatewayReply = { status: 200, headers: [], body: Buffer.from('{"from":"backend"}') };

const setUp = (result: InvokeResult, options: Partial<RestApiOptions> = {}) => {
  const invoke = vi.fn(async () => result);
  const backend = vi.fn(async (_request: OutgoingRequest): Promise<GatewayReply | undefined> => OK);
  const gateway = createRestApi({ api: REST, invoke, backend, ...options });
  const get = (target = '/dev/products/1', headers: HeaderList = []) =>
    gateway(requestOf(target, headers), Buffer.alloc(0));
  const seen = (): Record<string, string> => Object.fromEntries(backend.mock.lastCall?.[0].headers ?? []);
  return { invoke, backend, get, seen };
};

const denied = 'User is not authorized to access this resource';

describe('a REST API', () => {
  it('hands an allowed request to the backend', async () => {
    const { get, backend } = setUp(policy('Allow', ARN));
    expect(await get()).toMatchObject({ status: 200, body: OK.body });
    expect(backend.mock.lastCall?.[0]).toMatchObject({ method: 'GET', path: '/products/1' });
  });

  it.each<[string, InvokeResult, number, unknown, string]>([
    [
      'an explicit deny',
      policy('Deny', ARN),
      403,
      { Message: `${denied} with an explicit deny` },
      'AccessDeniedException',
    ],
    ['a policy for another path', policy('Allow', `${ARN}0`), 403, { Message: denied }, 'AccessDeniedException'],
    [
      'exactly Unauthorized',
      failed('Error', 'Unauthorized'),
      401,
      { message: 'Unauthorized' },
      'UnauthorizedException',
    ],
    [
      'Unauthorized and more',
      failed('Error', 'Unauthorized.'),
      500,
      { message: null },
      'AuthorizerConfigurationException',
    ],
    ['a nested context', policy('Allow', ARN, { a: {} }), 500, { message: null }, 'AuthorizerConfigurationException'],
    [
      'a null in the context',
      policy('Allow', ARN, { a: null }),
      500,
      { message: null },
      'AuthorizerConfigurationException',
    ],
    [
      'no policy',
      { ok: true, payload: { principalId: 'x' } },
      500,
      { message: null },
      'AuthorizerConfigurationException',
    ],
    [
      'a simple response',
      { ok: true, payload: { isAuthorized: true } },
      500,
      { message: null },
      'AuthorizerConfigurationException',
    ],
    ['a function timeout', failed('Sandbox.Timedout', 'x'), 500, { message: null }, 'AuthorizerFailureException'],
  ])('answers %s', async (_title, result, status, body, errorType) => {
    const { get, backend } = setUp(result);
    const reply = await get();
    expect(reply.status).toBe(status);
    expect(bodyOf(reply)).toEqual(body);
    expect(reply.headers).toContainEqual(['x-amzn-ErrorType', errorType]);
    expect(backend).not.toHaveBeenCalled();
  });

  it('answers 401 without a call where an identity source is missing or empty', async () => {
    const { get, invoke } = setUp(policy('Allow', '*'), { identitySources: ['method.request.header.Authorization'] });
    expect(await get()).toMatchObject({ status: 401 });
    expect(await get(undefined, [['authorization', '']])).toMatchObject({ status: 401 });
    expect(invoke).not.toHaveBeenCalled();
    expect(await get(undefined, [['authorization', 't']])).toMatchObject({ status: 200 });
  });

  it('answers 403 where no resource fits', async () => {
    const reply = await setUp(policy('Allow', '*')).get('/dev/nowhere');
    expect([reply.status, bodyOf(reply)]).toEqual([403, { message: 'Missing Authentication Token' }]);
  });

  it('answers 414 for an ARN over 1600 bytes, and refuses header values over 10,240 bytes', async () => {
    const { get, invoke } = setUp(policy('Allow', '*'));
    expect(await get(`/dev/files/${'x'.repeat(1600)}`)).toMatchObject({ status: 414 });
    expect(await get('/dev/', [['X-Big', 'x'.repeat(10_241)]])).toMatchObject({ status: 413 });
    expect(invoke).not.toHaveBeenCalled();
  });

  it('answers 504 where the backend is not there', async () => {
    const { get } = setUp(policy('Allow', '*'), { backend: async () => undefined });
    expect(await get()).toMatchObject({ status: 504 });
  });
});

describe('request parameters', () => {
  const requestParameters = {
    'integration.request.header.X-Tier': 'context.authorizer.tier',
    'integration.request.header.X-Static': "'fixed'",
    'integration.request.querystring.user': 'context.authorizer.principalId',
  };

  it("override a client's own copy with the authorizer's value, as a string, also an empty one", async () => {
    const forged: HeaderList = [['x-tier', 'forged']];
    const gold = setUp(policy('Allow', '*', { tier: 7 }), { requestParameters });
    await gold.get('/dev/products/1?user=mallory', forged);
    expect(gold.seen()).toMatchObject({ 'X-Tier': '7', 'X-Static': 'fixed' });
    expect(gold.seen()).not.toHaveProperty('x-tier');
    expect(gold.backend.mock.lastCall?.[0].query).toBe('user=alice');
    const empty = setUp(policy('Allow', '*', { tier: '' }), { requestParameters });
    await empty.get(undefined, forged);
    expect(empty.seen()).toMatchObject({ 'X-Tier': '' });
  });

  it("are skipped where the source is missing, and then the client's own copy goes through", async () => {
    const { get, seen } = setUp(policy('Allow', '*'), { requestParameters });
    await get(undefined, [['x-tier', 'forged']]);
    expect(seen()).toMatchObject({ 'x-tier': 'forged' });
  });

  it('pass no Host or Content-Encoding through', async () => {
    const { get, seen } = setUp(policy('Allow', '*'));
    await get(undefined, [
      ['Content-Encoding', 'gzip'],
      ['Accept', 'a/b'],
    ]);
    expect(seen()).toMatchObject({ Accept: 'a/b', 'X-Forwarded-For': '192.0.2.1' });
    for (const name of ['Host', 'Content-Encoding']) expect(seen()).not.toHaveProperty(name);
  });

  it.each(['integration.request.header.Content-Length', 'header.X'])('refuse %s at deployment', key => {
    expect(() => setUp(policy('Allow', '*'), { requestParameters: { [key]: "'x'" } })).toThrow();
  });
});

describe('the result cache', () => {
  const identitySources = ['method.request.header.Authorization'];

  it('is keyed by identity values and holds the policy, which is evaluated against each ARN', async () => {
    const { get, invoke } = setUp(policy('Allow', ARN), { identitySources, ttlSeconds: 300 });
    const token: HeaderList = [['Authorization', 't']];
    expect(await get('/dev/products/1', token)).toMatchObject({ status: 200 });
    expect(await get('/dev/products/2', token)).toMatchObject({ status: 403 });
    expect(invoke).toHaveBeenCalledTimes(1);
    await get('/dev/products/1', [['Authorization', 'u']]);
    expect(invoke).toHaveBeenCalledTimes(2);
  });

  it('forgets after its time and is off at zero', async () => {
    let now = 0;
    const cached = setUp(policy('Allow', ARN), { identitySources, ttlSeconds: 10, now: () => now });
    const token: HeaderList = [['Authorization', 't']];
    await cached.get(undefined, token);
    now = 10_000;
    await cached.get(undefined, token);
    expect(cached.invoke).toHaveBeenCalledTimes(2);
    const off = setUp(policy('Allow', ARN), { identitySources });
    await off.get(undefined, token);
    await off.get(undefined, token);
    expect(off.invoke).toHaveBeenCalledTimes(2);
  });

  it('keeps denials, never errors', async () => {
    const error = setUp(failed('Error', 'Unauthorized'), { identitySources, ttlSeconds: 300 });
    const deny = setUp(policy('Deny', ARN), { identitySources, ttlSeconds: 300 });
    const token: HeaderList = [['Authorization', 't']];
    for (const { get } of [error, error, deny, deny]) await get(undefined, token);
    expect([error.invoke.mock.calls.length, deny.invoke.mock.calls.length]).toEqual([2, 1]);
  });
});
