/** Rules of reading CloudFront's viewer-request events: exactly what the client sent, or nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuthorizerError } from '../../src/domain/errors.ts';
import type { AccessRequest } from '../../src/domain/request.ts';
import type { BodySettings } from '../../src/edge/body.ts';
import { readRequest, readViewerRequest } from '../../src/edge/event.ts';
import { NO_ENVELOPE } from '../../src/lambda/envelope.ts';
import { toSideband } from '../../src/sideband/payload.ts';
import { sidebandViolations } from '../support/sideband-answers.ts';
import { hostileObjects, hostileRequests } from './hostile-requests.ts';
import { BEARER, CONFIG, eventOf, HOST, headersOf, REQUEST, shownBody, viewerRequest } from './viewer-request.ts';

const SILENT: BodySettings = { sendBody: false, onIncompleteBody: 'deny' };
const SENDING: BodySettings = { sendBody: true, onIncompleteBody: 'deny' };

const read = (event: unknown, settings: BodySettings = SILENT): AccessRequest =>
  readRequest(readViewerRequest(event), settings);

const MALFORMED = "the event's body is malformed";
const NOT_ENCODED = "the event's body is not encoded as it says";

const refusal = (event: unknown, settings: BodySettings = SILENT): unknown => {
  try {
    read(event, settings);
  } catch (error) {
    return error instanceof AuthorizerError ? error.message : error;
  }
  return 'read';
};

describe('a viewer request', () => {
  it('is read as the client sent it', () => {
    expect(read(viewerRequest())).toEqual({
      kind: 'cloudfront',
      method: 'GET',
      url: `https://${HOST}/products/a%2Fb/caf%C3%A9?size=large&tag=a%20b&tag=c+d&empty=&flag`,
      headers: [
        ['Host', HOST],
        ['User-Agent', 'curl/8.5.0'],
        ['Accept', '*/*'],
        ['Authorization', BEARER],
        ['X-Tag', 'a'],
        ['X-Tag', 'b'],
        ['Cookie', 'theme=light; lang=en'],
      ],
      sourceIp: REQUEST.clientIp,
    });
  });

  it('has an envelope with the ids that CloudFront logs, and the trace', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const event = viewerRequest({ headers: { ...REQUEST.headers, ...headersOf(['Traceparent', traceparent]) } });
    expect(readViewerRequest(event).envelope).toEqual({
      kind: 'cloudfront',
      arn: '*',
      apiId: CONFIG.distributionId,
      stage: undefined,
      route: undefined,
      requestId: CONFIG.requestId,
      traceHeaders: [['Traceparent', traceparent]],
    });
  });

  it('without a query has none', () => {
    expect(read(viewerRequest({ querystring: '' })).url).toBe(`https://${HOST}/products/a%2Fb/caf%C3%A9`);
  });

  it('in raw UTF-8 is encoded once, and what cannot be in a URL never ends one part of it', () => {
    const { url } = read(viewerRequest({ uri: '/café/a?b#c\\d', querystring: 'q="ü"#x' }));
    expect(url).toBe(`https://${HOST}/caf%C3%A9/a%3Fb%23c%5Cd?q=%22%C3%BC%22%23x`);
  });

  it('may leave the key of a header line out', () => {
    const headers = { host: [{ value: HOST }], 'x-a': [{ value: '1' }] };
    expect(read(eventOf({ ...REQUEST, headers })).headers).toEqual([
      ['host', HOST],
      ['x-a', '1'],
    ]);
  });

  it('may group its header lines under names in any case', () => {
    const headers = {
      ...headersOf(['Host', HOST]),
      'X-A': [{ key: 'x-a', value: '1' }],
      'x-b': [{ key: 'X-B', value: '2' }],
    };
    expect(read(eventOf({ ...REQUEST, headers })).headers).toEqual([
      ['Host', HOST],
      ['x-a', '1'],
      ['X-B', '2'],
    ]);
  });

  it('has its method in capitals, and lists that nobody can change', () => {
    const request = read(viewerRequest({ method: 'get' }));
    expect([request.method, Object.isFrozen(request), Object.isFrozen(request.headers)]).toEqual(['GET', true, true]);
  });

  it('of another kind of event has the ids all the same, for the log', () => {
    const { envelope, original } = readViewerRequest(eventOf(REQUEST, { ...CONFIG, eventType: 'origin-request' }));
    expect(envelope).toMatchObject({ kind: undefined, apiId: CONFIG.distributionId, requestId: CONFIG.requestId });
    expect([original, Object.isFrozen(envelope)]).toEqual([REQUEST, true]);
  });

  it.each<[string, unknown]>([
    ['an empty event', {}],
    ['an event without a request', { Records: [{ cf: { config: CONFIG } }] }],
    ['one whose request is a number', eventOf(7)],
  ])('is not there in %s, whose ids are not read either', (_, event) => {
    expect(readViewerRequest(event)).toEqual({ envelope: NO_ENVELOPE, original: undefined });
  });

  it('whose trace cannot be read has its ids without it', () => {
    const headers = { ...REQUEST.headers, traceparent: 'x' };
    const { envelope } = readViewerRequest(eventOf({ ...REQUEST, headers }));
    expect(envelope).toMatchObject({ kind: 'cloudfront', requestId: CONFIG.requestId, traceHeaders: [] });
    expect(Object.isFrozen(envelope)).toBe(true);
  });

  it('traces by the trace headers alone, whatever stands in the others', () => {
    const headers = { accept: 'x', ...headersOf(['traceparent', '00-a-b-01'], ['TraceState', 'a=b']) };
    expect(readViewerRequest(eventOf({ ...REQUEST, headers })).envelope.traceHeaders).toEqual([
      ['traceparent', '00-a-b-01'],
      ['TraceState', 'a=b'],
    ]);
    expect(readViewerRequest(eventOf({ ...REQUEST, headers: undefined })).envelope.traceHeaders).toEqual([]);
  });

  it.each(hostileRequests)('is refused: %s', (_, event, detail) => {
    expect(refusal(event)).toBe(`INVALID_REQUEST: ${detail}`);
  });

  it.each(hostileObjects)('has an envelope, whatever comes: %s', (_, event) => {
    expect(readViewerRequest(event).envelope).toMatchObject({ arn: '*' });
    expect(refusal(event)).not.toBe('read');
  });
});

