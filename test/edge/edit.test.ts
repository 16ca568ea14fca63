/** Rules of what a permit changes in the request that CloudFront sends to the origin, and of what it cannot. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readResult } from '../../local/cloudfront/result.ts';
import type { EchoEdits } from '../support/behaviours.ts';
import { echo } from '../support/sideband-answers.ts';
import { answered } from './permits.ts';
import { BEARER, HOST, headersOf, REQUEST, shownBody, viewerRequest } from './viewer-request.ts';

const SENDING = { sendBody: true, onIncompleteBody: 'deny' } as const;

const permitted = (
  edits: EchoEdits,
  overrides: Parameters<typeof answered>[0] = {},
  settings?: Parameters<typeof answered>[2],
) => answered(overrides, request => echo(request, edits), settings);

const labels = (edits: EchoEdits): readonly string[] =>
  permitted(edits).unapplied.map(({ kind, name }) => (name === undefined ? kind : `${kind} ${name}`));

describe('a permit without changes', () => {
  it('lets the request go on as it came', () => {
    const { result, unapplied } = permitted({});
    expect(result).toEqual(REQUEST);
    expect(unapplied).toEqual([]);
  });

  it('is also one in another spelling: a default port, header case, escapes', () => {
    const url = `https://${HOST.toUpperCase()}:443/products/a%2fb/caf%c3%a9?size=large&tag=a+b&tag=c%20d&empty=&flag=`;
    expect(permitted({ url, remove: ['accept'], add: [['ACCEPT', ' */* ']] }).result).toEqual(REQUEST);
  });
});

describe('a permit that changes', () => {
  it('headers sets, replaces and removes them, whatever the client sent under those names', () => {
    const { result, unapplied } = permitted({
      set: [
        ['X-User-Id', 'alice'],
        ['x-tag', 'c'],
      ],
      add: [['X-Tag', 'd']],
      remove: ['authorization', 'Cookie'],
    });
    expect(unapplied).toEqual([]);
    expect(result).toEqual({
      ...REQUEST,
      headers: headersOf(
        ['Host', HOST],
        ['User-Agent', 'curl/8.5.0'],
        ['Accept', '*/*'],
        ['X-User-Id', 'alice'],
        ['x-tag', 'c'],
        ['X-Tag', 'd'],
      ),
    });
  });

  it('the query gives the origin the new one, byte for byte', () => {
    const { result, unapplied } = permitted({ url: `https://${HOST}/products/a%2Fb/caf%C3%A9?compare=co&v=a+b%2Fc` });
    expect([result, unapplied]).toEqual([{ ...REQUEST, querystring: 'compare=co&v=a+b%2Fc' }, []]);
    expect(permitted({ url: `https://${HOST}${REQUEST.uri}` }).result).toEqual({ ...REQUEST, querystring: '' });
  });

  it('the path gives the origin the new one', () => {
    const { result, unapplied } = permitted({ url: `https://${HOST}/v2/a%2Fb?${REQUEST.querystring}` });
    expect([result, unapplied]).toEqual([{ ...REQUEST, uri: '/v2/a%2Fb' }, []]);
  });

  it('a body that was sent replaces it, also by nothing', () => {
    const post = { method: 'POST', body: shownBody('{"a":1}') };
    const replaced = (data: string) => ({ inputTruncated: false, action: 'replace', encoding: 'text', data });
    expect(permitted({ body: '{"a":2}' }, post, SENDING).result).toMatchObject({ body: replaced('{"a":2}') });
    const cleared = answered(post, ({ body: _, ...rest }) => rest, SENDING);
    expect([cleared.result, cleared.unapplied]).toMatchObject([{ body: replaced('') }, []]);
    expect(permitted({}, post, SENDING).result).toMatchObject({ body: shownBody('{"a":1}') });
  });
});

