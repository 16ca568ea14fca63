/** Rules of settings from a store: judged by the same rows, read now and then, the last good ones kept. */
import { describe, expect, it } from 'vitest';
import type { EdgeConfig } from '../../src/edge/settings.ts';
import type { SettingsSource } from '../../src/edge/settings-source.ts';
import { type SettingsEvent, storedSettings } from '../../src/edge/stored-settings.ts';
import { fakeClock, settled } from '../unit/fake-clock.ts';

const BAKED = {
  PINGONE_SERVICE_URL: 'https://h.example/v1',
  PINGONE_GATEWAY_CREDENTIAL_SECRET: 'pingone/gateway-credential',
  PINGONE_CREDENTIAL_REGION: 'eu-west-1',
  SETTINGS_PARAMETER: '/pingone/edge',
  LOG_LEVEL: 'WARN',
};
const SOURCE = { store: 'parameter-store', id: '/pingone/edge', region: 'eu-west-1', ttlMs: 60_000 } as const;

/** What is in force with these and no stored ones. */
const UNCHANGED = {
  PINGONE_CONNECT_TIMEOUT_MS: '1000',
  PINGONE_REQUEST_TIMEOUT_MS: '3000',
  AUTHORIZER_DEADLINE_MS: '4000',
  BREAKER_ENABLED: 'true',
  BREAKER_ERROR_THRESHOLD_PERCENT: '50',
  BREAKER_VOLUME_THRESHOLD: '3',
  BREAKER_WINDOW_MS: '30000',
  BREAKER_RESET_MS: '5000',
  LOG_LEVEL: 'WARN',
  CORS_ALLOWED_ORIGINS: '',
};

type Fetch = (id: string, signal: AbortSignal, region?: string) => Promise<string>;

const setUp = (first: Fetch, source: SettingsSource = SOURCE) => {
  const clock = fakeClock();
  const applied: EdgeConfig[] = [];
  const events: SettingsEvent[] = [];
  const asked: (readonly [string, string | undefined])[] = [];
  let answer = first;
  const stored = storedSettings(
    BAKED,
    source,
    (id, signal, region) => {
      asked.push([id, region]);
      return answer(id, signal, region);
    },
    clock,
    config => applied.push(config),
    event => events.push(event),
  );
  /** The next reading, once it is due. */
  const later = async (next: Fetch, ms: number = SOURCE.ttlMs): Promise<void> => {
    answer = next;
    await clock.advance(ms);
    void stored.renew();
    await settled();
  };
  return { clock, stored, applied, events, asked, later };
};

const gives =
  (settings: unknown): Fetch =>
  async () =>
    typeof settings === 'string' ? settings : JSON.stringify(settings);
const away: Fetch = () => Promise.reject(new Error('canary', { cause: new RangeError('canary') }));
const never: Fetch = () => new Promise(() => undefined);

