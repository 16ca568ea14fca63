/** Rules of the local CloudFront: what a function is shown, and what it may return without a 502. */
import { describe, expect, it } from 'vitest';
import { createDistribution } from '../../local/cloudfront/distribution.ts';
import type { OutgoingRequest } from '../../local/gateway/outgoing.ts';
import type { GatewayReply, GatewayRequest } from '../../local/gateway/request.ts';
import { failed } from '../../local/lambda/invocation.ts';
import { headersOf } from './viewer-request.ts';

const CLIENT: GatewayRequest = {
  method: 'POST',
  target: '/a%2Fb?x=1&y=%20#',
  headers: [
    ['Host', 'shop.example'],
    ['X-Tag', 'a'],
    ['x-tag', 'b'],
    ['Connection', 'keep-alive'],
    ['X-Edge-Location', 'x'],
    ['Content-Length', '2'],
    ['X-Forwarded-For', '203.0.113.9'],
  ],
  sourceIp: '192.0.2.1',
  requestId: 'r-1',
  timeMs: 0,
  traceId: 'Root=1-0-0',
};

interface Seen {
  readonly reply: GatewayReply;
  readonly event: unknown;
  readonly origin: OutgoingRequest | undefined;
  readonly problem: string | undefined;
}

type Request = Record<string, unknown> & { headers: Record<string, unknown> };

const shownRequest = (event: unknown): Request => JSON.parse(JSON.stringify(event)).Records[0].cf.request;

interface ThroughOptions {
  readonly includeBody?: boolean;
  readonly body?: string;
  /** Header lines that the client sends besides. */
  readonly lines?: GatewayRequest['headers'];
}

/** Sends the client's request through a distribution whose function returns this. */
const through = async (
  returns: (request: Request) => unknown,
  { includeBody = false, body = 'hi', lines = [] }: ThroughOptions = {},
): Promise<Seen> => {
  let event: unknown;
  let origin: OutgoingRequest | undefined;
  let problem: string | undefined;
  const distribution = createDistribution({
    includeBody,
    invoke: async shown => {
      event = shown;
      const payload = returns(shownRequest(shown));
      return payload instanceof Error ? failed(payload.name, payload.message) : { ok: true, payload };
    },
    origin: async sent => {
      origin = sent;
      return { status: 200, headers: [['X-Amz-Cf-Pop', 'x']], body: Buffer.from('origin') };
    },
    onProblem: text => {
      problem = text;
    },
  });
  const reply = await distribution({ ...CLIENT, headers: [...CLIENT.headers, ...lines] }, Buffer.from(body));
  return { reply, event, origin, problem };
};

describe('a function is shown', () => {
  it('the request with raw path and query, headers by lower-case name, and none that is disallowed', async () => {
    const { event } = await through(request => request);
    expect(shownRequest(event)).toEqual({
      clientIp: '192.0.2.1',
      method: 'POST',
      uri: '/a%2Fb',
      querystring: 'x=1&y=%20#',
      headers: headersOf(
        ['Host', 'shop.example'],
        ['X-Tag', 'a'],
        ['x-tag', 'b'],
        ['Content-Length', '2'],
        ['X-Forwarded-For', '203.0.113.9'],
      ),
    });
  });

  it('the body in base64 up to 40 KB, where that is included', async () => {
    const { event } = await through(request => request, { includeBody: true });
    expect(shownRequest(event)).toMatchObject({ body: { inputTruncated: false, encoding: 'base64', data: 'aGk=' } });
    const large = await through(request => request, { includeBody: true, body: 'x'.repeat(40_961) });
    expect(shownRequest(large.event)).toMatchObject({ body: { inputTruncated: true } });
    expect(large.origin?.body).toHaveLength(40_961);
  });
});

