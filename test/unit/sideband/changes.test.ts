/** Rules for the differences in a permit's echo that count as changes, and for those that do not. */
import { describe, expect, it } from 'vitest';
import type { UnappliedChange } from '../../../src/domain/decision.ts';
import { changesOf } from '../../../src/sideband/changes.ts';
import { headerLinesOf } from '../../../src/sideband/reply-bytes.ts';
import type { SidebandRequest } from '../../../src/sideband/wire.ts';
import { growthOf } from '../../support/growth.ts';

const ASKED: SidebandRequest = {
  source_ip: '192.0.2.1',
  source_port: 49152,
  method: 'GET',
  url: 'https://api.example.org/a/b%2Fc?x=1&y=a%20b',
  http_version: '1.1',
  headers: [{ Accept: '*/*' }, { 'X-Tag': 'a' }, { 'X-Tag': 'b' }, { 'Accept-Encoding': 'gzip' }],
};

type Echoed = Pick<SidebandRequest, 'method' | 'url' | 'body' | 'headers'>;

const changes = (echoed: Partial<Echoed>, asked: SidebandRequest = ASKED): readonly UnappliedChange[] => {
  const { method, url, body, headers }: Echoed = { ...asked, ...echoed };
  return changesOf(asked, { method, url, body }, headerLinesOf(headers));
};
const url = (text: string): readonly UnappliedChange[] => changes({ url: text });
const headers = (...lines: Echoed['headers']): readonly UnappliedChange[] => changes({ headers: lines });

/** A host that a Host header may hold, but no URL. */
const UNPARSABLE = 'https://999.999.999.999/a';

describe('not a change', () => {
  it('is an echo that equals the request, even if its URL cannot be parsed', () => {
    expect(changes({})).toEqual([]);
    expect(changes({}, { ...ASKED, url: UNPARSABLE })).toEqual([]);
  });

  it.each([
    ['a port that is the default', 'https://api.example.org:443/a/b%2Fc?x=1&y=a%20b'],
    ['a host in capitals', 'https://API.example.org/a/b%2Fc?x=1&y=a%20b'],
    ['a plus for a blank', 'https://api.example.org/a/b%2Fc?x=1&y=a+b'],
    ['escapes in lower case', 'https://api.example.org/a/b%2fc?x=1&y=a%20b'],
    ['an empty parameter more', 'https://api.example.org/a/b%2Fc?&x=1&&y=a%20b&'],
    ['an escape that nobody needed in a parameter', 'https://api.example.org/a/b%2Fc?%78=%31&y=a%20b'],
    ['dot segments', 'https://api.example.org/./x/../a/%2e/b%2Fc?x=1&y=a%20b'],
    ['a scheme in capitals', 'HTTPS://api.example.org/a/b%2Fc?x=1&y=a%20b'],
    ['an escape that nobody needed', 'https://api.example.org/%61/b%2Fc?x=1&y=a%20b'],
  ])('is a URL with %s', (_, text) => {
    expect(url(text)).toEqual([]);
  });

  it('is a header in another case, order or padding, or several lines as one', () => {
    const others = [{ ACCEPT: ' */*' }, { 'accept-encoding': 'gzip ' }];
    expect(headers({ 'x-tag': 'a' }, { 'X-TAG': ' b ' }, ...others)).toEqual([]);
    expect(headers({ 'X-Tag': 'a, b' }, ...others)).toEqual([]);
  });

  it.each([
    'Connection',
    'Content-Length',
    'Expect',
    'Keep-Alive',
    'Proxy-Connection',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Via',
  ])('is the header %s of one hop, which a proxy may add or drop', name => {
    expect(headers(...ASKED.headers, { [name]: 'x' })).toEqual([]);
    expect(changes({ headers: [] }, { ...ASKED, headers: [{ [name.toLowerCase()]: 'x' }] })).toEqual([]);
  });

  it('is a method in another case or an empty body', () => {
    expect(changes({ method: 'get', body: '' })).toEqual([]);
    expect(changes({ method: 'GET' }, { ...ASKED, body: '' })).toEqual([]);
  });
});

