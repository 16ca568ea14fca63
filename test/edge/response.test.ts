/** Rules of what a client is told at the edge: PingOne's own answer as it is, ours where PingOne gave none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readResult } from '../../local/cloudfront/result.ts';
import { failClosed } from '../../src/corridor/fail-closed.ts';
import type { Visit } from '../../src/corridor/port.ts';
import { type Facts, newFacts } from '../../src/domain/call.ts';
import { type Decision, deny } from '../../src/domain/decision.ts';
import { AuthorizerError, type FaultCode } from '../../src/domain/errors.ts';
import { cloudFront, type EdgeResult } from '../../src/edge/cloudfront.ts';
import type { PreflightSettings } from '../../src/edge/preflight.ts';
import { type Asked, responseTo } from '../../src/edge/response.ts';
import { readInvocation } from '../../src/lambda/invocation.ts';
import { anyCharacter } from '../support/any-character.ts';
import { growthOf } from '../support/growth.ts';
import { permitFor } from '../unit/permits.ts';
import { hostileObjects } from './hostile-requests.ts';
import { answered, SETTINGS } from './permits.ts';
import { CONFIG, eventOf, headersOf, REQUEST } from './viewer-request.ts';

const STEP_UP = 'Bearer error="insufficient_user_authentication", acr_values="mfa", max_age="60"';

/** What the client gets for a `response` of PingOne's. */
const told = (response: Readonly<Record<string, unknown>>): unknown =>
  answered({}, echo => ({ ...echo, response })).result;

const judged = (result: unknown): ReturnType<typeof readResult> =>
  readResult(JSON.parse(JSON.stringify(result)), REQUEST, false);

const lines = (...all: readonly (readonly [string, string])[]): unknown => headersOf(...all);

/** What the gateway answers to a request that was refused before it was read, or whatever else became of it. */
const answeredTo = (
  event: unknown,
  {
    decision = failClosed(new AuthorizerError('CIRCUIT_OPEN')),
    fault,
    facts = {},
    context,
    settings = SETTINGS,
  }: {
    readonly decision?: Decision;
    readonly fault?: unknown;
    readonly facts?: Partial<Facts>;
    readonly context?: unknown;
    readonly settings?: PreflightSettings;
  } = {},
) => {
  const { envelope, readRequest, toResult } = cloudFront(settings).receive(event);
  const visit: Visit = {
    envelope,
    readRequest,
    invocation: readInvocation(context),
    facts: { ...newFacts(), ...facts },
    coldStart: false,
    initMs: undefined,
    trace: undefined,
  };
  return toResult({ decision, request: undefined, unapplied: [], fault }, visit);
};

const idIn = (result: EdgeResult): unknown => JSON.parse(String(result['body'])).correlationId;

describe('the id in an answer', () => {
  const nameless = eventOf(REQUEST, { ...CONFIG, requestId: undefined });

  it('is PingOne’s, else CloudFront’s, else Lambda’s', () => {
    const decision = failClosed(new AuthorizerError('PDP_ERROR', { correlationId: 'ping-1' }));
    const context = { awsRequestId: 'lambda-1' };
    expect(idIn(answeredTo(eventOf(REQUEST), { decision, context }))).toBe('ping-1');
    expect(idIn(answeredTo(eventOf(REQUEST), { context }))).toBe(CONFIG.requestId);
    expect(idIn(answeredTo(nameless, { context }))).toBe('lambda-1');
    expect(idIn(answeredTo(nameless))).toBe('unknown');
  });

  it.each([
    ['r'.repeat(50_000), 'r'.repeat(128)],
    ['a<b>"', 'ab'],
    ['eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1In0.c', 'unknown'],
  ])('is short and plain, whatever CloudFront calls its request', (requestId, id) => {
    expect(idIn(answeredTo(eventOf(REQUEST, { ...CONFIG, requestId })))).toBe(id);
  });
});

describe('a request that was refused before it was read', () => {
  it.each(['HEAD', 'head'])('gets no body where it is %s', method => {
    expect(answeredTo(eventOf({ ...REQUEST, method }))).not.toHaveProperty('body');
  });

  it.each([...hostileObjects, ['a method that is a number', eventOf({ ...REQUEST, method: 1 })] as const])(
    'gets an answer with a body for %s',
    (_, event) => {
      expect(answeredTo(event)).toMatchObject({ status: '503', bodyEncoding: 'text' });
    },
  );

  it('is never permitted: an event without a request has none to go on', () => {
    const decision = permitFor({ headers: [], changes: [] });
    expect(answeredTo({}, { decision })).toMatchObject({
      status: '500',
      body: expect.stringContaining('"reasonCode":"INTERNAL"'),
    });
  });
});

