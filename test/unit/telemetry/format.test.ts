/** Rules of how the values of a log line are written. */
import { expect, it } from 'vitest';
import { shownId, toHundredths } from '../../../src/telemetry/format.ts';

it('an id has at most 256 characters, and a missing one stays missing', () => {
  expect(shownId('x'.repeat(10_000))).toBe('x'.repeat(256));
  expect(shownId('r-1')).toBe('r-1');
  expect(shownId(undefined)).toBeUndefined();
});

it('an id that a client made of a token is not shown', () => {
  expect(shownId('eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl')).toBe('[redacted]');
});

it('a duration has at most two decimals', () => {
  expect([1.23456, 5.5, 0, 2.999].map(toHundredths)).toEqual([1.23, 5.5, 0, 3]);
});