describe('a returned request', () => {
  it('goes to the origin as edited', async () => {
    const { origin, reply } = await through(request => ({
      ...request,
      uri: '/new',
      querystring: 'q=1',
      headers: { ...request.headers, 'x-user': [{ value: 'alice' }] },
    }));
    expect(origin).toMatchObject({ method: 'POST', path: '/new', query: 'q=1' });
    expect(origin?.headers).toContainEqual(['X-User', 'alice']);
    expect(origin?.headers).toContainEqual(['X-Forwarded-For', '203.0.113.9, 192.0.2.1']);
    expect(reply).toMatchObject({ status: 200, headers: [['X-Cache', 'Miss from cloudfront']] });
  });

  it('may replace a body that was shown', async () => {
    const replaced = { inputTruncated: false, action: 'replace', encoding: 'text', data: 'new' };
    expect(
      (await through(request => ({ ...request, body: replaced }), { includeBody: true })).origin?.body.toString(),
    ).toBe('new');
    expect((await through(request => ({ ...request, body: replaced }))).reply.status).toBe(502);
  });

  it.each([
    ['text', 40 * 1024],
    ['base64', 54_476],
  ])('may replace it with %s of %i bytes, and is answered 502 above that', async (encoding, most) => {
    const large = (length: number) => {
      const body = { inputTruncated: false, action: 'replace', encoding, data: 'A'.repeat(length) };
      return through(request => ({ ...request, body }), { includeBody: true });
    };
    expect((await large(most)).reply.status).toBe(200);
    const { reply, origin, problem } = await large(most + 4);
    expect([reply.status, origin, problem]).toEqual([502, undefined, expect.stringContaining('too large')]);
  });

  it.each<[string, (request: Request) => unknown]>([
    ['another method', request => ({ ...request, method: 'GET' })],
    ['another client', request => ({ ...request, clientIp: '192.0.2.2' })],
    ['a uri without a slash', request => ({ ...request, uri: 'x' })],
    ['a blank in the query', request => ({ ...request, querystring: 'a b' })],
    ['a fragment in the query', request => ({ ...request, querystring: 'a#b' })],
    ['too long a uri', request => ({ ...request, uri: `/${'x'.repeat(8192)}` })],
    ['another Host', request => ({ ...request, headers: { ...request.headers, host: [{ value: 'x' }] } })],
    ['no Host', request => ({ ...request, headers: {} })],
    ['a CDN-Loop', request => ({ ...request, headers: { ...request.headers, 'cdn-loop': [{ value: 'x' }] } })],
    ['half a character', request => ({ ...request, headers: { ...request.headers, a: [{ value: '\ud800' }] } })],
    ['half a character in the uri', request => ({ ...request, uri: '/\ud800' })],
    ['a C1 control', request => ({ ...request, headers: { ...request.headers, a: [{ value: '\x85' }] } })],
    [
      'a key that is not ASCII',
      request => ({ ...request, headers: { ...request.headers, k: [{ key: '\u212a', value: 'x' }] } }),
    ],
    ['a Via', request => ({ ...request, headers: { ...request.headers, via: [{ value: 'x' }] } })],
    ['a disallowed header', request => ({ ...request, headers: { ...request.headers, 'x-cache': [{ value: 'x' }] } })],
    ['a wildcard header', request => ({ ...request, headers: { ...request.headers, 'x-edge-a': [{ value: 'x' }] } })],
    ['a name in capitals', request => ({ ...request, headers: { ...request.headers, 'X-A': [{ value: 'x' }] } })],
    ['a line break', request => ({ ...request, headers: { ...request.headers, a: [{ value: 'x\r\ny' }] } })],
    ['a value that is a number', request => ({ ...request, headers: { ...request.headers, a: [{ value: 1 }] } })],
    [
      'the country',
      request => ({ ...request, headers: { ...request.headers, 'cloudfront-viewer-country': [{ value: 'NL' }] } }),
    ],
    ['nothing', () => null],
    ['a string', () => 'ok'],
  ])('is answered 502 with %s, and the origin hears nothing', async (_, returns) => {
    const { reply, origin, problem } = await through(returns);
    expect([reply.status, origin]).toEqual([502, undefined]);
    expect(problem).toMatch(/^502 LambdaValidationError: /);
  });

  it('may lack the viewer’s country, and may not have another one', async () => {
    const country = ['CloudFront-Viewer-Country', 'NL'] as const;
    const name = 'cloudfront-viewer-country';
    const own = { lines: [country] };
    const kept = await through(request => request, own);
    expect(kept.origin?.headers).toContainEqual(country);
    const removed = await through(request => {
      const { [name]: _, ...headers } = request.headers;
      return { ...request, headers };
    }, own);
    expect([removed.reply.status, removed.origin?.headers.some(([key]) => key === country[0])]).toEqual([200, false]);
    const replaced = await through(
      request => ({ ...request, headers: { ...request.headers, [name]: [{ value: 'DE' }] } }),
      own,
    );
    expect([replaced.reply.status, replaced.origin]).toEqual([502, undefined]);
  });

  it('has header values in UTF-8, as the client’s are read', async () => {
    const bytes = Buffer.from('Zoë', 'utf8').toString('latin1');
    const { event, origin } = await through(
      request => ({ ...request, headers: { ...request.headers, 'x-user': [{ value: 'Zoë' }] } }),
      { lines: [['X-Name', bytes]] },
    );
    expect(shownRequest(event)).toMatchObject({ headers: { 'x-name': [{ value: 'Zoë' }] } });
    expect(origin?.headers).toContainEqual(['X-Name', bytes]);
    expect(origin?.headers).toContainEqual(['X-User', bytes]);
  });

  it('that never came is 503', async () => {
    expect(await through(() => new Error('x'))).toMatchObject({ reply: { status: 503 }, origin: undefined });
  });
});