describe('the time to come back', () => {
  const retryAfter = (fault: unknown, facts: Partial<Facts> = {}) => {
    const { headers } = answeredTo(eventOf(REQUEST), { fault, facts });
    return Object(headers)['retry-after'];
  };

  it('is what PingOne asked for, else how long the breaker stays open', () => {
    const asking = new AuthorizerError('CIRCUIT_OPEN', { retryAfterMs: 7000 });
    const open = new AuthorizerError('CIRCUIT_OPEN');
    expect(retryAfter(asking, { retryAfterMs: 3000 })).toEqual([{ key: 'Retry-After', value: '7' }]);
    expect(retryAfter(open, { retryAfterMs: 3000 })).toEqual([{ key: 'Retry-After', value: '3' }]);
    expect(retryAfter(open)).toBeUndefined();
  });

  it('is not said where no fault of ours is the reason', () => {
    expect(retryAfter(undefined, { retryAfterMs: 3000 })).toBeUndefined();
  });
});

describe('a denial of PingOne’s', () => {
  it('keeps status, headers and body, byte for byte', () => {
    const body = '{ "id": "1",  "code":"ACCESS_FAILED", "message": "né" }\n';
    const headers = [
      { 'Content-Type': 'application/json;charset=UTF-8' },
      { 'WWW-Authenticate': STEP_UP },
      { 'Set-Cookie': 'a=1' },
      { 'Set-Cookie': 'b=2' },
      { 'X-Reason': 'risk' },
    ];
    expect(told({ response_code: '403', headers, body })).toEqual({
      status: '403',
      headers: lines(
        ['Content-Type', 'application/json;charset=UTF-8'],
        ['WWW-Authenticate', STEP_UP],
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['X-Reason', 'risk'],
        NO_STORE,
      ),
      bodyEncoding: 'text',
      body,
    });
  });

  it('keeps a challenge in any language', () => {
    const challenge = 'Bearer realm="Prüfung 検査", error="insufficient_user_authentication"';
    expect(told({ response_code: '401', headers: [{ 'WWW-Authenticate': challenge }] })).toEqual({
      status: '401',
      headers: lines(['WWW-Authenticate', challenge], NO_STORE),
    });
  });

  it.each([400, 401, 402, 403, 404, 429, 451, 499, 500, 503, 599])(
    'has the status that the policy chose: %i',
    status => {
      expect(told({ response_code: String(status) })).toEqual({ status: String(status), headers: lines(NO_STORE) });
      expect(told({ response_code: status })).toEqual({ status: String(status), headers: lines(NO_STORE) });
    },
  );

  it('may send the client to another place', () => {
    const headers = [{ Location: 'https://login.example/' }];
    expect(told({ response_code: '302', headers })).toEqual({
      status: '302',
      headers: lines(['Location', 'https://login.example/'], NO_STORE),
    });
  });

  it.each([
    ['2xx', { response_code: '200', body: '{}' }],
    ['204', { response_code: '204' }],
    ['1xx', { response_code: '101' }],
    ['304', { response_code: '304', headers: [{ Location: '/' }] }],
    ['201 with a place', { response_code: '201', headers: [{ Location: '/' }] }],
    ['a redirect without a place', { response_code: '302' }],
    ['no status', {}],
    ['no number', { response_code: 'permit' }],
    ['beyond the scale', { response_code: '600' }],
  ])('never looks like a success: %s is 403', (_, response) => {
    expect(told(response)).toMatchObject({ status: '403' });
  });

  it('loses the headers that CloudFront would answer with 502, and those that cannot be sent', () => {
    const headers = [
      { Connection: 'close' },
      { 'Content-Length': '5' },
      { 'Transfer-Encoding': 'chunked' },
      { Via: '1.1 x' },
      { 'X-Amz-Cf-Id': 'x' },
      { 'X-Cache': 'x' },
      { 'X-Amzn-RequestId': 'x' },
      { 'X-A': 'a\r\nX-B: b' },
      { 'X-D': '\ud800' },
      { 'CDN-Loop': 'x' },
      { 'X B': 'b' },
      { 'X-C': 'c' },
    ];
    expect(told({ response_code: '403', headers })).toEqual({
      status: '403',
      headers: lines(['X-C', 'c'], NO_STORE),
    });
  });

  it('names the type of a body that has none', () => {
    const type = (body: string): unknown => told({ response_code: '403', body });
    expect(type('{"a":1}')).toMatchObject({ headers: lines(['Content-Type', 'application/json'], NO_STORE) });
    expect(type('<h1>no</h1>')).toMatchObject({
      headers: lines(['Content-Type', 'text/plain; charset=utf-8'], NO_STORE),
    });
    expect(type('')).toEqual({ status: '403', headers: lines(NO_STORE) });
  });

  it('above 40 KB loses its body and says why, and keeps the challenge', () => {
    const headers = [{ 'WWW-Authenticate': STEP_UP }, { 'Content-Type': 'text/html' }, { 'X-A': 'a' }];
    const result = told({ response_code: '401', headers, body: 'x'.repeat(40 * 1024) });
    expect(result).toMatchObject({
      status: '401',
      headers: lines(['WWW-Authenticate', STEP_UP], ['X-A', 'a'], NO_STORE, ['Content-Type', 'application/json']),
      body: expect.stringContaining('"reasonCode":"STEP_UP_REQUIRED"'),
    });
    const huge = told({ response_code: '302', headers: [{ Location: `/${'x'.repeat(41_000)}` }, ...headers] });
    expect(huge).toMatchObject({ status: '403', headers: { 'www-authenticate': [{ value: STEP_UP }] } });
    expect([judged(result), judged(huge)]).toMatchObject([{ kind: 'response' }, { kind: 'response' }]);
  });

  it('above 40 KB keeps no header of its content but the type of ours, and at most 256 characters of the reason', () => {
    const said = { message: 'm'.repeat(1000) };
    const headers = [{ 'Content-Language': 'nl' }, { 'X-Content-A': 'a' }, { 'CONTENT-ENCODING': 'br' }];
    const body = JSON.stringify({ ...said, more: 'x'.repeat(41_000) });
    const { headers: left, body: why } = Object(told({ response_code: '403', headers, body }));
    expect(left).toEqual(lines(['X-Content-A', 'a'], NO_STORE, ['Content-Type', 'application/json']));
    expect(JSON.parse(why).reason.length).toBeLessThanOrEqual(256);
  });

  it('with headers above 40 KB keeps up to eight challenges of at most 1 KB, and its words for its status', () => {
    const challenges = Array.from({ length: 10 }, (_, index) => ({ 'www-authenticate': `Bearer realm="${index}"` }));
    const longest = 'x'.repeat(1024);
    const headers = [
      { 'X-A': 'a'.repeat(41_000) },
      { 'WWW-Authenticate': `${longest}x` },
      { 'WWW-Authenticate': longest },
      { 'X-WWW-Authenticate': 'a' },
      { 'WWW-Authenticate-X': 'a' },
      ...challenges,
    ];
    expect(told({ response_code: '401', response_status: 'Nope', headers, body: '{}' })).toEqual({
      status: '401',
      statusDescription: 'Nope',
      headers: lines(
        ['WWW-Authenticate', longest],
        ...challenges.slice(0, 7).map(line => ['www-authenticate', line['www-authenticate']] as const),
        ['Content-Type', 'application/json'],
        NO_STORE,
      ),
      bodyEncoding: 'text',
      body: expect.stringContaining('"reasonCode":"UNAUTHENTICATED"'),
    });
    const moved = told({ response_code: '302', response_status: 'Moved', headers: [{ Location: '/' }, ...headers] });
    expect(moved).toMatchObject({ status: '403' });
    expect(moved).not.toHaveProperty('statusDescription');
    expect(told({ response_code: '400', headers })).toMatchObject({ status: '400' });
  });

  it('that is a redirect of just 40 KB is still one, and never one with two places', () => {
    const location = { Location: 'https://login.example/' };
    const redirect = (code: number, ...headers: Record<string, string>[]) =>
      told({ response_code: String(code), headers });
    for (const code of [301, 302, 303, 307, 308]) {
      expect(redirect(code, location)).toMatchObject({ status: String(code) });
      expect(redirect(code, location, { location: '/' })).toMatchObject({ status: '403' });
    }
    for (const code of [300, 305, 306, 309, 399]) expect(redirect(code, location)).toMatchObject({ status: '403' });
    const large = told({ response_code: '302', headers: [location], body: 'x'.repeat(40 * 1024) });
    expect(large).toMatchObject({ status: '302', headers: { location: [{ value: location.Location }] } });
  });

  it('is measured in UTF-8', () => {
    const body = 'x'.repeat(40 * 1024 - 60);
    const result = told({
      response_code: '403',
      headers: [{ 'Content-Type': 'text/html' }, { 'X-A': 'é'.repeat(20) }],
      body,
    });
    expect(result).toMatchObject({ body: expect.stringContaining('"reasonCode":"POLICY_DENIED"') });
    expect(judged(result)).toMatchObject({ kind: 'response' });
  });

  it('has many headers in work that grows with them, and no faster', () => {
    const prepare = (size: number) => {
      const headers = Array.from({ length: size }, () => ({ 'X-A': '' }));
      return () => told({ response_code: '403', headers });
    };
    expect(growthOf(prepare, 1000, 8)).toBeLessThan(24);
  });

  it('of just 40 KB arrives whole', () => {
    const heads = 'Content-Type'.length + 'text/html'.length + 4 + 'Cache-Control'.length + 'no-store'.length + 4;
    const body = 'x'.repeat(40 * 1024 - heads);
    const html = [{ 'Content-Type': 'text/html' }];
    expect(told({ response_code: '403', headers: html, body })).toMatchObject({ body });
    expect(told({ response_code: '403', headers: html, body: `${body}x` })).not.toMatchObject({ body: `${body}x` });
    const value = 'x'.repeat(40 * 1024 - 'X-A'.length - 4 - 'Cache-Control'.length - 'no-store'.length - 4);
    const bare = told({ response_code: '403', headers: [{ 'X-A': value }] });
    expect(bare).toEqual({ status: '403', headers: lines(['X-A', value], NO_STORE) });
  });
});

