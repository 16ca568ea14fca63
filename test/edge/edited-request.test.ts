/** Rules of what a permit changes in the request that CloudFront sends to the origin, and of what it cannot. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHeaders } from '../../local/cloudfront/header-rules.ts';
import { readResult } from '../../local/cloudfront/result.ts';
import { refusedChanges } from '../../src/domain/decision.ts';
import type { EdgeResult } from '../../src/edge/cloudfront.ts';
import { isSendable, isShown } from '../../src/edge/function-restrictions.ts';
import { anyCharacter } from '../support/any-character.ts';
import type { EchoEdits } from '../support/behaviours.ts';
import { growthOf } from '../support/growth.ts';
import { echo } from '../support/sideband-answers.ts';
import { answered, SETTINGS } from './permits.ts';
import { HOST, headersOf, REQUEST, shownBody } from './viewer-request.ts';

const SENDING = { ...SETTINGS, sendBody: true };

const permitted = (
  edits: EchoEdits,
  overrides: Parameters<typeof answered>[0] = {},
  settings?: Parameters<typeof answered>[2],
) => answered(overrides, request => echo(request, edits), settings);

const linesOf = (headers: unknown): readonly (readonly [string, string])[] => {
  const read = readHeaders(headers);
  if (typeof read === 'string') throw new Error(read);
  return [...read.values()].flat();
};

/** Lower-case name -> lines of the request that goes on. */
const headersIn = (result: EdgeResult) => {
  const read = readHeaders(JSON.parse(JSON.stringify(result)).headers);
  if (typeof read === 'string') throw new Error(read);
  return { headers: read };
};

const isReadOnly = (name: string): boolean =>
  ['cdn-loop', 'content-length', 'host', 'transfer-encoding', 'via'].includes(name);

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
  it('one thing leaves every other as it came, to the same object', () => {
    const { result } = permitted({ url: `https://${HOST}/v2?${REQUEST.querystring}` });
    expect(result['headers']).toBe(REQUEST.headers);
  });

  it('path and query gives the origin both, up to 8191 characters together', () => {
    const changed = (length: number) =>
      permitted({ url: `https://${HOST}/${'a'.repeat(length - 4)}?${'b'.repeat(2)}` });
    expect([changed(8191).result, changed(8191).unapplied]).toEqual([
      { ...REQUEST, uri: `/${'a'.repeat(8187)}`, querystring: 'bb' },
      [],
    ]);
    expect([changed(8192).result, changed(8192).unapplied.map(({ kind }) => kind)]).toEqual([
      REQUEST,
      ['path', 'query'],
    ]);
  });

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
    ['a name that is none', { set: [['X A', 'a']] }, ['header-added x a']],
    ['a name that is ASCII in lower case alone', { set: [['X-\u212a', 'a']] }, ['header-added x-k']],
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
        ['CDN-Loop', 'x'],
        ['X-User', 'alice'],
      ],
    });
    expect(unapplied).toEqual([
      { kind: 'header-replaced', name: 'host' },
      { kind: 'header-added', name: 'cdn-loop' },
    ]);
    expect(result).toMatchObject({ headers: { host: [{ value: HOST }], 'x-user': [{ value: 'alice' }] } });
  });

  it('is what it is beside a body too: only the body itself is essential, and only where it was sent', () => {
    const post = { method: 'POST', body: shownBody('{"a":1}') };
    const elsewhere = permitted({ method: 'DELETE', url: `https://${HOST}/${'a'.repeat(8192)}?b` }, post, SENDING);
    expect(elsewhere.unapplied).toEqual([{ kind: 'method' }, { kind: 'path' }, { kind: 'query' }]);
    expect(elsewhere.result).toEqual({ ...REQUEST, ...post });
    expect(permitted({ body: 'x' }, post).unapplied).toEqual([{ kind: 'body' }]);
  });

  it('is a body above 40 KB, for which the permit is refused: the client’s own would go on in its place', () => {
    const post = { method: 'POST', body: shownBody('a') };
    expect(permitted({ body: 'b'.repeat(40 * 1024) }, post, SENDING).unapplied).toEqual([]);
    const { unapplied } = permitted({ body: 'é'.repeat(20 * 1024 + 1) }, post, SENDING);
    expect(unapplied).toEqual([{ kind: 'body', essential: true }]);
    expect(refusedChanges(unapplied, 'ignore')).toEqual(unapplied);
  });
});

