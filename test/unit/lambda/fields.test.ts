/** Rules of the door through which unknown fields become typed ones. */
import { describe, expect, it } from 'vitest';
import { fieldsOf, optionalFields, optionalString, requiredString, strings } from '../../../src/lambda/fields.ts';
import { codeOf } from '../faults.ts';

describe('fields', () => {
  it('are those of an object alone', () => {
    expect(fieldsOf({ a: 1 })).toEqual({ a: 1 });
    for (const value of [null, undefined, [], 'x', 1, true]) expect(fieldsOf(value)).toBeUndefined();
  });

  it('that may be missing may be null, and nothing else', async () => {
    expect([optionalFields({}, 'a'), optionalFields({ a: null }, 'a')]).toEqual([{}, {}]);
    for (const a of ['', 0, [], false]) expect(await codeOf(() => optionalFields({ a }, 'a'))).toBe('INVALID_REQUEST');
  });

  it('that must be a string must hold something', async () => {
    expect(requiredString({ a: 'b' }, 'a')).toBe('b');
    for (const a of ['', undefined, null, 1, ['b']])
      expect(await codeOf(() => requiredString({ a }, 'a'))).toBe('INVALID_REQUEST');
  });

  it('that only inform are left out where they are not strings', () => {
    expect([
      optionalString({ a: 'b' }, 'a'),
      optionalString({ a: '' }, 'a'),
      optionalString({ a: 1 }, 'a'),
      optionalString(undefined, 'a'),
    ]).toEqual(['b', undefined, undefined, undefined]);
  });

  it('that are lists hold strings alone', async () => {
    expect([strings(undefined, 'a'), strings(null, 'a'), strings(['', 'b'], 'a')]).toEqual([[], [], ['', 'b']]);
    for (const value of ['b', {}, [1], [null]]) expect(await codeOf(() => strings(value, 'a'))).toBe('INVALID_REQUEST');
  });
});