const NO_STORE = ['Cache-Control', 'no-store'] as const;

const asked = (over: Partial<Asked> = {}): Asked => ({
  correlationId: 'c-1',
  method: 'GET',
  pdpStatus: undefined,
  retryAfterMs: undefined,
  readable: headers => headers,
  ...over,
});

describe('a denial in detail', () => {
  it('has PingOne’s words for its status, as a status line can hold them', () => {
    const described = (response_status: unknown, response_code = '403') => told({ response_code, response_status });
    expect(described('FORBIDDEN')).toMatchObject({ status: '403', statusDescription: 'FORBIDDEN' });
    expect(described('Nein\r\nX-Evil: 1 \u00fc')).toMatchObject({ statusDescription: 'Nein X-Evil: 1' });
    expect(described('x'.repeat(500))).toMatchObject({ statusDescription: 'x'.repeat(128) });
    for (const none of [undefined, '', '\n', 7]) expect(described(none)).not.toHaveProperty('statusDescription');
  });

  it('lacks those words if they are about another status', () => {
    const changed = told({ response_code: '200', response_status: 'OK' });
    expect(changed).toMatchObject({ status: '403' });
    expect(changed).not.toHaveProperty('statusDescription');
  });

  it.each(['Cache-Control', 'expires', 'Pragma'])('may say by %s how it is kept; nobody keeps any other', name => {
    const headers = [{ [name]: 'max-age=60' }];
    expect(told({ response_code: '403', headers })).toEqual({ status: '403', headers: lines([name, 'max-age=60']) });
  });

  it('has no body if the request was HEAD, and the headers that GET would have', () => {
    const response = { response_code: '403', body: '{"a":1}' };
    const { result } = answered({ method: 'HEAD' }, echo => ({ ...echo, response }));
    expect(result).toEqual({ status: '403', headers: lines(['Content-Type', 'application/json'], NO_STORE) });
    const fault = responseTo(failClosed(new AuthorizerError('PDP_ERROR')), asked({ method: 'HEAD' }));
    expect(fault).not.toHaveProperty('body');
    expect(fault).not.toHaveProperty('bodyEncoding');
  });

  it('sets its cookies in the order of the policy', () => {
    const headers = ['a=1', 'b=2', 'a=3'].map(cookie => ({ 'Set-Cookie': cookie }));
    const result = judged(told({ response_code: '403', headers: [headers[0], { 'X-A': 'a' }, ...headers.slice(1)] }));
    const cookies = result.kind === 'response' ? result.reply.headers.filter(([name]) => name === 'Set-Cookie') : [];
    expect(cookies.map(([, value]) => value)).toEqual(['a=1', 'b=2', 'a=3']);
  });
});

