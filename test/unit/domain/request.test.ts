/** Rules for looking up a header. */
import { describe, expect, it } from 'vitest';
import { headerValues } from '../../../src/domain/request.ts';

describe('header values', () => {
  it('are found in any case, all of them, in order', () => {
    const headers = [
      ['X-A', '1'],
      ['x-b', '2'],
      ['x-a', '3'],
    ] as const;
    expect(headerValues(headers, 'X-a')).toEqual(['1', '3']);
    expect(headerValues(headers, 'x-c')).toEqual([]);
  });
});
