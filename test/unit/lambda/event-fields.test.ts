/** Rules for reading typed fields out of an event. */
import { describe, expect, it } from 'vitest';
import { optionalFields, optionalString, requiredString, strings } from '../../../src/lambda/event-fields.ts';
import { codeOf, faultOf } from '../faults.ts';

describe('an event’s field', () => {
  it('that may be missing is an object, null or missing', async () => {
    expect([optionalFields({}, 'a'), optionalFields({ a: null }, 'a')]).toEqual([{}, {}]);
    for (const a of ['', 0, [], false]) expect(await codeOf(() => optionalFields({ a }, 'a'))).toBe('INVALID_REQUEST');
  });

  it('that is required is a string that is not empty', async () => {
    expect(requiredString({ a: 'b' }, 'a')).toBe('b');
    expect(await codeOf(() => requiredString(Object.create({ a: 'b' }), 'a')), 'inherited').toBe('INVALID_REQUEST');
    for (const a of ['', undefined, null, 1, ['b']])
      expect(await codeOf(() => requiredString({ a }, 'a'))).toBe('INVALID_REQUEST');
  });

  it('that only informs is left out if it is not a string', () => {
    expect([
      optionalString({ a: 'b' }, 'a'),
      optionalString({ a: '' }, 'a'),
      optionalString({ a: 1 }, 'a'),
      optionalString(undefined, 'a'),
    ]).toEqual(['b', undefined, undefined, undefined]);
  });

  it('that is a list holds only strings', async () => {
    expect([strings(undefined, 'a'), strings(null, 'a'), strings(['', 'b'], 'a')]).toEqual([[], [], ['', 'b']]);
    for (const value of ['b', {}, [1], [null]]) expect(await codeOf(() => strings(value, 'a'))).toBe('INVALID_REQUEST');
  });

  it.each([
    ['no map', () => optionalFields({ headers: 'x' }, 'headers'), "the event's headers is not an object"],
    ['no string', () => requiredString({ path: 7 }, 'path'), 'the event has no path'],
    ['no list', () => strings('x', 'cookies'), "the event's cookies is not a list"],
    ['another item', () => strings(['x', 7], 'cookies'), "the event's cookies holds something that is not a string"],
  ])('is named by the fault, without its value, if it is or holds %s', async (_, read, detail) => {
    expect((await faultOf(read)).detail).toBe(detail);
  });
});