describe('a fault', () => {
  const headersFor = (code: FaultCode, over: Partial<Asked>) =>
    responseTo(failClosed(new AuthorizerError(code)), asked(over)).headers['retry-after'];

  it.each([
    ['PDP_RATE_LIMITED', 2001, '3'],
    ['PDP_RATE_LIMITED', undefined, '1'],
    ['CIRCUIT_OPEN', 4000, '4'],
    ['CIRCUIT_OPEN', 0, '1'],
  ] as const)('%s says when to come back: %s ms are %s s', (code, retryAfterMs, seconds) => {
    expect(headersFor(code, { retryAfterMs })).toEqual([{ key: 'Retry-After', value: seconds }]);
  });

  it('says no time that nobody knows', () => {
    expect(headersFor('CIRCUIT_OPEN', {})).toBeUndefined();
    expect(headersFor('PDP_UNREACHABLE', { retryAfterMs: 1000 })).toBeUndefined();
  });

  it('is 413 if PingOne finds the request too large, and only then', () => {
    const rejected = failClosed(new AuthorizerError('PDP_REJECTED'));
    expect(responseTo(rejected, asked({ pdpStatus: 413 })).status).toBe('413');
    expect(responseTo(rejected, asked({ pdpStatus: 404 })).status).toBe('502');
    expect(responseTo(failClosed(new AuthorizerError('INTERNAL')), asked({ pdpStatus: 413 })).status).toBe('500');
  });

  it('has the challenge that says how to come back with a token', () => {
    const reason = 'no token';
    const denial = deny({ reasonCode: 'UNAUTHENTICATED', status: 401, reason, fromPdp: false, challenge: 'Bearer' });
    expect(responseTo(denial, asked())).toEqual({
      status: '401',
      headers: lines(['WWW-Authenticate', 'Bearer'], ['Content-Type', 'application/json'], NO_STORE),
      bodyEncoding: 'text',
      body: '{"reasonCode":"UNAUTHENTICATED","reason":"no token","correlationId":"c-1"}',
    });
    const limited = deny({ reasonCode: 'PDP_RATE_LIMITED', status: 503, reason, fromPdp: false, challenge: 'Bearer' });
    expect(responseTo(limited, asked()).headers).toEqual(
      lines(['WWW-Authenticate', 'Bearer'], ['Content-Type', 'application/json'], ['Retry-After', '1'], NO_STORE),
    );
  });

  it('is told with its reason and the id to quote, and no browser keeps it', () => {
    const denial = failClosed(new AuthorizerError('PDP_ERROR', { detail: 'HTTP 500', correlationId: 'c-1' }));
    expect(responseTo(denial, asked())).toEqual({
      status: '502',
      headers: lines(['Content-Type', 'application/json'], ['Cache-Control', 'no-store']),
      bodyEncoding: 'text',
      body: '{"reasonCode":"PDP_ERROR","reason":"PingOne answered with a server error: HTTP 500","correlationId":"c-1"}',
    });
  });
});