describe('the body', () => {
  const post = (body: unknown): unknown =>
    eventOf({ ...REQUEST, method: 'POST', ...(body === undefined ? {} : { body }) });

  it('is nobody’s business unless that is configured', () => {
    expect(read(post(shownBody('{"a":1}')))).not.toHaveProperty('body');
    expect(read(post(shownBody('x', true)))).not.toHaveProperty('body');
  });

  it.each([
    ['text', 'plain é'],
    ['JSON', '{"a":[1,2]}'],
    ['a byte order mark', '\ufeffx'],
    ['NUL', 'a\0b'],
  ])('is sent whole: %s', (_, text) => {
    expect(read(post(shownBody(text)), SENDING).body).toBe(text);
    expect(read(post({ inputTruncated: false, action: 'read-only', encoding: 'text', data: text }), SENDING).body).toBe(
      text,
    );
  });

  it('that is empty is none', () => {
    expect(read(post(shownBody('')), SENDING)).not.toHaveProperty('body');
    expect(read(viewerRequest(), SENDING)).not.toHaveProperty('body');
  });

  it.each([
    ['cut off', shownBody('x'.repeat(40 * 1024), true), 'the request body is larger than CloudFront shows'],
    ['not UTF-8', shownBody(Buffer.from([0xff, 0xfe, 0x00])), 'the request body is not UTF-8 text'],
    ['not shown', undefined, 'CloudFront shows no request body: Include Body is off'],
    ['null', null, 'CloudFront shows no request body: Include Body is off'],
  ])('that is %s is refused, or left out where that is allowed', (_, body, detail) => {
    expect(refusal(post(body), SENDING)).toBe(`INVALID_REQUEST: ${detail}`);
    expect(read(post(body), { ...SENDING, onIncompleteBody: 'omit' })).not.toHaveProperty('body');
  });

  it.each<[string, object]>([
    ['POST', { method: 'POST' }],
    ['PUT', { method: 'PUT' }],
    ['patch, in any case', { method: 'patch' }],
    ['a length', { headers: { ...REQUEST.headers, ...headersOf(['Content-Length', '1']) } }],
    ['a transfer coding', { headers: { ...REQUEST.headers, ...headersOf(['Transfer-Encoding', 'chunked']) } }],
  ])('may be there where CloudFront shows none: by %s', (_, over) => {
    expect(refusal(eventOf({ ...REQUEST, ...over }), SENDING)).toMatch(/Include Body is off$/);
  });

  it.each(['GET', 'DELETE', 'XPOST', 'POSTX'])('is not there by the method %s', method => {
    expect(refusal(eventOf({ ...REQUEST, method }), SENDING)).toBe('read');
  });

  it.each<[string, unknown, string]>([
    ['a string', 'x', MALFORMED],
    ['no data', { inputTruncated: false, encoding: 'base64' }, MALFORMED],
    ['data in a list', { inputTruncated: false, encoding: 'base64', data: [''] }, MALFORMED],
    ['no word on truncation', { encoding: 'base64', data: '' }, MALFORMED],
    ['truncation in text', { inputTruncated: 'false', encoding: 'base64', data: '' }, MALFORMED],
    ['an unknown encoding', { inputTruncated: false, encoding: 'gzip', data: '' }, NOT_ENCODED],
    ...['***', 'YQ', 'YQ=', 'YQ==YQ==', '=YQ=', 'YWJj*', '*YWJj', 'YWJj\n'].map((data): [string, unknown, string] => [
      `the base64 ${JSON.stringify(data)}`,
      { inputTruncated: false, encoding: 'base64', data },
      NOT_ENCODED,
    ]),
  ])('that is malformed is refused whatever is allowed: %s', (_, body, detail) => {
    expect(refusal(post(body), { ...SENDING, onIncompleteBody: 'omit' })).toBe(`INVALID_REQUEST: ${detail}`);
  });
});

