/** The edge package through a local CloudFront, on both Nodes: what clients and origins get of PingOne's decisions. */
import { describe, expect, it } from 'vitest';
import { textOf } from '../../local/cloudfront/wire-text.ts';
import { VERSIONS } from '../fault/authorizer-environment.ts';
import { hostileReplies } from '../support/replies.ts';
import { CREDENTIAL, type EdgeBedOptions, startEdgeBed } from './edge-bed.ts';
import { hostileRequests } from './hostile-requests.ts';
import { BEARER, viewerRequest } from './viewer-request.ts';

/** A busy machine may need as long. */
const PATIENT = { timeout: 15_000 };

const HEADERS = { authorization: BEARER, 'x-user': 'mallory', cookie: 'a=1' };

describe.each(VERSIONS)('at the edge on Node %i', node => {
  const start = (options: EdgeBedOptions = {}) => startEdgeBed({ node, ...options });

  it('a permit lets the request reach the origin as the client sent it', async () => {
    const { url, origin, pdp, environment } = await start();
    const reply = await fetch(`${url}/a%2Fb/c?x=1&x=%20&y`, { headers: HEADERS });
    expect([reply.status, await reply.text()]).toEqual([200, 'from the origin']);
    expect(origin).toMatchObject([{ method: 'GET', path: '/a%2Fb/c', query: 'x=1&x=%20&y' }]);
    expect(origin[0]?.headers).toContainEqual(['x-user', 'mallory']);
    expect(pdp.calls[0]).toMatchObject({
      credential: CREDENTIAL,
      body: { method: 'GET', url: 'https://d111111abcdef8.cloudfront.net/a%2Fb/c?x=1&x=%20&y', source_ip: '127.0.0.1' },
    });
    pdp.done();
    await expect.poll(() => environment.lines.join()).toContain('"kind":"cloudfront"');
    expect(environment.lines.join()).not.toContain(CREDENTIAL);
  });

  it('PingOne is told the id of CloudFront’s request, and none of the client’s', async () => {
    const { url, pdp, environment } = await start();
    await fetch(url, { headers: { ...HEADERS, 'correlation-id': 'of-the-client' } });
    const [told] = pdp.calls.map(({ headers }) => headers['correlation-id']);
    expect(told).toMatch(/./);
    expect(told).not.toBe('of-the-client');
    await expect.poll(() => environment.lines.join()).toContain(`"requestId":"${told}"`);
  });

  it('the token gate answers 401 with a challenge, and neither PingOne nor the origin is asked', async () => {
    const { url, origin, pdp } = await start({ settings: { TOKEN_GATE: 'expiry' } });
    const refused = await fetch(url, { headers: { authorization: 'Bearer junk' } });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(await refused.json()).toMatchObject({ reasonCode: 'UNAUTHENTICATED' });
    expect([origin.length, pdp.callCount]).toEqual([0, 0]);
  });

  it('PingOne’s status, headers and body arrive unchanged on denial', async () => {
    const body = '{ "code":"ACCESS_FAILED",  "message":"Nicht während der Wartung" }';
    const challenge =
      'Bearer realm="Prüfung", error="insufficient_user_authentication", acr_values="mfa", max_age="60"';
    const { url, origin } = await start({
      pdp: {
        script: [
          {
            kind: 'deny',
            code: '451',
            headers: [
              ['Content-Type', 'application/problem+json'],
              ['X-Why', 'risk'],
            ],
            body,
          },
          { kind: 'deny', code: '401', headers: [['WWW-Authenticate', challenge]] },
        ],
      },
    });
    const denied = await fetch(url, { headers: HEADERS });
    expect([denied.status, await denied.text()]).toEqual([451, body]);
    expect([denied.headers.get('content-type'), denied.headers.get('x-why')]).toEqual([
      'application/problem+json',
      'risk',
    ]);
    const challenged = await fetch(url, { headers: HEADERS });
    const received = textOf(challenged.headers.get('www-authenticate') ?? '');
    expect([challenged.status, received, await challenged.text()]).toEqual([401, challenge, '']);
    expect(origin).toEqual([]);
  });

  it('a header, a query and a path set by policy are what the origin sees', async () => {
    const { url, origin } = await start({
      pdp: {
        script: [
          {
            kind: 'permit',
            edits: {
              set: [['X-User', 'alice']],
              remove: ['cookie'],
              url: 'https://d111111abcdef8.cloudfront.net/v2/orders?tenant=7',
            },
          },
        ],
      },
    });
    expect((await fetch(`${url}/orders?tenant=8`, { headers: HEADERS })).status).toBe(200);
    expect(origin).toMatchObject([{ path: '/v2/orders', query: 'tenant=7' }]);
    const headers = new Map(origin[0]?.headers.map(([name, value]) => [name.toLowerCase(), value]));
    expect([headers.get('x-user'), headers.has('cookie')]).toEqual(['alice', false]);
  });

  it('a client’s copy of a header that the policy set or removed never reaches the origin', async () => {
    const permits = [
      { set: [['X-User', 'Zoë']] },
      { set: [['X-User', 'alice\r\nX-Role: admin']] },
      { remove: ['x-user', 'cloudfront-viewer-country'] },
      { set: [['Accept-Encoding', 'identity']] },
    ] as const;
    const script = permits.map(edits => ({ kind: 'permit', edits }) as const);
    const { url, origin, environment, problems } = await start({ pdp: { script } });
    const seen: (readonly [string | undefined, boolean, string | undefined])[] = [];
    for (const _ of permits) {
      const headers = { 'x-user': 'mallory', 'cloudfront-viewer-country': 'NL', 'accept-encoding': 'br' };
      expect((await fetch(url, { headers })).status).toBe(200);
      const sent = new Map(origin.at(-1)?.headers.map(([name, value]) => [name.toLowerCase(), textOf(value)]));
      seen.push([sent.get('x-user'), sent.has('cloudfront-viewer-country'), sent.get('accept-encoding')]);
    }
    expect(seen).toEqual([
      ['Zoë', true, 'br'],
      [undefined, true, 'br'],
      [undefined, false, 'br'],
      ['mallory', true, 'identity'],
    ]);
    expect(problems).toEqual([]);
    await expect.poll(() => environment.lines.join()).toContain('header-replaced:x-user');
  });

  it('a header that the policy set and that cannot be sent, or not touched, is refused where that is configured', async () => {
    const script = [['X-User', 'a\0'] as const, ['CDN-Loop', 'x'] as const].map(
      line => ({ kind: 'permit', edits: { set: [line] } }) as const,
    );
    const { url, origin } = await start({ settings: { ON_UNAPPLIED_CHANGES: 'deny' }, pdp: { script } });
    for (const _ of script) {
      const refused = await fetch(url, { headers: { 'x-user': 'mallory', 'cdn-loop': 'other' } });
      expect([refused.status, await refused.json()]).toMatchObject([403, { reasonCode: 'UNAPPLIED_CHANGES' }]);
    }
    expect(origin).toEqual([]);
  });

  it('what cannot be changed is refused where that is configured', async () => {
    const { url, origin } = await start({
      settings: { ON_UNAPPLIED_CHANGES: 'deny' },
      pdp: {
        script: [
          { kind: 'permit', edits: { method: 'POST' } },
          { kind: 'permit', edits: { set: [['X-User', 'alice']] } },
        ],
      },
    });
    const refused = await fetch(url);
    expect([refused.status, await refused.json()]).toMatchObject([403, { reasonCode: 'UNAPPLIED_CHANGES' }]);
    expect(origin).toEqual([]);
    expect((await fetch(url)).status).toBe(200);
  });

  it('the body is sent to PingOne when configured and whole, and never otherwise', async () => {
    const post = (body: string): RequestInit => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const sending = await start({ includeBody: true, settings: { SEND_BODY: true } });
    expect((await fetch(sending.url, post('{"amount":1}'))).status).toBe(200);
    expect(sending.pdp.calls[0]?.body).toMatchObject({ body: '{"amount":1}' });
    const large = await fetch(sending.url, post('x'.repeat(40_961)));
    expect([large.status, await large.json()]).toMatchObject([400, { reasonCode: 'INVALID_REQUEST' }]);
    expect([sending.pdp.callCount, sending.origin.length]).toEqual([1, 1]);
    const silent = await start({ includeBody: true });
    expect((await fetch(silent.url, post('{"amount":1}'))).status).toBe(200);
    expect(silent.pdp.calls[0]?.body).not.toHaveProperty('body');
    expect(silent.origin[0]?.body.toString()).toBe('{"amount":1}');
  });

  it('no reply but a permit lets anything reach the origin, and each has its reason', async () => {
    const { url, origin, pdp, problems } = await start({ settings: { BREAKER_ENABLED: false, PINGONE_RETRIES: 0 } });
    for (const [title, reply, reasonCodes] of hostileReplies) {
      pdp.otherwise({ kind: 'reply', ...reply });
      const answer = await fetch(url, { redirect: 'manual' });
      expect(answer.status, title).toBeGreaterThanOrEqual(300);
      const text = await answer.text();
      const code = /"reasonCode":"([A-Z_]+)"/.exec(text)?.[1];
      if (code !== undefined) expect(reasonCodes, title).toContain(code);
    }
    expect([origin, problems]).toEqual([[], []]);
    pdp.otherwise({ kind: 'permit' });
    expect((await fetch(url)).status).toBe(200);
  });

  it('settings from a parameter change without a new package, and wrong ones change nothing', {
    timeout: 60_000,
  }, async () => {
    const APP = 'https://app.example';
    const settings = { SETTINGS_PARAMETER: '/pingone/edge', SETTINGS_TTL_MS: 1000 };
    const stored = (origins: string) => ['/pingone/edge', JSON.stringify({ CORS_ALLOWED_ORIGINS: origins })] as const;
    const bed = await start({ settings, parameters: [stored(APP)], pdp: { otherwise: { kind: 'deny', code: '403' } } });
    const allowed = async () =>
      (await fetch(bed.url, { headers: { origin: APP } })).headers.get('access-control-allow-origin');
    await expect.poll(allowed, PATIENT).toBe(APP);
    bed.stores.put('ssm', ...stored('*'));
    const refused = async () => [await allowed(), bed.environment.lines.join().includes('"state":"refused"')];
    await expect.poll(refused, PATIENT).toEqual([APP, true]);
    bed.stores.put('ssm', ...stored('https://other.example'));
    await expect.poll(allowed, PATIENT).toBeNull();
  });

  it('no event but a viewer request is asked about or let through', async () => {
    const { environment, pdp } = await start();
    for (const [title, event] of hostileRequests) {
      const answer = await environment.invoke(event);
      expect(answer, title).toMatchObject({
        ok: true,
        payload: { status: '400', body: expect.stringContaining('INVALID_REQUEST') },
      });
    }
    expect(pdp.callCount).toBe(0);
    expect(await environment.invoke(viewerRequest())).toMatchObject({
      ok: true,
      payload: { uri: '/products/a%2Fb/caf%C3%A9' },
    });
  });
});
