/** The embedded policy service on the wire, in health and in trouble. */
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { control } from '../../../../local/policy/control.ts';
import { readPolicy } from '../../../../local/policy/policy.ts';
import { type PolicyService, startPolicyService } from '../../../../local/policy/policy-service.ts';
import { demoToken } from '../../../../local/policy/token.ts';

const TOKEN = demoToken({ sub: 'alice', scope: 'orders:read', tier: 'gold', exp: Date.now() / 1000 + 600 });
const REQUEST = {
  source_ip: '192.0.2.1',
  source_port: 5034,
  method: 'GET',
  url: 'https://api.example/dev/orders/7?a=1',
  http_version: '1.1',
  headers: [
    { Authorization: `Bearer ${TOKEN}` },
    { 'x-customer-tier': 'forged' },
    { Accept: '*/*' },
    { Accept: 'a/b' },
  ],
};

describe('the policy service', () => {
  let service: PolicyService;

  beforeEach(async () => {
    service = await startPolicyService({
      policy: await readPolicy(new URL('../../../../local/policy/policy.json', import.meta.url)),
    });
    onTestFinished(() => service.close());
  });

  const send = (body: unknown = REQUEST, credential = service.credential): Promise<Response> =>
    fetch(`${service.serviceUrl}/sideband/request`, {
      method: 'POST',
      headers: { 'CLIENT-TOKEN': credential, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });

  it('permits by echoing the request, with its own headers in the place of forged ones', async () => {
    const reply = await send();
    expect([reply.status, await reply.json()]).toEqual([
      200,
      {
        ...REQUEST,
        headers: [
          REQUEST.headers[0],
          { Accept: '*/*' },
          { Accept: 'a/b' },
          { 'X-Customer-Tier': 'gold' },
          { 'X-Subject': 'alice' },
        ],
      },
    ]);
    expect(reply.headers.get('correlation-id')).toMatch(/^[\w-]{36}$/);
  });

  it('denies with 200 and a complete answer inside', async () => {
    const reply = await send({ ...REQUEST, method: 'DELETE' });
    const body = await reply.json();
    expect(reply.status).toBe(200);
    expect(body).toMatchObject({
      response: {
        response_code: '403',
        response_status: 'Forbidden',
        http_version: '1.1',
        headers: [{ 'content-type': 'application/json' }],
        body: expect.stringContaining('"code":"ACCESS_FAILED","message":"Only a manager may cancel an order."'),
      },
    });
  });

  it('answers a missing token and an unknown URL inside a 200, too', async () => {
    expect(await (await send({ ...REQUEST, headers: [] })).json()).toMatchObject({
      response: { response_code: '401', headers: [{ 'www-authenticate': expect.stringContaining('invalid_token') }] },
    });
    expect(await (await send({ ...REQUEST, url: 'https://api.example/x' })).json()).toMatchObject({
      response: { response_code: '404' },
    });
  });

  it('refuses a wrong credential, a malformed request and another path', async () => {
    const refused = await send(REQUEST, 'wrong');
    expect([refused.status, await refused.json()]).toMatchObject([401, { message: 'The Gateway Token is invalid' }]);
    expect((await send({ ...REQUEST, headers: {} })).status).toBe(400);
    expect((await fetch(`${service.serviceUrl}/other`, { method: 'POST' })).status).toBe(404);
  });

  it('after a rotation refuses the old credential and takes the new one', async () => {
    const old = service.credential;
    await control(service, 'rotate-credential');
    expect((await send(REQUEST, old)).status).toBe(401);
    expect((await send()).status).toBe(200);
  });

  it('when down refuses connections, and comes back at the same address', async () => {
    await control(service, 'down');
    await expect(send()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await control(service, 'healthy');
    expect((await send()).status).toBe(200);
  });

  it('when rate limiting says for how long, and when failing fails', async () => {
    await control(service, 'rate-limited 7');
    const limited = await send();
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    await control(service, 'failing 500');
    expect((await send()).status).toBe(500);
  });

  it('when slow answers late, when stalled never, and lets go of stalled requests on recovery', async () => {
    await control(service, 'slow 120');
    const started = performance.now();
    expect((await send()).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(110);
    await control(service, 'stalled');
    const stalled = send();
    stalled.catch(() => undefined);
    await expect.poll(() => service.calls).toBe(2);
    await control(service, 'healthy');
    await expect(stalled).rejects.toThrow('fetch failed');
  });

  it.each(['', 'explode', 'slow fast', 'slow 61000', 'failing 200', 'down now', 'healthy x y'])(
    'does not know the command "%s"',
    async command => {
      await expect(control(service, command)).rejects.toThrow('unknown command');
    },
  );
});
