/** Rules of the id that a call to the service carries. */
import { describe, expect, it } from 'vitest';
import { correlationHeader } from '../../../src/sideband/correlation-id.ts';

describe('the correlation header', () => {
  it.each(['c6af9ac6-7b61-11e6-9a41-93e8deadbeef', 'JKJaXmPLvHcESHA=', 'T_6R-1==', 'a:b/c+d@e.f'])(
    'carries the id %s as the gateway gave it',
    id => expect(correlationHeader(id)).toEqual({ 'Correlation-Id': id }),
  );

  it.each([
    ['a\r\nX-Evil: 1', 'aX-Evil:1'],
    ['é😀a b\u0000c', 'abc'],
    ['x'.repeat(1000), 'x'.repeat(128)],
  ])('removes the characters of %j that an id must not hold', (id, sent) =>
    expect(correlationHeader(id)).toEqual({ 'Correlation-Id': sent }),
  );

  it.each([undefined, '', '\r\n', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1In0.c'])('is missing if the id is %j', id =>
    expect(correlationHeader(id)).toEqual({}),
  );
});
