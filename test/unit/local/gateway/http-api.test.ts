/** What clients and backends of an HTTP API get in every outcome (docs/events.md#outcomes). */
import { describe, expect, it, vi } from 'vitest';
import { createHttpApi, type HttpApiOptions } from '../../../../local/gateway/http-api.ts';
import type { OutgoingRequest } from '../../../../local/gateway/outgoing.ts';
import type { GatewayReply, HeaderList } from '../../../../local/gateway/request.ts';
import { failed, type InvokeResult } from '../../../../local/lambda/invocation.ts';
import { bodyOf, HTTP, policy, requestOf } from './sample.ts';

const ARN = 'arn:aws:execute-api:us-east-1:123456789012:api2/$default/GET/products/1';
const OK: GatewayReply = { status: 200, headers: [], body: Buffer.alloc(0) };
const simple = (isAuthorized: unknown, context: unknown = {}): InvokeResult => ({
  ok: true,
  payload: { isAuthorized, context },
});

const setUp = (result: InvokeResult, options: Partial<HttpApiOptions> = {}) => {
  const invoke = vi.fn(async (_event: unknown) => result);
  const backend = vi.fn(async (_request: OutgoingRequest): Promise<GatewayReply | undefined> => OK);
  const gateway = createHttpApi({ api: HTTP, invoke, backend, ...options });
  const get = (target = '/products/1', headers: HeaderList = []) =>
    gateway(requestOf(target, headers), Buffer.alloc(0));
  const seen = (): Record<string, string> => Object.fromEntries(backend.mock.lastCall?.[0].headers ?? []);
  return { invoke, backend, get, seen };
};

const SIMPLE = { simpleResponses: true };

describe('an HTTP API', () => {
  it.each<[string, InvokeResult, Partial<HttpApiOptions>, number, string | undefined]>([
    ['an Allow', policy('Allow', ARN), {}, 200, undefined],
    ['an Allow in format 1.0', policy('Allow', ARN), { payloadVersion: '1.0' }, 200, undefined],
    ['an explicit deny', policy('Deny', ARN), {}, 403, 'Forbidden'],
    ['a policy for another path', policy('Allow', `${ARN}0`), {}, 403, 'Forbidden'],
    ['isAuthorized true', simple(true), SIMPLE, 200, undefined],
    ['isAuthorized false', simple(false), SIMPLE, 403, 'Forbidden'],
    ['isAuthorized as text', simple('true'), SIMPLE, 500, 'Internal Server Error'],
    ['a policy where simple is on', policy('Allow', ARN), SIMPLE, 500, 'Internal Server Error'],
    ['simple where a policy is due', simple(true), {}, 500, 'Internal Server Error'],
    ['a nested context in 2.0', policy('Allow', ARN, { a: { b: [1] } }), {}, 200, undefined],
    ['exactly Unauthorized', failed('Error', 'Unauthorized'), {}, 401, 'Unauthorized'],
    ['another error', failed('Error', 'boom'), {}, 500, 'Internal Server Error'],
    ['throttling', failed('TooManyRequestsException', 'x'), {}, 500, 'Internal Server Error'],
  ])('answers %s', async (_title, result, options, status, message) => {
    const { get, backend } = setUp(result, options);
    const reply = await get();
    expect(reply.status).toBe(status);
    if (message !== undefined) expect(bodyOf(reply)).toEqual({ message });
    expect(backend).toHaveBeenCalledTimes(status === 200 ? 1 : 0);
    expect(reply.headers.map(([name]) => name)).toContain('apigw-requestid');
  });

  it('gives the function ten seconds and not more', async () => {
    vi.useFakeTimers();
    try {
      const { get } = setUp(simple(true), { invoke: () => new Promise(() => {}) });
      let reply: GatewayReply | undefined;
      const pending = get().then(answer => {
        reply = answer;
      });
      await vi.advanceTimersByTimeAsync(9_900);
      expect(reply).toBeUndefined();
      await vi.advanceTimersByTimeAsync(200);
      await pending;
      expect(reply?.status).toBe(500);
    } finally {
      vi.useRealTimers();
    }
  });

  it('sends identity values in the order of their sources, and does not ask without them', async () => {
    const identitySources = ['$request.header.Authorization', '$request.querystring.k'];
    const { get, invoke } = setUp(simple(true), { ...SIMPLE, identitySources });
    expect(await get('/products/1?k=2')).toMatchObject({ status: 401 });
    expect(invoke).not.toHaveBeenCalled();
    await get('/products/1?k=2', [['authorization', 't']]);
    expect(invoke.mock.lastCall?.[0]).toMatchObject({ identitySource: ['t', '2'] });
  });

  it('answers 404 where no route fits and 503 where the backend is not there', async () => {
    expect(await setUp(simple(true), SIMPLE).get('/nowhere')).toMatchObject({ status: 404 });
    const { get } = setUp(simple(true), { ...SIMPLE, backend: async () => undefined });
    expect(await get()).toMatchObject({ status: 503 });
  });

  it('refuses a request line with headers over 10,240 bytes', async () => {
    expect(await setUp(simple(true), SIMPLE).get('/products/1', [['x', 'y'.repeat(10_240)]])).toMatchObject({
      status: 431,
    });
  });
});

describe('parameter mappings', () => {
  const forged: HeaderList = [['X-Tier', 'forged']];

  it.each<[string, string, string, unknown, string | undefined]>([
    ['overwrite a header', 'overwrite:header.x-tier', '$context.authorizer.tier', { tier: 'gold' }, 'gold'],
    ['overwrite it with nothing', 'overwrite:header.x-tier', '$context.authorizer.tier', { tier: '' }, ''],
    ['are skipped without a source', 'overwrite:header.x-tier', '$context.authorizer.tier', {}, undefined],
    ['put variables into text', 'overwrite:header.x-tier', 't=$' + '{context.authorizer.tier}', { tier: 1 }, 't=1'],
  ])('%s', async (_title, key, value, context, expected) => {
    const { get, seen } = setUp(simple(true, context), { ...SIMPLE, requestParameters: { [key]: value } });
    await get(undefined, forged);
    expect(seen()['x-tier']).toBe(expected);
    expect(seen()['X-Tier']).toBe(expected === undefined ? 'forged' : undefined);
  });

  it('remove headers, append to them and change path and query', async () => {
    const { get, seen, backend } = setUp(simple(true, { sub: 'al ice' }), {
      ...SIMPLE,
      requestParameters: {
        'remove:header.x-tier': '',
        'append:header.x-more': '$request.querystring.a',
        'overwrite:querystring.user': '$context.authorizer.sub',
        'overwrite:path': '/else',
      },
    });
    await get('/products/1?a=1&user=x', forged);
    expect(seen()).not.toHaveProperty('X-Tier');
    expect(seen()['x-more']).toBe('1');
    expect(backend.mock.lastCall?.[0]).toMatchObject({ path: '/else', query: 'a=1&user=al%20ice' });
  });

  it('come with Forwarded in the place of X-Forwarded-*', async () => {
    const { get, seen } = setUp(simple(true), SIMPLE);
    await get();
    expect(seen()).toMatchObject({ forwarded: 'for=192.0.2.1;host=api.example.com;proto=https' });
    expect(Object.keys(seen()).filter(name => name.startsWith('X-Forwarded'))).toEqual([]);
  });

  it.each(['overwrite:header.Authorization', 'append:header.x-amzn-foo', 'overwrite:body', 'set:header.x'])(
    'refuse %s at deployment',
    key => {
      expect(() => setUp(simple(true), { requestParameters: { [key]: 'x' } })).toThrow();
    },
  );
});
