/** Rules of what counts as a change in a permit's echo, and of what only looks like one. */
import { describe, expect, it } from 'vitest';
import type { UnappliedChange } from '../../../src/decision.ts';
import { changesOf } from '../../../src/sideband/changes.ts';
import type { SidebandRequest } from '../../../src/sideband/wire.ts';

const ASKED: SidebandRequest = {
  source_ip: '192.0.2.1',
  source_port: 49152,
  method: 'GET',
  url: 'https://api.example.org/a/b%2Fc?x=1&y=a%20b',
  http_version: '1.1',
  headers: [{ Accept: '*/*' }, { 'X-Tag': 'a' }, { 'X-Tag': 'b' }, { 'Accept-Encoding': 'gzip' }],
};

const changes = (echo: Readonly<Record<string, unknown>>): readonly UnappliedChange[] =>
  changesOf(ASKED, { ...ASKED, ...echo });
const url = (text: string): readonly UnappliedChange[] => changes({ url: text });
const headers = (...lines: readonly Readonly<Record<string, unknown>>[]): readonly UnappliedChange[] =>
  changes({ headers: lines });

describe('no change', () => {
  it('is the echo itself', () => {
    expect(changes({})).toEqual([]);
  });

  it.each([
    ['a port that is the default', 'https://api.example.org:443/a/b%2Fc?x=1&y=a%20b'],
    ['a host in capitals', 'https://API.example.org/a/b%2Fc?x=1&y=a%20b'],
    ['a plus for a blank', 'https://api.example.org/a/b%2Fc?x=1&y=a+b'],
    ['escapes in lower case', 'https://api.example.org/a/b%2fc?x=1&y=a%20b'],
    ['an escape that nobody needed', 'https://api.example.org/%61/b%2Fc?x=1&y=a%20b'],
  ])('is a URL with %s', (_, text) => {
    expect(url(text)).toEqual([]);
  });

  it('is a header in another case, order of names or padding, or one of a single hop', () => {
    expect(
      headers({ 'x-tag': 'a' }, { 'X-TAG': ' b ' }, { ACCEPT: '*/*' }, { Connection: 'close' }, { Via: 'x' }),
    ).toEqual([]);
  });

  it('is a method in another case, an empty body, and what no request consists of', () => {
    expect(changes({ method: 'get', body: '', source_port: '1', state: 'x', client_certificate: {} })).toEqual([]);
  });
});

describe('a change', () => {
  it.each([
    ['another method', { method: 'POST' }, [{ kind: 'method' }]],
    ['a body', { body: '{}' }, [{ kind: 'body' }]],
    ['another host', { url: ASKED.url.replace('api.', 'evil.') }, [{ kind: 'url' }]],
    ['another scheme', { url: ASKED.url.replace('https', 'http') }, [{ kind: 'url' }]],
    ['another port', { url: ASKED.url.replace('.org', '.org:8443') }, [{ kind: 'url' }]],
    ['what is no URL', { url: 'x' }, [{ kind: 'url' }]],
    ['another path', { url: ASKED.url.replace('/a/', '/b/') }, [{ kind: 'path' }]],
    ['a decoded slash', { url: ASKED.url.replace('%2F', '/') }, [{ kind: 'path' }]],
    ['another query', { url: ASKED.url.replace('x=1', 'x=2') }, [{ kind: 'query' }]],
    ['no query', { url: 'https://api.example.org/a/b%2Fc' }, [{ kind: 'query' }]],
    ['another order of the query', { url: 'https://api.example.org/a/b%2Fc?y=a%20b&x=1' }, [{ kind: 'query' }]],
    ['path and query at once', { url: 'https://api.example.org/z' }, [{ kind: 'path' }, { kind: 'query' }]],
  ])('is %s', (_, echo, expected) => {
    expect(changes(echo)).toEqual(expected);
  });

  it('of a header is named, and never valued', () => {
    expect(headers({ Accept: 'text/html' }, { 'X-Tag': 'a' }, { 'X-Tag': 'b' }, { 'X-User': 'alice' })).toEqual([
      { kind: 'header-replaced', name: 'accept' },
      { kind: 'header-added', name: 'x-user' },
    ]);
    expect(headers({ Accept: '*/*' }, { 'X-Tag': 'b' }, { 'X-Tag': 'a' })).toEqual([
      { kind: 'header-replaced', name: 'x-tag' },
    ]);
    expect(headers({ Accept: '*/*' })).toEqual([{ kind: 'header-removed', name: 'x-tag' }]);
  });
});
