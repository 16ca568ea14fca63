/** Rules for the principal: the token's subject, or else a constant. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessRequest, HeaderLine } from '../../../src/domain/request.ts';
import { principalOf } from '../../../src/gateway/principal.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { BEARER } from '../../support/golden-events.ts';

const requestWith = (...headers: readonly HeaderLine[]): AccessRequest => ({
  kind: 'rest',
  method: 'GET',
  url: 'https://h.example/',
  headers,
  sourceIp: '192.0.2.1',
});
const jwt = (claims: unknown): string =>
  `Bearer e30.${Buffer.from(typeof claims === 'string' ? claims : JSON.stringify(claims)).toString('base64url')}.c2ln`;
const principal = (authorization: string): string => principalOf(requestWith(['Authorization', authorization]));

describe('the principal', () => {
  it('is the subject of the bearer JWT, whatever the case of header and scheme', () => {
    expect(principalOf(requestWith(['authorization', BEARER]))).toBe('alice');
    expect(principal(BEARER.replace('Bearer', 'bearer  '))).toBe('alice');
    expect(principal(jwt({ sub: 'a b@c' }))).toBe('a b@c');
    expect(principal(jwt({ sub: '佐藤 é' }))).toBe('佐藤 é');
  });

  it.each([
    ['no token', ''],
    ['another scheme', BEARER.replace('Bearer', 'Basic')],
    ['an opaque token', 'Bearer abc'],
    ['an encrypted token', 'Bearer a.b.c.d.e'],
    ['empty parts', 'Bearer ..'],
    ['claims that are no JSON', jwt('{')],
    ['claims that are no object', jwt('"sub"')],
    ['no subject', jwt({})],
    ['a subject that is no string', jwt({ sub: { a: 1 } })],
    ['an empty subject', jwt({ sub: '' })],
    ['a subject with a line break', jwt({ sub: 'a\nb' })],
    ['a subject with an invisible character', jwt({ sub: 'a\u200bb' })],
    ['a subject with a quote', jwt({ sub: 'a"b' })],
    ['a subject with an apostrophe', jwt({ sub: "a'b" })],
    ['a subject with a backslash', jwt({ sub: 'a\\b' })],
    ['a subject with a tag', jwt({ sub: 'a<b' })],
    ['a subject with a line separator', jwt({ sub: 'a\u2028b' })],
    ['a subject with a paragraph separator', jwt({ sub: 'a\u2029b' })],
    ['a subject that is half a character', jwt({ sub: '\ud83d' })],
    ['an endless subject', jwt({ sub: 'x'.repeat(257) })],
    ['two tokens in one header', `${BEARER}, ${BEARER}`],
  ])('is "pingone" for %s', (_, authorization) => {
    expect(principal(authorization)).toBe('pingone');
  });

  it('is harmless whatever the token holds, because access logs paste it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: anyCharacter }), fc.string(), fc.anything()), sub => {
        const named = principal(jwt({ sub }));
        expect(named).toMatch(/^[^"'\\<\u2028\u2029\p{C}]{1,256}$/u);
        expect([sub, 'pingone']).toContain(named);
      }),
    );
  });

  it('is "pingone" if there are several Authorization headers, which could mean different callers', () => {
    expect(principalOf(requestWith(['Authorization', BEARER], ['authorization', 'Bearer x']))).toBe('pingone');
    expect(principalOf(requestWith(['Authorization', BEARER], ['authorization', '']))).toBe('pingone');
    expect(principalOf(requestWith())).toBe('pingone');
  });
});