describe('a returned response', () => {
  it('is what the client gets', async () => {
    const headers = headersOf(['WWW-Authenticate', 'Bearer'], ['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2']);
    const returned = { status: '401', statusDescription: 'NO', headers, body: 'bm8=', bodyEncoding: 'base64' };
    const { reply, origin } = await through(() => returned);
    expect(origin).toBeUndefined();
    expect([reply.status, reply.statusText]).toEqual([401, 'NO']);
    expect(reply.body.toString()).toBe('no');
    expect(reply.headers).toEqual([
      ['WWW-Authenticate', 'Bearer'],
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['X-Cache', 'LambdaGeneratedResponse from cloudfront'],
    ]);
  });

  it.each<[string, unknown]>([
    ['a status that is a number', { status: 403 }],
    ['a status below 200', { status: '101' }],
    ['a status above 599', { status: '600' }],
    ['a 204 with a body', { status: '204', body: '' }],
    ['a body above 40 KB', { status: '403', body: 'x'.repeat(40 * 1024 + 1) }],
    [
      'a body and headers above 40 KB',
      { status: '403', body: 'x'.repeat(40 * 1024), headers: headersOf(['X-A', 'a']) },
    ],
    ['a body that is an object', { status: '403', body: {} }],
    ['a body that is no base64', { status: '403', body: '***', bodyEncoding: 'base64' }],
    ['a line break in the description', { status: '403', statusDescription: 'a\r\nb' }],
    ['an unknown encoding', { status: '403', body: 'x', bodyEncoding: 'gzip' }],
    ['a disallowed header', { status: '403', headers: headersOf(['Connection', 'close']) }],
    ['a CDN-Loop', { status: '403', headers: headersOf(['CDN-Loop', 'x']) }],
    [
      'headers above 40 KB in UTF-8',
      { status: '403', body: 'x'.repeat(40 * 1024 - 100), headers: headersOf(['X-A', 'é'.repeat(50)]) },
    ],
    ['a length', { status: '403', headers: headersOf(['Content-Length', '0']) }],
    ['a header map of strings', { status: '403', headers: { 'x-a': 'a' } }],
  ])('is answered 502 with %s', async (_, response) => {
    expect(await through(() => response)).toMatchObject({ reply: { status: 502 }, origin: undefined });
  });

  it('of 204 without a body, or of just 40 KB, is legal', async () => {
    expect((await through(() => ({ status: '204' }))).reply.status).toBe(204);
    expect((await through(() => ({ status: '403', body: 'x'.repeat(40 * 1024) }))).reply.body).toHaveLength(40_960);
  });
});
