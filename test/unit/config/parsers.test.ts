/** Rules for each kind of value that a variable may hold. */
import { describe, expect, it } from 'vitest';
import {
  cacheKeyParts,
  credentialHeader,
  flag,
  headerNames,
  integer,
  isHeaderValue,
  metricsNamespace,
  oneOf,
  type Parser,
  Problem,
  refusePlaceholder,
  secretHeaderValue,
} from '../../../src/config/parsers.ts';

const refuses = (parse: Parser<unknown>, ...texts: readonly string[]): void => {
  for (const text of texts) expect(() => parse(text), JSON.stringify(text)).toThrow(Problem);
};

describe('a whole number', () => {
  it('is accepted from its minimum to its maximum', () => {
    expect([integer(0, 2)('0'), integer(0, 2)('2'), integer(0, 20)('7'), integer(0, 20)('12')]).toEqual([0, 2, 7, 12]);
    expect(integer(0, 9_999_999_999)('9876543210')).toBe(9_876_543_210);
    refuses(integer(1, 2), '0', '3', '01', '', 'x', '1,0', '+1', '1 ', 'NaN', 'Infinity', '1'.repeat(400));
  });
});

describe('a choice', () => {
  it('is one of the words, and nothing else', () => {
    expect([oneOf('a', 'b')('b'), flag('true'), flag('false')]).toEqual(['b', true, false]);
    refuses(oneOf('a', 'b'), '', 'A', 'ab', ' a');
    refuses(flag, '', 'True', '0');
  });
});

describe('a placeholder', () => {
  it.each([
    '<id>',
    '{id}',
    `$${'{ID}'}`,
    '%3cid',
    'id%3E',
    '%7Bid',
    'id%7d',
    'YOUR_ID',
    'x/YOUR-ID',
    'a<',
    'a>',
    '{',
    '}',
  ])('is refused as %s', text => {
    expect(() => refusePlaceholder(text)).toThrow(
      new Problem('still holds a placeholder such as <id>: put the real value in its place'),
    );
  });

  it.each(['id', '%20', '%3d', '%7e', '3c', '7B', 'YOUR', 'YOURS_ID', 'COLOUR_YOUR', 'HARBOYOUR_ID', 'your_id'])(
    'is not seen in %s',
    text => {
      expect(() => refusePlaceholder(text)).not.toThrow();
    },
  );
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
    refuses(credentialHeader, '', 'a b', 'a:', 'ä');
  });

  it.each([
    'Accept',
    'Baggage',
    'Connection',
    'content-length',
    'Content-Type',
    'Correlation-Id',
    'Expect',
    'Host',
    'Keep-Alive',
    'Proxy-Connection',
    'TE',
    'TraceParent',
    'tracestate',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'User-Agent',
    'X-Amzn-Trace-Id',
  ])('is not %s, which the call sets or the connection needs', name => {
    expect(() => credentialHeader(name)).toThrow(new Problem('must not be a header that the call uses for itself'));
  });
});

describe('the list of forwarded headers', () => {
  it('is lower-cased and trimmed, and must not hold two names with one context key', () => {
    expect(headerNames('X-User-Id, x-role')).toEqual(['x-user-id', 'x-role']);
    expect(headerNames('')).toEqual([]);
    refuses(headerNames, 'a,,b', 'a,', ',', 'a b', 'a:b');
    for (const twice of ['x-a,X-A', 'x-a,x_a', 'a-b-c,a_b_c']) {
      expect(() => headerNames(twice)).toThrow(
        new Problem('must not name a header twice ("-" and "_" give the same context key)'),
      );
    }
  });
});

describe('the key of the decision cache', () => {
  it('must tell callers apart', () => {
    expect(cacheKeyParts('method, header:X-Api-Key')).toEqual(['method', 'header:x-api-key']);
    expect(cacheKeyParts('authorization')).toEqual(['authorization']);
    for (const nobody of ['', 'method,url', 'sourceIp']) {
      expect(() => cacheKeyParts(nobody)).toThrow(
        new Problem('must hold "authorization" or a "header:<name>", or one caller would get another\'s permit'),
      );
    }
  });

  it('names each part once, and nothing that is no part', () => {
    expect(() => cacheKeyParts('authorization,header:a,header:A')).toThrow(new Problem('must not name a part twice'));
    refuses(
      cacheKeyParts,
      'header:',
      'header:a b,authorization',
      'header:a\nb,authorization',
      'x-header:a,authorization',
      'authorization,body',
      'authorization,',
    );
  });
});

describe('the namespace of the metrics', () => {
  it('is one that CloudWatch accepts', () => {
    for (const name of ['PingOneAuthorizer', 'a/b c', 'x#y:z.1-_', 'x', 'x'.repeat(255), 'my/AWS/'])
      expect(metricsNamespace(name)).toBe(name);
    refuses(metricsNamespace, '', 'AWS/Lambda', 'ä', ' x', 'x ', 'a"b', 'x'.repeat(256));
  });
});