describe('stored settings', () => {
  it('are read at init, where they are, and come over the baked ones', async () => {
    const { stored, applied, events, asked } = setUp(gives({ AUTHORIZER_DEADLINE_MS: 2500, LOG_LEVEL: 'DEBUG' }));
    await stored.waiting();
    expect(asked).toEqual([['/pingone/edge', 'eu-west-1']]);
    expect(applied).toMatchObject([{ config: { valid: true, deadlineMs: 2500, logLevel: 'DEBUG' } }]);
    expect(events).toMatchObject([
      {
        state: 'in-force',
        settings: {
          AUTHORIZER_DEADLINE_MS: '2500',
          LOG_LEVEL: 'DEBUG',
          BREAKER_RESET_MS: '5000',
          CORS_ALLOWED_ORIGINS: '',
        },
      },
    ]);
  });

  it('hold nobody up once they are there', async () => {
    const { stored } = setUp(gives({}));
    expect(stored.waiting()).toBeInstanceOf(Promise);
    await stored.waiting();
    expect(stored.waiting()).toBeUndefined();
  });

  it('change nothing if they say nothing, and say what is in force', async () => {
    const { stored, applied, events } = setUp(gives(' \ufeff{} \n'));
    await stored.waiting();
    expect(applied).toEqual([]);
    expect(events).toEqual([{ state: 'in-force', settings: UNCHANGED }]);
  });

  it('are read again when it is time, and not before', async () => {
    const { stored, asked, later } = setUp(gives({}));
    await stored.waiting();
    await later(gives({}), SOURCE.ttlMs - 1);
    expect(asked).toHaveLength(1);
    await later(gives({}), 1);
    expect(asked).toHaveLength(2);
  });

  it('are read by one reading at a time', async () => {
    const { stored, asked, later, clock } = setUp(gives({}));
    await stored.waiting();
    await later(never);
    await clock.advance(1000);
    void stored.renew();
    void stored.renew();
    expect(asked).toHaveLength(2);
  });

  it('are read by one reading at a time, even if it takes longer than they are used', async () => {
    const { stored, asked, clock } = setUp(never, { ...SOURCE, ttlMs: 1000 });
    await clock.advance(4999);
    void stored.renew();
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    void stored.renew();
    expect(asked).toHaveLength(2);
  });

  it('are waited for by the request that starts a reading, 250 ms at most, and by no other', async () => {
    const { stored, clock } = setUp(gives({}));
    await stored.waiting();
    expect(stored.renew()).toBeUndefined();
    await clock.advance(SOURCE.ttlMs);
    const waits: string[] = [];
    await stored.renew()?.then(() => waits.push('read'));
    const slow = setUp(gives({}));
    await slow.stored.waiting();
    await slow.later(never);
    await slow.clock.advance(5000);
    await slow.clock.advance(SOURCE.ttlMs);
    void slow.stored.renew()?.then(() => waits.push('slow'));
    expect(slow.stored.renew()).toBeUndefined();
    await slow.clock.advance(249);
    expect(waits).toEqual(['read']);
    await slow.clock.advance(1);
    await settled();
    expect(waits).toEqual(['read', 'slow']);
  });

  it('leave no timer behind', async () => {
    const { stored, clock, later } = setUp(gives({}));
    expect(clock.pending).toBe(2);
    await stored.waiting();
    await settled();
    expect(clock.pending).toBe(0);
    await later(away);
    expect(clock.pending).toBe(0);
  });

  it.each<[string, string | number | boolean, object]>([
    ['PINGONE_CONNECT_TIMEOUT_MS', 700, { pool: { connectTimeoutMs: 700 } }],
    ['PINGONE_REQUEST_TIMEOUT_MS', 1700, { transport: { requestTimeoutMs: 1700 } }],
    ['AUTHORIZER_DEADLINE_MS', 2700, { deadlineMs: 2700 }],
    ['BREAKER_ENABLED', false, { breaker: undefined }],
    ['BREAKER_ERROR_THRESHOLD_PERCENT', 70, { breaker: { errorThresholdPercent: 70 } }],
    ['BREAKER_VOLUME_THRESHOLD', 7, { breaker: { volumeThreshold: 7 } }],
    ['BREAKER_WINDOW_MS', 7000, { breaker: { windowMs: 7000 } }],
    ['BREAKER_RESET_MS', 1700, { breaker: { resetMs: 1700 } }],
    ['LOG_LEVEL', 'ERROR', { logLevel: 'ERROR' }],
  ])('may hold %s, which then counts', async (name, value, config) => {
    const { stored, applied, events } = setUp(gives({ [name]: value }));
    await stored.waiting();
    expect(applied).toMatchObject([{ config: { valid: true, ...config } }]);
    expect(events).toEqual([{ state: 'in-force', settings: { ...UNCHANGED, [name]: String(value) } }]);
  });

  it('may hold CORS_ALLOWED_ORIGINS, which then counts', async () => {
    const { stored, applied, events } = setUp(gives({ CORS_ALLOWED_ORIGINS: 'https://a.example' }));
    await stored.waiting();
    expect(applied).toMatchObject([{ gateway: { cors: { allowedOrigins: ['https://a.example'] } } }]);
    const settings = { ...UNCHANGED, CORS_ALLOWED_ORIGINS: 'https://a.example' };
    expect(events).toEqual([{ state: 'in-force', settings }]);
  });

  it('are applied and told once for each change', async () => {
    const { stored, applied, events, later } = setUp(gives({ BREAKER_RESET_MS: 1000 }));
    await stored.waiting();
    await later(gives({ BREAKER_RESET_MS: '1000' }));
    await later(gives({ BREAKER_RESET_MS: 2000 }));
    await later(gives({}));
    expect(applied.map(({ config }) => config.valid && config.breaker?.resetMs)).toEqual([1000, 2000, 5000]);
    expect(events).toHaveLength(3);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'the service URL',
      { PINGONE_SERVICE_URL: 'https://evil.example' },
      /^PINGONE_SERVICE_URL cannot be changed there/,
    ],
    ['the credential’s place', { PINGONE_GATEWAY_CREDENTIAL_SECRET: 'x' }, /^PINGONE_GATEWAY_CREDENTIAL_SECRET cannot/],
    ['the credential', { PINGONE_GATEWAY_CREDENTIAL: 'canary' }, /^PINGONE_GATEWAY_CREDENTIAL cannot/],
    ['its own place', { SETTINGS_PARAMETER: '/x' }, /^SETTINGS_PARAMETER cannot/],
    ['the door of preflights', { PREFLIGHT: 'pass' }, /^PREFLIGHT cannot/],
    ['the trusted header', { TRUSTED_IP_HEADER: 'x-a' }, /^TRUSTED_IP_HEADER cannot/],
    ['what is no setting', { constructor: 'x' }, /^constructor cannot/],
    ['a wrong value', { AUTHORIZER_DEADLINE_MS: 'canary' }, /^AUTHORIZER_DEADLINE_MS must be a whole number/],
    ['a deadline beyond CloudFront’s', { AUTHORIZER_DEADLINE_MS: 60_000 }, /^AUTHORIZER_DEADLINE_MS must be at most/],
    ['every origin', { CORS_ALLOWED_ORIGINS: '*' }, /^CORS_ALLOWED_ORIGINS must not hold/],
    ['an object', { LOG_LEVEL: { canary: 1 } }, /^LOG_LEVEL must be text/],
    ['null', { LOG_LEVEL: null }, /^LOG_LEVEL must be text/],
    ['a list', '["canary"]', /not one JSON object/],
    ['no JSON', 'canary', /not one JSON object/],
  ])('are refused as a whole for %s, with the name and never the value', async (_, settings, problem) => {
    const { stored, applied, events, later } = setUp(gives({ BREAKER_RESET_MS: 1000 }));
    await stored.waiting();
    const more = typeof settings === 'string' ? settings : { BREAKER_RESET_MS: 3000, ...Object(settings) };
    await later(gives(more));
    expect(applied).toHaveLength(1);
    expect(events[1]).toEqual({ state: 'refused', problems: [expect.stringMatching(problem)] });
    expect(JSON.stringify(events)).not.toContain('canary');
  });

  it('go on as they were while the store is away, which is asked again after 10 s and told of once', async () => {
    const { stored, applied, events, later, asked } = setUp(gives({ BREAKER_RESET_MS: 1000 }));
    await stored.waiting();
    await later(away);
    await later(away, 9999);
    expect(asked).toHaveLength(2);
    await later(away, 1);
    expect(asked).toHaveLength(3);
    expect(applied).toHaveLength(1);
    expect(events.slice(1)).toEqual([{ state: 'unavailable', cause: 'RangeError' }]);
    await later(gives({ BREAKER_RESET_MS: 2000 }), 10_000);
    expect(applied).toHaveLength(2);
  });

  it('hold requests up for half a second at most if the store does not answer, and are given up after five', async () => {
    const { stored, clock, events, applied } = setUp(never);
    let waited = false;
    const waiting = stored.waiting()?.then(() => {
      waited = true;
    });
    await clock.advance(499);
    expect(waited).toBe(false);
    await clock.advance(1);
    await waiting;
    expect([stored.waiting(), applied]).toEqual([undefined, []]);
    await clock.advance(4500);
    expect(events).toEqual([{ state: 'unavailable', cause: 'the store did not answer in time' }]);
  });

  it('are in time after a freeze: its time counts', async () => {
    const { stored, asked, clock } = setUp(gives({}));
    await stored.waiting();
    clock.jump(3_600_000);
    void stored.renew();
    await settled();
    expect(asked).toHaveLength(2);
  });
});
