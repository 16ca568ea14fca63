/** Rules for judging a reply: it becomes a Permit only if the evidence for one is complete. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/domain/decision.ts';
import { AuthorizerError } from '../../../src/domain/errors.ts';
import { correlationIdOf, readReply } from '../../../src/sideband/reply.ts';
import type { SidebandReply } from '../../../src/sideband/wire.ts';
import { hostileReplies, permittingReply } from '../../support/replies.ts';
import { faultOf } from '../faults.ts';
import { ASKED } from '../permits.ts';

const reply = (body: unknown, status = 200, headers: Record<string, string> = {}): SidebandReply => ({
  status,
  headers,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const decide = (body: unknown, headers: Record<string, string> = {}): Decision =>
  readReply(reply(body, 200, headers), ASKED);
const denied = (response: Readonly<Record<string, unknown>>): Decision => decide({ ...ASKED, response });

describe('a permit', () => {
  it('is the complete echo, with HTTP 200 and no response', () => {
    expect(decide(ASKED)).toMatchObject({ effect: 'permit', headers: [], changes: [] });
    expect(decide({ ...ASKED, response: null })).toMatchObject({ effect: 'permit' });
    expect(decide(permittingReply.body.toString())).toMatchObject({ effect: 'permit' });
  });

  it('is frozen, and has the echo, its headers, and its changes of the request', () => {
    const echo = { ...ASKED, method: 'POST', body: '{}', headers: [{ 'X-User': 'alice' }], state: 'x' };
    const permit = decide(echo, { 'correlation-id': 'c-1' });
    expect(permit).toEqual({
      effect: 'permit',
      headers: [['X-User', 'alice']],
      changes: [{ kind: 'method' }, { kind: 'body' }, { kind: 'header-added', name: 'x-user' }],
      echo: { method: 'POST', url: ASKED.url, body: '{}' },
      correlationId: 'c-1',
    });
    expect(Object.isFrozen(permit)).toBe(true);
  });
});

describe('a reply to another attempt', () => {
  const other = { ...ASKED, source_ip: '192.0.2.2', source_port: ASKED.source_port + 1 };
  const denial = { ...other, response: { response_code: '403' } };

  it('is a bad reply, and marks its connection as out of step', async () => {
    expect(await faultOf(() => decide(other, { 'correlation-id': 'c-1' }))).toMatchObject({
      code: 'PDP_BAD_REPLY',
      detail: "PingOne's reply answers another request, by its source_ip and source_port (PINGONE_REPLY_BINDING)",
      outOfStep: true,
      correlationId: 'c-1',
    });
    expect(await faultOf(() => decide(denial))).toMatchObject({
      code: 'PDP_BAD_REPLY',
      detail: "PingOne's reply answers another request, by its source_port (PINGONE_REPLY_BINDING)",
      outOfStep: true,
    });
  });

  it('is accepted if only method, origin and path bind', () => {
    for (const [body, effect] of [
      [other, 'permit'],
      [denial, 'deny'],
    ] as const) {
      expect(readReply(reply(body), ASKED, 'request')).toMatchObject({ effect });
    }
  });

  it('with another method, origin or path has a change, for which the corridor refuses it', () => {
    expect(decide({ method: '', url: '', headers: [] })).toMatchObject({
      effect: 'permit',
      changes: [{ kind: 'method' }, { kind: 'url' }],
    });
  });
});

describe('a hostile reply', () => {
  const judged = hostileReplies.filter(([, { status }]) => status === 200);
  it.each(judged)('is no permit: %s', async (_, { headers = [], body }, reasonCodes) => {
    const lower = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
    const seen = { status: 200, headers: lower, body: Buffer.from(body) };
    try {
      const decision = readReply(seen, ASKED);
      expect(decision.effect === 'deny' && reasonCodes.includes(decision.reasonCode)).toBe(true);
    } catch (error) {
      if (!(error instanceof AuthorizerError)) throw error;
      expect(reasonCodes).toContain(error.code);
    }
  });

  it.each([201, 204, 304, 302, 100, 404, 600, 0])('is no permit with a perfect echo and HTTP %i', async status => {
    expect(await faultOf(() => readReply(reply(ASKED, status), ASKED))).toMatchObject({
      code: 'PDP_REJECTED',
      detail: `PingOne answered HTTP ${status}`,
    });
  });

  it.each([
    ['is truncated or larger than allowed', undefined],
    ['is not one JSON object', '[]'],
    ['has a response that is no object', JSON.stringify({ ...ASKED, response: '403' })],
    ['names response more than once', JSON.stringify({ ...ASKED, a: { response: 1 }, response: null })],
    ['is that of the response call', JSON.stringify({ ...ASKED, response_code: '403' })],
    ['lacks the echo of the request', '{}'],
  ])('is a bad reply that %s', async (what, body) => {
    const headers = { 'correlation-id': 'c-1' };
    const seen = body === undefined ? { status: 200, headers, body } : reply(body, 200, headers);
    expect(await faultOf(() => readReply(seen, ASKED))).toMatchObject({
      code: 'PDP_BAD_REPLY',
      detail: `PingOne's reply ${what}`,
      correlationId: 'c-1',
      outOfStep: false,
    });
  });

  it('is never quoted in an error', async () => {
    const fault = await faultOf(() => decide('{"canary":"canary-value"}'));
    expect(fault.message).not.toContain('canary');
  });
});

/** What a permit needs, written a second time and independently of the code, with nothing but JSON.parse. */
const hasEvidence = ({ status, body }: SidebandReply): boolean => {
  if (status !== 200 || body === undefined) return false;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return false;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const members = new Map<string, unknown>(Object.entries(value));
  return (
    (members.get('response') ?? null) === null &&
    !members.has('response_code') &&
    typeof members.get('method') === 'string' &&
    typeof members.get('url') === 'string' &&
    Array.isArray(members.get('headers')) &&
    (!members.has('source_ip') || members.get('source_ip') === ASKED.source_ip) &&
    (!members.has('source_port') || String(members.get('source_port')) === String(ASKED.source_port))
  );
};

