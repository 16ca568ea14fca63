/** Rules for reading claims and expiry times from a client's tokens, wherever in a value they stand. */
import { describe, expect, it } from 'vitest';
import { claimsIn, expiriesIn } from '../../../src/domain/jwt-claims.ts';

const jwt = (claims: unknown): string =>
  `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

describe('claims', () => {
  it.each([
    ['after any scheme', `DPoP ${jwt({ exp: 1 })}`],
    ['without one', jwt({ exp: 1 })],
    ['before white space', `Bearer ${jwt({ exp: 1 })} `],
    ['in a list that payload 2.0 joined', `Bearer ${jwt({ exp: 1 })}, Basic eDp5`],
  ])('are found %s', (_, value) => {
    expect(claimsIn(value)).toEqual([{ exp: 1 }]);
  });

  it('are read from every token in the value', () => {
    expect(claimsIn(`Bearer ${jwt({ exp: 1 })}, Bearer ${jwt({ exp: 2 })}`)).toEqual([{ exp: 1 }, { exp: 2 }]);
  });

  it('are not read from a value that only looks like a token', () => {
    for (const value of ['', 'opaque', 'a.b.c', 'Basic eDp5', `x.${jwt({ sub: 'a' })}`, jwt('text')]) {
      expect(claimsIn(value), value).toEqual([]);
    }
  });

  it('are searched for in linear time, even in a hostile value', () => {
    expect(claimsIn('a'.repeat(1_000_000))).toEqual([]);
    expect(claimsIn('a.'.repeat(500_000))).toEqual([]);
  });
});

describe('expiry times', () => {
  const token = jwt({ exp: 7 });

  it.each([
    ['after a scheme', `Bearer ${token}`],
    ['in a cookie among others', `a=1; session=${token}; b=2`],
    ['in a cookie that was percent-encoded', `auth=Bearer%20${token.replaceAll('.', '%2E')}%3B`],
    ['in a query', `https://h.example/a?access_token=${token}&b`],
    ['in a path', `https://h.example/${token}/a`],
    ['in JSON', `{"token":"${token}"}`],
    ['with a signature around it', `s:${token}.c2ln`],
    ['with disclosures after it', `${token}~WyJhIl0~`],
    ['in the header of an encrypted one', `${Buffer.from('{"exp":7}').toString('base64url')}.a.b.c.d`],
    ['in the shortest one', 'e30.eyJleHAiOjd9.'],
  ])('are found %s', (_, value) => {
    expect(expiriesIn(value)).toEqual([7]);
  });

  it('are all returned, even one that is not a number', () => {
    expect(expiriesIn(`${jwt({ exp: 1 })},${jwt({ exp: 'soon' })} ${jwt({ sub: 'a' })}`)).toEqual([1, 'soon']);
  });

  it('are not read from text without a token', () => {
    for (const value of ['', 'Bearer opaque-and-long-enough', 'exp=7', jwt([7]), '{"exp":7}']) {
      expect(expiriesIn(value), value).toEqual([]);
    }
  });
});
