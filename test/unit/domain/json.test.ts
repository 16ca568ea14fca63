/** Rules for reading JSON of unknown content. */
import { describe, expect, it } from 'vitest';
import { jsonOf, membersOf, membersOrNone, own } from '../../../src/domain/json.ts';

describe('a text', () => {
  it('becomes a value if it is JSON', () => {
    expect([jsonOf('{"a":1}'), jsonOf('null'), jsonOf('{'), jsonOf('')]).toEqual([
      { a: 1 },
      null,
      undefined,
      undefined,
    ]);
  });
});

describe('members', () => {
  it('are read of objects only', () => {
    expect(membersOf({ a: 1 })).toEqual({ a: 1 });
    for (const value of [null, undefined, [], 'x', 1, true]) expect(membersOf(value)).toBeUndefined();
  });

  it('are none where the value is no object and nobody minds', () => {
    expect(membersOrNone({ a: 1 })).toEqual({ a: 1 });
    for (const value of [null, undefined, [1], 'x', 1, true]) expect(membersOrNone(value)).toEqual({});
  });

  it('do not count if they are inherited, be it from Object or from a `__proto__` in the text', () => {
    const members = membersOf(JSON.parse('{"__proto__":{"url":"x"},"a":"b"}')) ?? {};
    expect([own(members, 'url'), own(members, 'toString'), own(members, 'a')]).toEqual([undefined, undefined, 'b']);
    expect(own(Object.create({ url: 'x' }), 'url')).toBeUndefined();
  });
});