describe('a change', () => {
  it.each<[string, Partial<Echoed>, readonly UnappliedChange[]]>([
    ['another method', { method: 'POST' }, [{ kind: 'method' }]],
    ['a body', { body: '{}' }, [{ kind: 'body' }]],
    ['another host', { url: ASKED.url.replace('api.', 'evil.') }, [{ kind: 'url' }]],
    ['another scheme', { url: ASKED.url.replace('https', 'http') }, [{ kind: 'url' }]],
    ['another port', { url: ASKED.url.replace('.org', '.org:8443') }, [{ kind: 'url' }]],
    ['a user name', { url: ASKED.url.replace('api.', 'user@api.') }, [{ kind: 'url' }]],
    ['what is no URL', { url: 'x' }, [{ kind: 'url' }]],
    ['no URL at all', { url: '' }, [{ kind: 'url' }]],
    ['no method', { method: '' }, [{ kind: 'method' }]],
    ['another path', { url: ASKED.url.replace('/a/', '/b/') }, [{ kind: 'path' }]],
    ['a decoded slash', { url: ASKED.url.replace('%2F', '/') }, [{ kind: 'path' }]],
    ['another query', { url: ASKED.url.replace('x=1', 'x=2') }, [{ kind: 'query' }]],
    ['no query', { url: 'https://api.example.org/a/b%2Fc' }, [{ kind: 'query' }]],
    ['a parameter more', { url: `${ASKED.url}&z` }, [{ kind: 'query' }]],
    ['a question mark more', { url: ASKED.url.replace('?', '??') }, [{ kind: 'query' }]],
    ['a separator that is a value', { url: ASKED.url.replace('&', '%26') }, [{ kind: 'query' }]],
    ['another order of the query', { url: 'https://api.example.org/a/b%2Fc?y=a%20b&x=1' }, [{ kind: 'query' }]],
    ['path and query at once', { url: 'https://api.example.org/z' }, [{ kind: 'path' }, { kind: 'query' }]],
  ])('is %s', (_, echo, expected) => {
    expect(changes(echo)).toEqual(expected);
  });

  it('is every other URL if the one that was asked cannot be parsed', () => {
    expect(changes({ url: ASKED.url }, { ...ASKED, url: UNPARSABLE })).toEqual([{ kind: 'url' }]);
  });

  it('of a header has the header’s name and never its value', () => {
    const coding = { 'Accept-Encoding': 'gzip' };
    expect(headers({ Accept: 'text/html' }, { 'X-Tag': 'a' }, { 'X-Tag': 'b' }, { 'X-User': 'alice' }, coding)).toEqual(
      [
        { kind: 'header-replaced', name: 'accept' },
        { kind: 'header-added', name: 'x-user' },
      ],
    );
    expect(headers({ Accept: '*/*' }, { 'X-Tag': 'b' }, { 'X-Tag': 'a' }, coding)).toEqual([
      { kind: 'header-replaced', name: 'x-tag' },
    ]);
    expect(headers({ Accept: '*/*' }, { 'X-Tag': 'ab' }, coding)).toEqual([{ kind: 'header-replaced', name: 'x-tag' }]);
    expect(headers({ Accept: '*/*' }, coding)).toEqual([{ kind: 'header-removed', name: 'x-tag' }]);
  });

  it('of Accept-Encoding counts, because a policy may have made it', () => {
    const others = [{ Accept: '*/*' }, { 'X-Tag': 'a' }, { 'X-Tag': 'b' }];
    expect(headers(...others, { 'accept-encoding': 'br' })).toEqual([
      { kind: 'header-replaced', name: 'accept-encoding' },
    ]);
    expect(headers(...others)).toEqual([{ kind: 'header-removed', name: 'accept-encoding' }]);
  });
});

describe('the work of comparing', () => {
  const lines = (size: number, name: (index: number) => string) =>
    Array.from({ length: size }, (_, index) => ({ [name(index)]: 'v' }));

  it.each<[string, (size: number) => Partial<Echoed>]>([
    ['the parameters of a query', size => ({ url: `${ASKED.url}&${'a&'.repeat(size * 50)}` })],
    ['the empty parameters of a query', size => ({ url: `${ASKED.url}&${'&'.repeat(size * 100)}` })],
    ['the parts of a path', size => ({ url: `https://api.example.org/${'a/%41/'.repeat(size * 20)}` })],
    ['the headers', size => ({ headers: lines(size, index => `X-${index}`) })],
    ['the lines of one header', size => ({ headers: lines(size, () => 'X-A') })],
  ])('is linear in %s', (_, echoOf) => {
    const prepare = (size: number) => {
      const echo = echoOf(size);
      return () => changes(echo);
    };
    expect(growthOf(prepare, 1000, 8)).toBeLessThan(24);
  });
});