describe('a header that the permit changed', () => {
  const FORGED = { headers: { ...REQUEST.headers, ...headersOf(['X-User', 'mallory'], ['X-USER', 'eve']) } };

  /** The lines of a header in what goes on to the origin, and what is said of it. */
  const sent = (edits: EchoEdits, name: string, overrides: Parameters<typeof answered>[0] = FORGED) => {
    const { result, unapplied } = permitted(edits, overrides);
    const { headers } = headersIn(result);
    return [headers.get(name)?.map(([, value]) => value), unapplied];
  };

  it.each(['Zoë', 'Erdoğan', '李四', 'Ċ', '\u{1f600}', 'a\tb', '"<\\>"'])(
    'has the permit’s value in UTF-8: %j',
    value => {
      expect(sent({ set: [['X-User', value]] }, 'x-user')).toEqual([[value], []]);
    },
  );

  it.each(['a\r\nX-Role: admin', 'a\n', 'a\rb', 'Zo\0', '\x1b[0m', '\x7f', 'a\x85b', 'a\u2028b', '\ud800', 'a\udc00b'])(
    'is left out and counted where the permit’s value cannot be sent, and never the client’s: %j',
    value => {
      const [lines, unapplied] = sent({ set: [['X-User', `${value}.`]] }, 'x-user');
      expect([lines, unapplied]).toEqual([undefined, [{ kind: 'header-replaced', name: 'x-user' }]]);
    },
  );

  it('is left out whole where one of its lines cannot be sent', () => {
    const edits = { set: [['X-User', 'alice'] as const], add: [['X-User', 'a\nb'] as const] };
    expect(sent(edits, 'x-user')).toEqual([undefined, [{ kind: 'header-replaced', name: 'x-user' }]]);
  });

  it('is never the client’s where the permit’s name is no name', () => {
    const edits = { set: [['x-to\u212aen', 'a'] as const], remove: ['x-token'] };
    const forged = { headers: { ...REQUEST.headers, ...headersOf(['X-Token', 'mallory']) } };
    expect(sent(edits, 'x-token', forged)).toEqual([undefined, [{ kind: 'header-replaced', name: 'x-token' }]]);
  });

  it('is the viewer’s country: removed where the permit wants that, never set, and untouched otherwise', () => {
    const country = { headers: { ...REQUEST.headers, ...headersOf(['CloudFront-Viewer-Country', 'NL']) } };
    const name = 'cloudfront-viewer-country';
    expect(sent({ remove: [name] }, name, country)).toEqual([undefined, []]);
    expect(sent({ set: [[name, 'DE']] }, name, country)).toEqual([undefined, [{ kind: 'header-replaced', name }]]);
    expect(sent({ set: [['X-A', 'a']] }, name, country)).toEqual([['NL'], []]);
  });

  it.each(['CDN-Loop', 'Host', 'Via', 'Content-Length', 'Transfer-Encoding'])(
    'stays the client’s where CloudFront lets nobody touch it: %s',
    header => {
      const name = header.toLowerCase();
      const own = { headers: { ...REQUEST.headers, ...headersOf([header, 'own']) } };
      for (const edits of [{ set: [[header, 'x'] as const] }, { remove: [name] }]) {
        expect(sent(edits, name, own)[0]).toEqual(['own']);
      }
    },
  );

  it('is Accept-Encoding too, set or removed', () => {
    const own = { headers: { ...REQUEST.headers, ...headersOf(['Accept-Encoding', 'gzip, br']) } };
    expect(sent({ set: [['Accept-Encoding', 'identity']] }, 'accept-encoding', own)).toEqual([['identity'], []]);
    expect(sent({ remove: ['accept-encoding'] }, 'accept-encoding', own)).toEqual([undefined, []]);
  });
});

