/** Which claims are read from a header value, wherever in it the tokens stand. */
import { describe, expect, it } from 'vitest';
import { claimsIn } from '../../src/token.ts';

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

  it('are those of every token', () => {
    expect(claimsIn(`Bearer ${jwt({ exp: 1 })}, Bearer ${jwt({ exp: 2 })}`)).toEqual([{ exp: 1 }, { exp: 2 }]);
  });

  it('are none where a value only looks like a token', () => {
    for (const value of ['', 'opaque', 'a.b.c', 'Basic eDp5', `x.${jwt({ sub: 'a' })}`, jwt('text')]) {
      expect(claimsIn(value), value).toEqual([]);
    }
  });

  it('take no longer to find in a hostile value than in a long one', () => {
    expect(claimsIn('a'.repeat(1_000_000))).toEqual([]);
    expect(claimsIn('a.'.repeat(500_000))).toEqual([]);
  });
});