const permits = (seen: SidebandReply): boolean => {
  try {
    return readReply(seen, ASKED).effect === 'permit';
  } catch (error) {
    expect(error).toBeInstanceOf(AuthorizerError);
    return false;
  }
};

describe('whatever the bytes', () => {
  const member = fc.oneof(
    fc.constant(undefined),
    fc.constant(null),
    fc.string(),
    fc.array(fc.anything()),
    fc.jsonValue(),
  );
  const almostEcho = fc.record(
    {
      method: fc.oneof(fc.constant('GET'), member),
      url: fc.oneof(fc.constant(ASKED.url), member),
      headers: fc.oneof(fc.constant([{ Accept: '*/*' }]), member),
      response: fc.oneof(fc.constant({ response_code: '403' }), member),
      response_code: member,
      body: member,
      state: member,
      source_ip: fc.oneof(fc.constant(ASKED.source_ip), member),
      source_port: fc.oneof(fc.constant(ASKED.source_port), fc.constant(String(ASKED.source_port)), member),
    },
    { requiredKeys: [] },
  );
  const text = fc.oneof(
    almostEcho.map(value => JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? 0 : item))),
    fc.json(),
    fc.string(),
  );
  const bytes = fc.oneof(
    { weight: 4, arbitrary: text.map(value => new Uint8Array(Buffer.from(value))) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    {
      weight: 2,
      // A perfect echo in which one byte is changed or the end is missing.
      arbitrary: fc.tuple(fc.nat(), fc.nat(255), fc.boolean()).map(([at, byte, cut]) => {
        const echo = Buffer.from(JSON.stringify(ASKED));
        if (cut) return new Uint8Array(echo.subarray(0, at % echo.length));
        echo[at % echo.length] = byte;
        return new Uint8Array(echo);
      }),
    },
    { weight: 1, arbitrary: fc.constant(new Uint8Array(Buffer.from(JSON.stringify(ASKED)))) },
  );
  const seen = fc.record({
    status: fc.oneof(
      { weight: 3, arbitrary: fc.constant(200) },
      { weight: 1, arbitrary: fc.integer({ min: -1, max: 1000 }) },
    ),
    headers: fc.dictionary(fc.string(), fc.string()),
    body: fc.option(bytes, { nil: undefined, freq: 20 }),
  });

  it('a permit is made only with the complete evidence', () => {
    let minted = 0;
    fc.assert(
      fc.property(seen, candidate => {
        const permitted = permits(candidate);
        minted += Number(permitted);
        expect(permitted && !hasEvidence(candidate)).toBe(false);
      }),
      { numRuns: 2000 },
    );
    // The property proves something only if it has seen permits as well as refusals.
    expect(minted).toBeGreaterThan(10);
  });
});

