/** Rules for reading PingOne's bytes. */
import { describe, expect, it } from 'vitest';
import { headerLinesOf, ownString, textOf } from '../../../src/sideband/reply-bytes.ts';

describe('bytes', () => {
  it('become text if they are UTF-8, with their byte order mark, which JSON then refuses, and else no text', () => {
    expect(textOf(Buffer.from('é'))).toBe('é');
    expect(textOf(Buffer.from('\ufeff{}'))).toBe('\ufeff{}');
    for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe2, 0x82]])
      expect(textOf(Buffer.from(bytes))).toBe('');
    expect(textOf(undefined)).toBe('');
  });
});

describe('a string member', () => {
  it('is read only if it is a string', () => {
    const members = { a: 'b', c: 1 };
    expect([ownString(members, 'a'), ownString(members, 'c'), ownString(undefined, 'a')]).toEqual([
      'b',
      undefined,
      undefined,
    ]);
  });
});

describe('header lines', () => {
  it('are read from objects in a list or from one object; everything else is left out', () => {
    expect(headerLinesOf([{ A: '1' }, { A: '2' }, null, 'x', [], { B: 3 }, { C: '4', D: '5' }])).toEqual([
      ['A', '1'],
      ['A', '2'],
      ['C', '4'],
      ['D', '5'],
    ]);
    expect(headerLinesOf({ 'WWW-Authenticate': 'Bearer' })).toEqual([['WWW-Authenticate', 'Bearer']]);
    expect([headerLinesOf(null), headerLinesOf('x')]).toEqual([[], []]);
  });
});
