/** Rules of CORS at the edge: scripts of the allowed origins, and of no other, may call and may read why they are denied. */
import { describe, expect, it } from 'vitest';
import type { HeaderLine } from '../../src/domain/request.ts';
import { originIn, permission, readable } from '../../src/edge/cors.ts';
import { answered, SETTINGS } from './permits.ts';
import { headersOf, REQUEST } from './viewer-request.ts';

const APP = 'https://app.example';
const CORS = { allowedOrigins: [APP, 'https://other.example'], allowCredentials: false };
const FORGIVING = { ...CORS, allowCredentials: true };

const values = (headers: readonly HeaderLine[], name: string): readonly string[] =>
  headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);

describe('the permission to call', () => {
  it('is for exact origins alone', () => {
    expect(permission(CORS, APP, undefined)).toContainEqual(['Access-Control-Allow-Origin', APP]);
    for (const origin of ['https://app.example:8443', 'http://app.example', 'https://app.example.evil', 'null', '']) {
      expect(permission(CORS, origin, undefined)).toBeUndefined();
    }
  });

  it('is for every method, for the headers that were asked for, and for two hours', () => {
    expect(permission(CORS, APP, 'authorization,x-a')).toEqual([
      ['Access-Control-Allow-Origin', APP],
      ['Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
      ['Access-Control-Allow-Headers', 'authorization,x-a'],
      ['Access-Control-Max-Age', '7200'],
      ['Vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'],
    ]);
  });

  it('is for no further headers where none were asked for', () => {
    expect(permission(CORS, APP, undefined)?.map(([name]) => name)).toEqual([
      'Access-Control-Allow-Origin',
      'Access-Control-Allow-Methods',
      'Access-Control-Max-Age',
      'Vary',
    ]);
  });

  it.each(['a', 'a,b', 'a , b', 'a\t\t,\t b,cc', 'x'.repeat(4096)])(
    'is for the headers %j as they were written',
    names => {
      expect(values(permission(CORS, APP, names) ?? [], 'access-control-allow-headers')).toEqual([names]);
    },
  );

  it.each(['', ',', ' a', 'a ', ',a', 'a,', 'a,,b', 'a b', 'a\nb', 'ü', 'ü,a', 'a,ü', 'a ü', 'x'.repeat(4097)])(
    'repeats no headers that are no list of names: %j',
    names => {
      expect(values(permission(CORS, APP, names) ?? [], 'access-control-allow-headers')).toEqual([]);
    },
  );

  it('is with cookies only if that is configured', () => {
    const credentials = (cors: typeof CORS) =>
      values(permission(cors, APP, undefined) ?? [], 'access-control-allow-credentials');
    expect([credentials(CORS), credentials(FORGIVING)]).toEqual([[], ['true']]);
  });
});

describe('a denial', () => {
  const told = (origin: string | undefined, lines: Record<string, string>[] = [], cors = CORS) => {
    const headers = origin === undefined ? REQUEST.headers : { ...REQUEST.headers, ...headersOf(['Origin', origin]) };
    const response = { response_code: '401', headers: lines };
    const { result } = answered({ headers }, echo => ({ ...echo, response }), { ...SETTINGS, cors });
    return ('headers' in result && result.headers) || {};
  };

  it('can be read by an allowed origin, the challenge included', () => {
    expect(told(APP, [{ 'WWW-Authenticate': 'Bearer' }])).toEqual(
      headersOf(
        ['WWW-Authenticate', 'Bearer'],
        ['Cache-Control', 'no-store'],
        ['Vary', 'Origin'],
        ['Access-Control-Expose-Headers', 'WWW-Authenticate'],
        ['Access-Control-Allow-Origin', APP],
      ),
    );
  });

  it('keeps PingOne’s Vary and exposed headers, and gets nothing twice', () => {
    const own = [{ vary: 'Accept' }, { Vary: 'Cookie' }, { 'Access-Control-Expose-Headers': 'X-Why' }];
    expect(told(APP, own)).toMatchObject({
      vary: [{ value: 'Accept, Cookie, Origin' }],
      'access-control-expose-headers': [{ value: 'X-Why, WWW-Authenticate' }],
    });
    const both = [{ Vary: 'origin' }, { 'access-control-expose-headers': 'www-authenticate' }];
    expect(told(APP, both)).toMatchObject({
      vary: [{ value: 'origin' }],
      'access-control-expose-headers': [{ value: 'www-authenticate' }],
    });
    expect(told(APP, [{ Vary: '*' }])).toMatchObject({ vary: [{ value: '*' }] });
  });

  it('has one origin, ours, whatever PingOne’s answer says', () => {
    const own = [{ 'Access-Control-Allow-Origin': '*' }, { 'access-control-allow-credentials': 'true' }];
    expect(told(APP, own)).toMatchObject({
      'access-control-allow-origin': [{ value: APP }],
      'access-control-allow-credentials': [{ value: 'true' }],
    });
    expect(told(APP, own, FORGIVING)).toMatchObject({ 'access-control-allow-credentials': [{ value: 'true' }] });
    expect(told('https://evil.example', own)).toMatchObject({ 'access-control-allow-origin': [{ value: '*' }] });
  });

  it('keeps headers that are only like those of an origin', () => {
    const own = ['Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials'].flatMap(name => [
      { [`X-${name}`]: 'a' },
      { [`${name}-X`]: 'a' },
    ]);
    for (const cors of [CORS, FORGIVING]) {
      const names = Object.keys(told(APP, own, cors));
      for (const line of own) expect(names).toContain(Object.keys(line)[0]?.toLowerCase());
    }
  });

  it('reads lists whatever white space and empty items are in them, and a star exposes no challenge', () => {
    const own = [{ Vary: ' Accept ,,\tCookie, ' }, { 'Access-Control-Expose-Headers': '*' }];
    expect(told(APP, own)).toMatchObject({
      vary: [{ key: 'Vary', value: 'Accept, Cookie, Origin' }],
      'access-control-expose-headers': [{ value: '*, WWW-Authenticate' }],
    });
  });

  it.each([undefined, 'https://evil.example', 'null', `${APP}, ${APP}`])(
    'says nothing to %s, but that it varies',
    origin => {
      const headers = told(origin);
      expect(Object.keys(headers).filter(name => name.startsWith('access-control-'))).toEqual([]);
      expect(headers).toMatchObject({ vary: [{ value: 'Origin' }] });
    },
  );

  it('is as it is if no origins are configured', () => {
    expect(told(APP, [], { allowedOrigins: [], allowCredentials: true })).toEqual(
      headersOf(['Cache-Control', 'no-store']),
    );
  });

  it('that varies by the origin already is as it came', () => {
    const lines: HeaderLine[] = [
      ['vary', 'Accept ,Origin'],
      ['X-A', 'a'],
    ];
    expect(readable(lines, CORS, undefined)).toEqual(lines);
  });

  it('exposes the time to come back if it has one', () => {
    const lines: HeaderLine[] = [['Retry-After', '1']];
    expect(values(readable(lines, CORS, APP), 'access-control-expose-headers')).toEqual([
      'WWW-Authenticate, Retry-After',
    ]);
  });

  it('above 40 KB keeps what makes it readable', () => {
    const headers = { ...REQUEST.headers, ...headersOf(['Origin', APP]) };
    const response = { response_code: '403', headers: [{ 'X-A': 'x'.repeat(41_000) }], body: 'x' };
    const { result } = answered({ headers }, echo => ({ ...echo, response }), { ...SETTINGS, cors: CORS });
    expect(result).toMatchObject({ headers: { 'access-control-allow-origin': [{ value: APP }] } });
  });
});

describe('the origin of a request', () => {
  it('is the one that it names, and none if it names two or cannot be read', () => {
    expect(originIn({ headers: headersOf(['Origin', APP]) })).toBe(APP);
    expect(originIn({ headers: headersOf(['Origin', APP], ['Origin', APP]) })).toBeUndefined();
    for (const request of [undefined, {}, { headers: [] }, { headers: { origin: APP } }]) {
      expect(originIn(request)).toBeUndefined();
    }
  });
});