describe('a denial', () => {
  it('has what PingOne said, and its complete answer unchanged', () => {
    const body = '{ "message": "no", "id": "d-1" }';
    const headers = [{ 'WWW-Authenticate': 'Bearer' }, { 'X-A': 'b' }];
    expect(denied({ response_code: '404', response_status: 'Hidden', headers, body })).toEqual({
      effect: 'deny',
      reasonCode: 'POLICY_DENIED',
      status: 404,
      reason: 'no',
      fromPdp: true,
      challenge: 'Bearer',
      body: '{"message":"no","id":"d-1"}',
      answer: {
        status: 404,
        statusText: 'Hidden',
        headers: [
          ['WWW-Authenticate', 'Bearer'],
          ['X-A', 'b'],
        ],
        body,
      },
      correlationId: 'd-1',
    });
  });

  it.each([
    ['100', 100],
    [599, 599],
    ['099', undefined],
    [99, undefined],
    [600, undefined],
    ['permit', undefined],
    [undefined, undefined],
  ])('with the code %j has the status %s in its answer', (code, status) => {
    expect(denied({ response_code: code })).toMatchObject({ answer: { status } });
  });

  it.each([
    ['<html>', '<html>'],
    [{ a: 1 }, '{"a":1}'],
    [null, undefined],
    [undefined, undefined],
  ])('with the body %j has the body %j in its answer', (body, answered) => {
    expect(denied({ body })).toMatchObject({ answer: { body: answered } });
  });

  it('with a body nested too deeply to be written again is still a denial, without that body', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(denied({ body: deep })).toMatchObject({ effect: 'deny', body: undefined, answer: { body: deep } });
    expect(decide(`{"response":{"body":${deep}}}`)).toMatchObject({ effect: 'deny', answer: { body: undefined } });
  });

  it.each([
    ['400', 400, 'POLICY_DENIED'],
    ['399', 403, 'POLICY_DENIED'],
    ['403', 403, 'POLICY_DENIED'],
    [404, 404, 'POLICY_DENIED'],
    ['451', 451, 'POLICY_DENIED'],
    ['599', 599, 'POLICY_DENIED'],
    ['200', 403, 'POLICY_DENIED'],
    ['302', 403, 'POLICY_DENIED'],
    ['101', 403, 'POLICY_DENIED'],
    ['600', 403, 'POLICY_DENIED'],
    ['4e2', 403, 'POLICY_DENIED'],
    [' 401', 403, 'POLICY_DENIED'],
    ['401 ', 403, 'POLICY_DENIED'],
    [['401'], 403, 'POLICY_DENIED'],
    [401.5, 403, 'POLICY_DENIED'],
    [null, 403, 'POLICY_DENIED'],
    ['401', 401, 'UNAUTHENTICATED'],
    [401, 401, 'UNAUTHENTICATED'],
  ])('with the code %j has status %i and reason %s', (code, status, reasonCode) => {
    expect(denied({ response_code: code })).toMatchObject({ effect: 'deny', status, reasonCode, fromPdp: true });
  });

  it('keeps the challenge, and asks for a stronger login if the challenge does', () => {
    const headers = [{ 'WWW-Authenticate': 'Bearer max_age="60"' }];
    expect(denied({ response_code: '403', headers })).toMatchObject({
      reasonCode: 'STEP_UP_REQUIRED',
      status: 401,
      challenge: 'Bearer max_age="60"',
    });
    expect(denied({ response_code: '404', headers })).toMatchObject({ reasonCode: 'POLICY_DENIED', status: 404 });
    expect(
      denied({ response_code: '401', headers: [{ 'WWW-Authenticate': 'Bearer x\r\ny: max_age="1"' }] }),
    ).toMatchObject({
      reasonCode: 'UNAUTHENTICATED',
      challenge: undefined,
    });
  });

  it.each([
    [{ body: '{"message":"from message"}' }, 'from message'],
    [{ body: '{"errorMessage":"from errorMessage"}' }, 'from errorMessage'],
    [{ body: '{"detail":"from detail"}' }, 'from detail'],
    [{ body: { message: 'from an object' } }, 'from an object'],
    [{ body: 'no JSON', response_status: 'Forbidden' }, 'Forbidden'],
    [{ body: '{"message":1}' }, 'Denied by policy'],
    [{}, 'Denied by policy'],
  ])('gives the reason of %j', (response, reason) => {
    expect(denied({ response_code: '403', ...response })).toMatchObject({ reason });
  });

  it('writes a JSON body on one line, and drops any other body', () => {
    expect(denied({ body: '{\n "a" : [1,\n2] }' })).toMatchObject({ body: '{"a":[1,2]}' });
    for (const body of ['<html>', '', undefined, null]) expect(denied({ body })).toMatchObject({ body: undefined });
  });
});

describe('the correlation id', () => {
  it('is the reply’s header, or else the id in an error’s body, if it is usable', () => {
    expect(correlationIdOf(reply('{}', 200, { 'correlation-id': 'c-1' }))).toBe('c-1');
    expect(correlationIdOf(reply({ id: 'e-1' }, 500))).toBe('e-1');
    expect(correlationIdOf(reply({ id: 'e-1' }, 200))).toBeUndefined();
    expect(correlationIdOf(reply('<html>', 500))).toBeUndefined();
    expect(decide({ ...ASKED, response: { body: '{"id":"d-1"}' } })).toMatchObject({ correlationId: 'd-1' });
    // A service may send the token back as its id, and logs show the id.
    expect(correlationIdOf(reply('{}', 200, { 'correlation-id': 'eyJhbGciOiJub25lIn0.e30.' }))).toBeUndefined();
    for (const id of ['a b', 'a"b', 'a\nb', 'x'.repeat(129), '']) {
      expect(correlationIdOf(reply('{}', 200, { 'correlation-id': id }))).toBeUndefined();
    }
  });

  it('is part of the fault', async () => {
    expect(await faultOf(() => readReply(reply({ id: 'e-1' }, 400), ASKED))).toMatchObject({ correlationId: 'e-1' });
  });
});
