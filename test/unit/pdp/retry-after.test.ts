/** Rules of how long `Retry-After` asks to wait. */
import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../src/pdp/retry-after.ts';

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 22, 12, 0, 0);
  it.each([
    ['5', 5000],
    ['60', 60_000],
    ['61', 60_000],
    ['999999999', 60_000],
    ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 13:00:00 GMT', 60_000],
    ['Sun, 22 Nov 2026 11:59:59 GMT', undefined],
    ['0', undefined],
    ['-5', undefined],
    ['+5', undefined],
    ['5.5', undefined],
    ['0x10', undefined],
    ['soon', undefined],
    ['on Sun, 22 Nov 2026 12:00:30 GMT', undefined],
    ['Sun, 22 Nov 2026 12:00:30 GMT-01:00', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j is %j ms: at most a minute', (value, ms) => {
    expect(retryAfterMs(value, now)).toBe(ms);
  });
});
