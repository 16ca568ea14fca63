/** Rules of the door through which PingOne's bytes become values. */
import { describe, expect, it } from 'vitest';
import { headerLinesOf, jsonOf, membersOf, own, ownString, textOf } from '../../../src/sideband/json.ts';

describe('bytes', () => {
  it('are text where they are UTF-8, byte order mark kept so that JSON refuses it', () => {
    expect(textOf(Buffer.from('é'))).toBe('é');
    expect(textOf(Buffer.from('\ufeff{}'))).toBe('\ufeff{}');
    for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe2, 0x82]])
      expect(textOf(Buffer.from(bytes))).toBeUndefined();
  });
});

describe('text', () => {
  it('is a value where it is JSON', () => {
    expect([jsonOf('{"a":1}'), jsonOf('null'), jsonOf('{'), jsonOf('')]).toEqual([
      { a: 1 },
      null,
      undefined,
      undefined,
    ]);
  });
});

describe('members', () => {
  it('are those of an object alone, and its own', () => {
    for (const value of [null, [], 'x', 1]) expect(membersOf(value)).toBeUndefined();
    const members = membersOf(JSON.parse('{"__proto__":{"url":"x"},"a":"b","c":1}')) ?? {};
    expect([own(members, 'url'), own(members, 'toString'), own(members, 'a')]).toEqual([undefined, undefined, 'b']);
    expect([ownString(members, 'a'), ownString(members, 'c'), ownString(undefined, 'a')]).toEqual([
      'b',
      undefined,
      undefined,
    ]);
  });
});

describe('header lines', () => {
  it('are read from single-key objects, and what is none is passed over', () => {
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
