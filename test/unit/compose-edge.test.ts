/** Rules of the edge function's composition: stored settings take over between two requests, never within one. */
import { describe, expect, it } from 'vitest';
import { composeEdge } from '../../src/compose-edge.ts';
import type { Send } from '../../src/pdp/send.ts';
import { preflight } from '../edge/preflights.ts';
import { eventOf, headersOf, REQUEST, viewerRequest } from '../edge/viewer-request.ts';
import { fakeClock, settled } from './fake-clock.ts';

const APP = 'https://app.example';
const BAKED = {
  PINGONE_SERVICE_URL: 'https://h.example/v1',
  PINGONE_GATEWAY_CREDENTIAL_SECRET: 'pingone/gateway-credential',
  PINGONE_CREDENTIAL_REGION: 'eu-west-1',
  PINGONE_PREWARM: 'false',
};
const STORED = { ...BAKED, SETTINGS_PARAMETER: '/pingone/edge', SETTINGS_TTL_MS: '1000' };

const setUp = (baked: Readonly<Record<string, string>> = STORED, stored: object = {}) => {
  const clock = fakeClock();
  const lines: Record<string, unknown>[] = [];
  const asked: string[] = [];
  const credentials: string[] = [];
  let settings = JSON.stringify(stored);
  let held: Promise<void> | undefined;
  const send: Send = async ({ body, credential }, call) => {
    call.facts.attempts += 1;
    credentials.push(credential);
    const { headers } = JSON.parse(body);
    await held;
    const denied = JSON.stringify(headers).includes('X-Deny');
    return {
      status: 200,
      headers: {},
      body: Buffer.from(denied ? JSON.stringify({ response: { response_code: '403' } }) : body),
    };
  };
  const authorize = composeEdge(baked, {
    send,
    clock,
    writeLine: line => lines.push(JSON.parse(line)),
    fetchSecret: async id => {
      asked.push(id);
      return id === '/pingone/edge' ? settings : 'c-1';
    },
  });
  return {
    clock,
    lines,
    asked,
    credentials,
    authorize,
    store: (text: object) => {
      settings = JSON.stringify(text);
    },
    hold: (until: Promise<void> | undefined) => {
      held = until;
    },
    logged: (message: string) => lines.filter(line => line['message'] === message),
  };
};

const denied = (origin = APP) =>
  viewerRequest({ headers: { ...REQUEST.headers, ...headersOf(['X-Deny', '1'], ['Origin', origin]) } });

describe('an edge function', () => {
  it('without a place of stored settings reads none', async () => {
    const { authorize, asked, logged } = setUp(BAKED);
    expect(await authorize(viewerRequest())).toMatchObject({ uri: REQUEST.uri });
    expect([asked, logged('settings')]).toEqual([['pingone/gateway-credential'], []]);
  });

  it('says at init which settings are in force', async () => {
    const { authorize, logged } = setUp();
    await authorize(viewerRequest());
    expect(logged('settings')).toMatchObject([
      { level: 'INFO', state: 'in-force', settings: { AUTHORIZER_DEADLINE_MS: '4000', CORS_ALLOWED_ORIGINS: '' } },
    ]);
  });

  it('uses stored settings from its first request on, and changed ones from the request that reads them', async () => {
    const stage = setUp(STORED, { CORS_ALLOWED_ORIGINS: APP });
    expect(await stage.authorize(denied())).toMatchObject({
      headers: { 'access-control-allow-origin': [{ value: APP }] },
    });
    stage.store({});
    await stage.clock.advance(1000);
    expect(await stage.authorize(denied())).not.toHaveProperty('headers.access-control-allow-origin');
    expect(stage.logged('settings')).toHaveLength(2);
  });

  it('serves a request to its end by the settings that it began with', async () => {
    const stage = setUp(STORED, { CORS_ALLOWED_ORIGINS: APP });
    await stage.authorize(viewerRequest());
    let release = (): void => undefined;
    stage.hold(
      new Promise(resolve => {
        release = resolve;
      }),
    );
    const begun = stage.authorize(denied());
    await settled();
    stage.store({});
    await stage.clock.advance(1000);
    const renewing = stage.authorize(denied());
    await settled();
    release();
    const later = stage.authorize(denied());
    expect(await later).not.toHaveProperty('headers.access-control-allow-origin');
    expect(await renewing).not.toHaveProperty('headers.access-control-allow-origin');
    expect(await begun).toMatchObject({ headers: { 'access-control-allow-origin': [{ value: APP }] } });
  });

  it('keeps credential and cold start to itself when settings change: neither is there twice', async () => {
    const stage = setUp();
    await stage.authorize(viewerRequest());
    stage.store({ BREAKER_RESET_MS: 1000 });
    await stage.clock.advance(1000);
    await stage.authorize(viewerRequest());
    await settled();
    stage.store({ BREAKER_RESET_MS: 2000 });
    await stage.authorize(viewerRequest());
    const cold = stage.logged('decision').map(({ coldStart }) => coldStart);
    expect(cold).toEqual([true, false, false]);
    expect(new Set(stage.credentials)).toEqual(new Set(['c-1']));
    expect(stage.asked.filter(id => id !== '/pingone/edge').length).toBeLessThanOrEqual(2);
  });

  it('has its cold start counted also if stored settings took over before the first request', async () => {
    const stage = setUp(STORED, { BREAKER_RESET_MS: 1000 });
    await stage.authorize(viewerRequest());
    await stage.authorize(viewerRequest());
    const [first, second] = stage.logged('decision');
    expect(first).toMatchObject({ coldStart: true, ColdStart: 1, InitDuration: expect.any(Number) });
    expect(second).toMatchObject({ coldStart: false });
  });

  it('lets no preflight past a wrong configuration', async () => {
    const { authorize, asked, lines } = setUp({ ...STORED, PREFLIGHT: 'pass', PINGONE_RETRIES: 'x' });
    expect(await authorize(eventOf(preflight()))).toMatchObject({ status: '500' });
    expect(asked).toEqual([]);
    expect(lines.at(-1)).toMatchObject({ reasonCode: 'CONFIG_INVALID', effect: 'deny' });
    const { authorize: good, credentials } = setUp({ ...BAKED, PREFLIGHT: 'pass' });
    expect(await good(eventOf(preflight()))).toEqual(preflight());
    expect(credentials).toEqual([]);
  });
});
