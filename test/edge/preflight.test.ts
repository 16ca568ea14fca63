/** Rules of the door for preflights: nothing else takes it, and what takes it is never a permit. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readResult } from '../../local/cloudfront/result.ts';
import type { Preflight } from '../../src/corridor/port.ts';
import { readViewerRequest } from '../../src/edge/event.ts';
import { preflightOf } from '../../src/edge/preflight.ts';
import { hostileObjects, hostileRequests } from './hostile-requests.ts';
import { SETTINGS } from './permits.ts';
import { APP, LINES, type Line, NEAR, preflight } from './preflights.ts';
import { CONFIG, eventOf, headersOf, shownBody } from './viewer-request.ts';

const PASS = { ...SETTINGS, preflight: 'pass' } as const;
const ANSWER = { ...PASS, preflight: 'answer', cors: { allowedOrigins: [APP], allowCredentials: false } } as const;

const VARY = ['Vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'] as const;

const door = (request: unknown, settings: Parameters<typeof preflightOf>[1] = PASS, config: unknown = CONFIG) =>
  preflightOf(readViewerRequest(eventOf(request, config)), settings);

describe('a preflight', () => {
  it('goes on to the origin as the client sent it', () => {
    const request = preflight();
    expect(door(request)).toEqual({ effect: 'preflight', ending: 'passed', status: undefined, result: request });
  });

  it('is answered without a body, as CloudFront takes it', () => {
    const taken = door(preflight(), ANSWER);
    expect(taken).toEqual({
      effect: 'preflight',
      ending: 'answered',
      status: 204,
      result: {
        status: '204',
        headers: headersOf(
          ['Access-Control-Allow-Origin', APP],
          ['Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
          ['Access-Control-Allow-Headers', 'authorization'],
          ['Access-Control-Max-Age', '7200'],
          VARY,
        ),
      },
    });
    expect(readResult(taken?.result, preflight(), false)).toMatchObject({ kind: 'response', reply: { status: 204 } });
  });

  it('of another origin is refused without a word that would allow it anything', () => {
    const lines = LINES.map(
      ([name, value]): Line => (name === 'Origin' ? [name, 'https://evil.example'] : [name, value]),
    );
    const taken = door(preflight(lines), ANSWER);
    const result = { status: '403', headers: headersOf(VARY) };
    expect(taken).toEqual({ effect: 'preflight', ending: 'refused', status: 403, result });
    expect(JSON.stringify(taken).toLowerCase()).not.toContain('access-control-allow');
  });

  it('is answered for the headers of every line that names some, and for none if none does', () => {
    const allowed = (lines: readonly Line[]) => {
      const { headers } = Object(door(preflight(lines), ANSWER)?.result);
      return headers['access-control-allow-headers'];
    };
    const value = 'authorization, x-a';
    expect(allowed([...LINES, ['Access-Control-Request-Headers', 'x-a']])).toMatchObject([{ value }]);
    expect(allowed(LINES.slice(0, 3))).toBeUndefined();
  });

  it('may show an empty body and the length 0', () => {
    expect(door(preflight(undefined, { body: shownBody('') }))?.ending).toBe('passed');
    expect(door(preflight([...LINES, ['Content-Length', '0']]))?.ending).toBe('passed');
  });

  it('is asked about like any other request if nothing is configured', () => {
    expect(door(preflight(), SETTINGS)).toBeUndefined();
  });

  it('is none without the address that a trusted header must give', () => {
    expect(door(preflight(), { ...PASS, trustedIpHeader: 'true-client-ip' })).toBeUndefined();
  });
});

describe('what is nearly a preflight', () => {
  it.each(NEAR)('does not take the door: %s', (_, request) => {
    expect([door(request), door(request, ANSWER)]).toEqual([undefined, undefined]);
  });

  it.each(hostileRequests.map(([title, event]) => [title, event] as const))(
    'does not take the door: %s',
    (_, event) => {
      expect(preflightOf(readViewerRequest(event), PASS)).toBeUndefined();
    },
  );

  it.each(hostileObjects.map(([title, value]) => [title, value] as const))('never throws for %s', (_, value) => {
    expect(() => door(value)).not.toThrow();
    expect(() => door({ ...preflight(), headers: value })).not.toThrow();
    expect(() => door({ ...preflight(), body: value })).not.toThrow();
  });

  it('does not take the door for an origin request, whose answer CloudFront would keep', () => {
    expect(door(preflight(), PASS, { ...CONFIG, eventType: 'origin-request' })).toBeUndefined();
  });
});

describe('whatever comes', () => {
  const name = fc.constantFrom(
    'Origin',
    'origin',
    'Access-Control-Request-Method',
    'Authorization',
    'AUTHORIZATION',
    'Cookie',
    'Content-Length',
    'Transfer-Encoding',
    'X-A',
  );
  const value = fc.oneof(fc.constantFrom(APP, 'PUT', '', '0', '1', 'null'), fc.string());
  const request = fc.record({
    method: fc.constantFrom('OPTIONS', 'OPTIONS', 'OPTIONS', 'GET', 'options'),
    lines: fc.array(fc.tuple(name, value), { maxLength: 4 }),
    complete: fc.boolean(),
    body: fc.constantFrom(undefined, null, shownBody(''), shownBody('x'), shownBody('', true), 'x'),
  });

  it('takes the door only as OPTIONS with one origin and one method, without token, cookie and body', () => {
    let taken = 0;
    fc.assert(
      fc.property(request, ({ method, lines, complete, body }) => {
        const all = [...(complete ? LINES : LINES.slice(0, 1)), ...lines];
        const result = door({ ...preflight(all, { method }), ...(body === undefined ? {} : { body }) });
        if (result === undefined) return;
        taken += 1;
        const sent = (wanted: string) => all.filter(([key]) => key.toLowerCase() === wanted).map(([, text]) => text);
        expect(method).toBe('OPTIONS');
        expect([sent('origin').length, sent('access-control-request-method').length]).toEqual([1, 1]);
        expect([sent('authorization'), sent('cookie'), sent('transfer-encoding')]).toEqual([[], [], []]);
        expect(sent('content-length').every(length => length === '0')).toBe(true);
        expect(
          body === undefined || body === null || (typeof body === 'object' && body.data === '' && !body.inputTruncated),
        ).toBe(true);
        expect(result satisfies Preflight).toMatchObject({ effect: 'preflight', ending: 'passed' });
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});