describe('the headers that CloudFront keeps from functions', () => {
  it.each([
    ...[
      'connection',
      'expect',
      'keep-alive',
      'proxy-authenticate',
      'proxy-authorization',
      'proxy-connection',
      'trailer',
    ],
    ...[
      'upgrade',
      'x-accel-buffering',
      'x-accel-a',
      'x-accel-',
      'x-amz-cf-id',
      'x-amz-cf-',
      'x-amzn-auth',
      'x-amzn-cf-billing',
    ],
    ...[
      'x-amzn-cf-id',
      'x-amzn-cf-xff',
      'x-amzn-errortype',
      'x-amzn-fle-profile',
      'x-amzn-header-count',
      'x-amzn-requestid',
    ],
    ...['x-amzn-header-order', 'x-amzn-lambda-integration-tag', 'x-cache', 'x-edge-location', 'x-edge-', 'x-real-ip'],
    'x-forwarded-proto',
  ])('are these: %s', name => {
    expect([isShown(name), isSendable([name, 'a']), isSendable([name.toUpperCase(), 'a'])]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it.each([
    ...[
      'my-connection',
      'connection-id',
      'proxy-a',
      'x-accel',
      'x-amz-cf',
      'x-amz-date',
      'x-amzn-trace-id',
      'x-cached',
    ],
    ...['x-edge', 'x-edged', 'x-forwarded-for', 'x-real-ips', 'ax-cache', 'a', '_', "!#$%&'*+-.^_`|~1A"],
  ])('are not these: %s', name => {
    expect([isShown(name), isSendable([name, 'a'])]).toEqual([true, true]);
  });

  it.each(['', ' a', 'a ', 'a b', 'ä', 'a:', 'a(b)'])('nor is a header sent under what is no name: %j', name => {
    expect(isSendable([name, 'a'])).toBe(false);
  });
});

describe('the work of editing', () => {
  it.each<[string, (size: number) => EchoEdits]>([
    ['the headers', size => ({ add: Array.from({ length: size }, (_, index) => [`X-${index}`, 'v']) })],
    ['the lines of one header', size => ({ add: Array.from({ length: size }, () => ['X-A', 'v']) })],
  ])('grows with %s that a permit adds, and no faster', (_, editsOf) => {
    const prepare = (size: number) => {
      const edits = editsOf(size);
      return () => permitted(edits);
    };
    expect(growthOf(prepare, 1000, 8)).toBeLessThan(24);
  });
});

describe('whatever a policy changes', () => {
  const name = fc.oneof(
    fc.constantFrom(
      ...['Authorization', 'Host', 'Via', 'CDN-Loop', 'Connection', 'X-Edge-A', 'X-Tag', 'x-tag', '__proto__'],
      ...['constructor', 'CloudFront-Viewer-Country', 'Accept-Encoding', 'X-\u212a', 'X-K', 'X-User', 'Cookie'],
    ),
    fc.string({ maxLength: 12 }),
  );
  const value = fc.oneof(
    fc.constantFrom('Zoë', 'mallory', 'a\r\nX-User: b', 'a\0', '\ud800', 'a, b', ''),
    fc.string({ unit: anyCharacter }),
    fc.string(),
  );
  const edits = fc.record(
    {
      set: fc.array(fc.tuple(name, value)),
      add: fc.array(fc.tuple(name, value)),
      remove: fc.array(name),
      method: fc.constantFrom('GET', 'POST'),
      url: fc.oneof(
        fc.webUrl({ withQueryParameters: true, withFragments: true }),
        fc.string({ unit: anyCharacter }).map(text => `https://${HOST}/${text}`),
        fc.string(),
      ),
      body: fc.string({ unit: anyCharacter }),
    },
    { requiredKeys: [] },
  );

  /** What a client may have sent of the headers that the policy names; a name of CloudFront's tokens alone reaches a function. */
  const client = fc.array(
    fc.tuple(
      name.filter(text => /^[!#$%&'*+\-.^_`|~\w]+$/.test(text) && !/^(?:host|connection|x-edge-a)$/i.test(text)),
      fc.constantFrom('mallory', 'a, b', 'Zoë', ''),
    ),
  );
  const requestWith = (lines: readonly (readonly [string, string])[]): typeof REQUEST => ({
    ...REQUEST,
    method: 'POST',
    body: shownBody('x'),
    headers: headersOf(...linesOf(REQUEST.headers), ...lines),
  });

  it('CloudFront takes the request that comes of it, and the client’s own parts that no change names are untouched', () => {
    fc.assert(
      fc.property(edits, client, (changes, lines) => {
        const before = requestWith(lines);
        const { result, decision } = permitted(changes, before, SENDING);
        const judged = readResult(JSON.parse(JSON.stringify(result)), before, true);
        expect(judged).toMatchObject({ kind: 'request' });
        if (decision.effect !== 'permit' || judged.kind !== 'request') return;
        const named = new Set(decision.changes.map(change => change.name ?? change.kind));
        if (!named.has('path')) expect(judged.request.uri).toBe(REQUEST.uri);
        if (!named.has('query')) expect(judged.request.querystring).toBe(REQUEST.querystring);
        for (const line of linesOf(before.headers)) {
          if (!named.has(line[0].toLowerCase())) expect(judged.request.headers).toContainEqual(line);
        }
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });

  it('a header that it names goes on as the permit left it, or not at all and counted: never as the client sent it', () => {
    fc.assert(
      fc.property(edits, client, (changes, lines) => {
        const { result, decision, unapplied } = permitted(changes, requestWith(lines), SENDING);
        if (decision.effect !== 'permit') return;
        const { headers } = headersIn(result);
        for (const change of decision.changes) {
          if (change.name === undefined || isReadOnly(change.name)) continue;
          const wanted = decision.headers
            .filter(([header]) => header.toLowerCase() === change.name)
            .map(([, text]) => text.trim());
          const got = (headers.get(change.name) ?? []).map(([, text]) => text);
          expect(got).toEqual(unapplied.includes(change) ? [] : wanted);
        }
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });
});
