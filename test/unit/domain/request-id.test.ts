/** Rules of an id that a client may have chosen: only its plain characters count, and a token is none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainId } from '../../../src/domain/request-id.ts';

describe('a plain id', () => {
  it.each(['c6af9ac6-7b61-11e6-9a41-93e8deadbeef', 'JKJaXmPLvHcESHA=', 'T_6R-1==', 'a:b/c+d@e.f'])(
    'is %s as the gateway gave it',
    id => expect(plainId(id)).toBe(id),
  );

  it.each([
    ['a\r\nX-Evil: 1', 'aX-Evil:1'],
    ['é😀a b\u0000c', 'abc'],
    ['x'.repeat(1000), 'x'.repeat(128)],
  ])('is %j without the characters that an id must not hold', (id, plain) => expect(plainId(id)).toBe(plain));

  it.each([undefined, '', '\r\n', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1In0.c'])('is empty for %j', id =>
    expect(plainId(id)).toBe(''),
  );

  it('never ends a header line or a JSON string, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), id => {
        expect(plainId(id)).toMatch(/^[\w.:@/+=-]{0,128}$/);
      }),
    );
  });
});