describe('whatever PingOne answers with', () => {
  /** As long as a limit of CloudFront, repeated: drawing each character would take seconds. */
  const longText = (min: number, max: number): fc.Arbitrary<string> =>
    fc
      .tuple(fc.string({ minLength: 1, maxLength: 50 }), fc.integer({ min, max }))
      .map(([text, length]) => text.repeat(Math.ceil(length / text.length)).slice(0, length));
  const header = fc.dictionary(
    fc.oneof(
      fc.constantFrom('Content-Type', 'Location', 'Content-Length', 'WWW-Authenticate', 'X-Edge-A'),
      fc.string(),
    ),
    fc.oneof(fc.string({ unit: anyCharacter }), longText(10_000, 42_000)),
    { maxKeys: 2 },
  );
  const response = fc.record(
    {
      response_code: fc.oneof(
        fc.integer({ min: 0, max: 700 }),
        fc.integer({ min: 90, max: 610 }).map(String),
        fc.string(),
      ),
      headers: fc.array(header, { maxLength: 6 }),
      body: fc.oneof(fc.string({ unit: anyCharacter }), fc.json(), longText(40_000, 42_000), fc.object()),
    },
    { requiredKeys: [] },
  );

  it('is a response that CloudFront takes, never a success and never the request', () => {
    fc.assert(
      fc.property(response, said => {
        const result = judged(told(said));
        expect(result).toMatchObject({ kind: 'response' });
        if (result.kind === 'response') expect(result.reply.status).toBeGreaterThanOrEqual(300);
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });
});
