/** Rules for joining API Gateway's two maps. */
import { describe, expect, it } from 'vitest';
import { pairs } from '../../../src/gateway/multi-value-maps.ts';
import { codeOf, faultOf } from '../faults.ts';

describe('pairs', () => {
  it('are all values of the multi-value map, and the single-value map only adds names', () => {
    expect(
      pairs({ m: { a: ['1', '2'], c: null }, s: { a: 'last', b: '3', c: 'x', d: null, e: undefined } }, 'm', 's'),
    ).toEqual([
      ['a', '1'],
      ['a', '2'],
      ['b', '3'],
    ]);
  });

  it('hold only strings', async () => {
    for (const event of [{ m: { a: 'x' } }, { m: { a: [1] } }, { m: [] }, { s: { a: 1 } }, { s: 'x' }]) {
      expect(await codeOf(() => pairs(event, 'm', 's'))).toBe('INVALID_REQUEST');
    }
    expect((await faultOf(() => pairs({ s: { a: 1 } }, 'm', 's'))).message).toBe(
      "INVALID_REQUEST: the event's s holds something that is not a string",
    );
  });
});
