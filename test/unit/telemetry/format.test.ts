/** Rules of how the values of a log line are written. */
import { expect, it } from 'vitest';
import { short, toHundredths } from '../../../src/telemetry/format.ts';

it('an id has at most 256 characters, and a missing one stays missing', () => {
  expect(short('x'.repeat(10_000))).toBe('x'.repeat(256));
  expect(short('r-1')).toBe('r-1');
  expect(short(undefined)).toBeUndefined();
});

it('a duration has at most two decimals', () => {
  expect([1.23456, 5.5, 0, 2.999].map(toHundredths)).toEqual([1.23, 5.5, 0, 3]);
});
