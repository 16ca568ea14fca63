/** Rules for each kind of value that a variable may hold. */
import { describe, expect, it } from 'vitest';
import {
  cacheKeyParts,
  credentialHeader,
  headerNames,
  integer,
  isHeaderValue,
  metricsNamespace,
  type Parser,
  Problem,
  secretHeaderValue,
} from '../../../src/config/parsers.ts';

const refuses = (parse: Parser<unknown>, ...texts: readonly string[]): void => {
  for (const text of texts) expect(() => parse(text), JSON.stringify(text)).toThrow(Problem);
};

describe('a whole number', () => {
  it('is accepted from its minimum to its maximum', () => {
    expect([integer(0, 2)('0'), integer(0, 2)('2'), integer(0, 20)('7')]).toEqual([0, 2, 7]);
    refuses(integer(1, 2), '0', '3', '01', '', 'x', '1,0', '+1', '1 ', 'NaN', 'Infinity', '1'.repeat(400));
  });
});

describe('a credential', () => {
  it('is text that a header can hold unchanged', () => {
    for (const text of ['a', 'a b', 'eyJ.eyJ.c-_', '~!"']) expect(secretHeaderValue(text)).toBe(text);
    refuses(secretHeaderValue, ' a', 'a ', 'a\n', 'a\r\nb', 'ü', '\0', '\x7f', 'a\tb');
    expect(isHeaderValue('')).toBe(false);
  });
});

describe('the credential header', () => {
  it('is any header except one that the call itself sets', () => {
    for (const name of ['CLIENT-TOKEN', 'PDG-TOKEN', 'x_y', 'Authorization']) expect(credentialHeader(name)).toBe(name);
    refuses(
      credentialHeader,
      'Host',
      'content-length',
      'Content-Type',
      'correlation-id',
      'Correlation-Id',
      'Transfer-Encoding',
      'TraceParent',
      'a b',
      'a:',
      'ä',
    );
  });
});

describe('the list of forwarded headers', () => {
  it('is lower-cased and trimmed, and must not hold two names with one context key', () => {
    expect(headerNames('X-User-Id, x-role')).toEqual(['x-user-id', 'x-role']);
    expect(headerNames('')).toEqual([]);
    refuses(headerNames, 'a,,b', 'a,', ',', 'a b', 'a:b', 'x-a,X-A', 'x-a,x_a');
  });
});

describe('the key of the decision cache', () => {
  it('must tell callers apart', () => {
    expect(cacheKeyParts('method, header:X-Api-Key')).toEqual(['method', 'header:x-api-key']);
    refuses(
      cacheKeyParts,
      'method,url',
      'sourceIp',
      'header:',
      'header:a b,authorization',
      'authorization,body',
      'authorization,authorization',
    );
  });
});

describe('the namespace of the metrics', () => {
  it('is one that CloudWatch accepts', () => {
    for (const name of ['PingOneAuthorizer', 'a/b c', 'x#y:z.1-_']) expect(metricsNamespace(name)).toBe(name);
    refuses(metricsNamespace, 'AWS/Lambda', 'ä', ' x', 'x ', 'a"b', 'x'.repeat(256));
  });
});