describe('what stays undone', () => {
  it.each<[string, EchoEdits, readonly string[]]>([
    ['the method', { method: 'DELETE' }, ['method']],
    ['the host', { url: `https://evil.example${REQUEST.uri}?${REQUEST.querystring}` }, ['url']],
    ['what is on another host', { url: 'https://evil.example/b?c' }, ['url', 'path', 'query']],
    ['a URL that is none', { url: 'not a url' }, ['url']],
    ['a body that was not sent', { body: 'x' }, ['body']],
    ['Host', { set: [['Host', 'evil.example']] }, ['header-replaced host']],
    ['a disallowed header', { set: [['X-Edge-Location', 'x']] }, ['header-added x-edge-location']],
    ['X-Amz-Cf-Id', { set: [['X-Amz-Cf-Id', 'x']] }, ['header-added x-amz-cf-id']],
    ['X-Forwarded-Proto', { set: [['X-Forwarded-Proto', 'http']] }, ['header-added x-forwarded-proto']],
    [
      'the viewer’s country',
      { set: [['CloudFront-Viewer-Country', 'NL']] },
      ['header-added cloudfront-viewer-country'],
    ],
    ['a value with a line break', { set: [['X-A', 'a\r\nX-B: b']] }, ['header-added x-a']],
    ['a value that is not ASCII', { set: [['X-A', 'ü']] }, ['header-added x-a']],
    ['a name that is none', { set: [['X A', 'a']] }, ['header-added x a']],
    ['a path that is too long', { url: `https://${HOST}/${'a'.repeat(8192)}?${REQUEST.querystring}` }, ['path']],
  ])('%s, and it is named', (_, edits, undone) => {
    expect(labels(edits)).toEqual(undone);
    expect(permitted(edits).result).toEqual(REQUEST);
  });

  it('does not keep the rest from happening', () => {
    const { result, unapplied } = permitted({
      set: [
        ['Via', 'x'],
        ['Host', 'x'],
        ['X-User', 'alice'],
      ],
    });
    expect(unapplied).toEqual([{ kind: 'header-replaced', name: 'host' }]);
    expect(result).toMatchObject({ headers: { host: [{ value: HOST }], 'x-user': [{ value: 'alice' }] } });
  });

  it('is a body above 40 KB, of which CloudFront would cut off the end', () => {
    const post = { method: 'POST', body: shownBody('a') };
    expect(permitted({ body: 'b'.repeat(40 * 1024) }, post, SENDING).unapplied).toEqual([]);
    expect(permitted({ body: 'é'.repeat(20 * 1024 + 1) }, post, SENDING).unapplied).toEqual([{ kind: 'body' }]);
  });
});

describe('whatever a policy changes', () => {
  const name = fc.oneof(
    fc.constantFrom('Authorization', 'Host', 'Via', 'Connection', 'X-Edge-A', 'X-Tag', '__proto__', 'constructor'),
    fc.string({ maxLength: 12 }),
  );
  const edits = fc.record(
    {
      set: fc.array(fc.tuple(name, fc.string({ unit: 'binary' }))),
      add: fc.array(fc.tuple(name, fc.string())),
      remove: fc.array(name),
      method: fc.constantFrom('GET', 'POST'),
      url: fc.oneof(
        fc.webUrl({ withQueryParameters: true, withFragments: true }),
        fc.string({ unit: 'binary' }).map(text => `https://${HOST}/${text}`),
        fc.string(),
      ),
      body: fc.string({ unit: 'binary' }),
    },
    { requiredKeys: [] },
  );

  it('CloudFront takes the request that comes of it, and the client’s own parts that no change names are untouched', () => {
    fc.assert(
      fc.property(edits, changes => {
        const { result, decision } = permitted(changes, { method: 'POST', body: shownBody('x') }, SENDING);
        const before = viewerRequest({ method: 'POST', body: shownBody('x') }).Records[0]?.cf.request ?? REQUEST;
        const judged = readResult(JSON.parse(JSON.stringify(result)), before, true);
        expect(judged).toMatchObject({ kind: 'request' });
        if (decision.effect !== 'permit' || judged.kind !== 'request') return;
        const named = new Set(decision.changes.map(change => change.name ?? change.kind));
        if (!named.has('path')) expect(judged.request.uri).toBe(REQUEST.uri);
        if (!named.has('query')) expect(judged.request.querystring).toBe(REQUEST.querystring);
        if (!named.has('authorization')) expect(judged.request.headers).toContainEqual(['Authorization', BEARER]);
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });
});
