/** The rules by which `npm start` reads its environment. */
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../local/settings.ts';

describe('settings', () => {
  it('default to port 3000 and the embedded policy service', () => {
    expect(readSettings({})).toEqual({
      port: 3000,
      hosts: [],
      pingOneUrl: undefined,
      notice: undefined,
      passedThrough: {},
    });
    expect(readSettings({ PORT: '' }).port).toBe(3000);
  });

  it('take names of your own for the APIs from LOCAL_HOSTS, and refuse what is no list of names', () => {
    expect(readSettings({ LOCAL_HOSTS: 'API.example.com, www.example.com' }).hosts).toEqual([
      'api.example.com',
      'www.example.com',
    ]);
    for (const LOCAL_HOSTS of ['https://x', 'x:3000', 'x/y', 'x y'])
      expect(() => readSettings({ LOCAL_HOSTS })).toThrow('LOCAL_HOSTS=api.example.com npm start');
  });

  it("hand the authorizer's own variables on, and nothing else", () => {
    const { passedThrough } = readSettings({
      BREAKER_RESET_MS: '1',
      OTEL_SERVICE_NAME: 'x',
      LOG_LEVEL: 'DEBUG',
      PINGONE_RETRIES: '2',
      FORWARD_HEADERS: 'a',
      HOME: '/root',
      AWS_SECRET_ACCESS_KEY: 's',
      DEBUGGER: 'x',
      METRICS: '',
    });
    expect(Object.keys(passedThrough).sort()).toEqual([
      'BREAKER_RESET_MS',
      'FORWARD_HEADERS',
      'LOG_LEVEL',
      'OTEL_SERVICE_NAME',
      'PINGONE_RETRIES',
    ]);
  });

  it('use a real PingOne when its URL and a credential are there, with what reading that credential takes', () => {
    const { pingOneUrl, notice, passedThrough } = readSettings({
      PINGONE_SERVICE_URL: 'https://p.example',
      PINGONE_GATEWAY_CREDENTIAL_SECRET: 'name',
      AWS_SECRET_ACCESS_KEY: 's',
    });
    expect([pingOneUrl, notice]).toEqual(['https://p.example', undefined]);
    expect(passedThrough).toMatchObject({ PINGONE_GATEWAY_CREDENTIAL_SECRET: 'name', AWS_SECRET_ACCESS_KEY: 's' });
  });

  it('say so when only half of a PingOne is configured, and keep that half from the embedded service', () => {
    const half = readSettings({ PINGONE_GATEWAY_CREDENTIAL: 'c' });
    expect(half).toMatchObject({ pingOneUrl: undefined, passedThrough: {} });
    expect(half.notice).toContain('not PINGONE_SERVICE_URL');
  });
});