describe('whatever the client sends', () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/).filter(text => text.toLowerCase() !== 'host');
  const request = fc.record({
    uri: fc.string({ unit: 'grapheme' }).map(text => `/${text}`),
    querystring: fc.string({ unit: 'grapheme' }),
    lines: fc.array(fc.tuple(name, fc.string())),
  });

  it('becomes one well-formed question with every header line, once', () => {
    fc.assert(
      fc.property(request, ({ uri, querystring, lines }) => {
        const asked = read(viewerRequest({ uri, querystring, headers: headersOf(['Host', HOST], ...lines) }));
        expect(sidebandViolations(JSON.parse(JSON.stringify(toSideband(asked, 50_000))))).toEqual([]);
        expect(new URL(asked.url).host).toBe(HOST);
        expect(new URL(asked.url).hash).toBe('');
        const lower = (all: readonly (readonly [string, string])[]): readonly string[] =>
          all.map(([key, value]) => `${key.toLowerCase()}: ${value}`).toSorted();
        expect(lower(asked.headers)).toEqual(lower([['host', HOST], ...lines]));
      }),
    );
  });

  it('or CloudFront never would send, is read or refused, and nothing else', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (part, other) => {
        for (const event of [
          part,
          eventOf(part),
          eventOf({ ...REQUEST, headers: part }),
          eventOf({ ...REQUEST, body: part, uri: other }),
        ]) {
          expect(refusal(event, SENDING)).toMatch(/^(?:read$|INVALID_REQUEST: )/);
        }
      }),
    );
  });
});
