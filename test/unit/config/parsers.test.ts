/** Rules of each kind of value that a variable may hold. */
import fc from 'fast-check';
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
  serviceUrl,
} from '../../../src/config/parsers.ts';

const refuses = (parse: Parser<unknown>, ...texts: readonly string[]): void => {
  for (const text of texts) expect(() => parse(text), JSON.stringify(text)).toThrow(Problem);
};

describe('a whole number', () => {
  it('reaches from the least to the most', () => {
    expect([integer(0, 2)('0'), integer(0, 2)('2'), integer(0, 20)('7')]).toEqual([0, 2, 7]);
    refuses(integer(1, 2), '0', '3', '01', '', 'x', '1,0', '+1', '1 ', 'NaN', 'Infinity', '1'.repeat(400));
  });
});

describe('a credential', () => {
  it('is what a header can carry as it is', () => {
    for (const text of ['a', 'a b', 'eyJ.eyJ.c-_', '~!"']) expect(secretHeaderValue(text)).toBe(text);
    refuses(secretHeaderValue, ' a', 'a ', 'a\n', 'a\r\nb', 'ü', '\0', '\x7f', 'a\tb');
    expect(isHeaderValue('')).toBe(false);
  });
});

describe('the credential header', () => {
  it('is any header but one that the call itself needs', () => {
    for (const name of ['CLIENT-TOKEN', 'PDG-TOKEN', 'x_y', 'Authorization']) expect(credentialHeader(name)).toBe(name);
    refuses(
      credentialHeader,
      'Host',
      'content-length',
      'Content-Type',
      'Transfer-Encoding',
      'TraceParent',
      'a b',
      'a:',
      'ä',
    );
  });
});

describe('the service URL', () => {
  const segment = fc.stringMatching(/^[\w.~-]{1,12}$/).filter(text => !/YOUR[_-]/.test(text));

  it('may have the word sideband anywhere but at its end', () => {
    for (const path of [
      '/sideband/v1',
      '/sideband-proxy',
      '/x/sideband/request/y',
      '/my-sideband',
      '/sidebands',
      '/sideband/requests',
    ]) {
      expect(serviceUrl(`https://h.example${path}`).pathname).toBe(path);
    }
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), segments => {
        const path = `/${segments.join('/')}`;
        fc.pre(!segments.some(text => /^\.\.?$/.test(text)) && !/\/sideband(?:\/re(?:quest|sponse))?$/i.test(path));
        expect(serviceUrl(`https://h.example${path}`).pathname).toBe(path);
      }),
    );
  });

  it('must not end in what is added to it', () => {
    fc.assert(
      fc.property(
        fc.array(segment, { maxLength: 3 }),
        fc.constantFrom('/sideband', '/sideband/request', '/sideband/response'),
        fc.constantFrom('', '/', '//'),
        (segments, tail, slashes) => {
          expect(() => serviceUrl(`https://h.example/${segments.join('/')}${tail}${slashes}`)).toThrow(/leave out/);
        },
      ),
    );
  });

  it.each(['<id>', '{id}', `$${'{ID}'}`, '%3Cid%3E', '%7bid%7D', 'YOUR_ENVIRONMENT_ID', 'YOUR-ID', '<', '>'])(
    'must not hold the placeholder %s, and the message says what it is',
    placeholder => {
      expect(() => serviceUrl(`https://h.example/v1/environments/${placeholder}`)).toThrow(/placeholder/);
      expect(() => serviceUrl(`https://${placeholder}.example/v1`)).toThrow(/placeholder/);
    },
  );
});

describe('the list of forwarded headers', () => {
  it('is lower-cased, trimmed and without a pair that would share a context key', () => {
    expect(headerNames('X-User-Id, x-role')).toEqual(['x-user-id', 'x-role']);
    expect(headerNames('')).toEqual([]);
    refuses(headerNames, 'a,,b', 'a,', ',', 'a b', 'a:b', 'x-a,X-A', 'x-a,x_a');
  });
});

describe('the key of the decision cache', () => {
  it('tells callers apart, or is refused', () => {
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
  it('is one that CloudWatch takes', () => {
    for (const name of ['PingOneAuthorizer', 'a/b c', 'x#y:z.1-_']) expect(metricsNamespace(name)).toBe(name);
    refuses(metricsNamespace, 'AWS/Lambda', 'ä', ' x', 'x ', 'a"b', 'x'.repeat(256));
  });
});
