/** Rules of what is counted: each request its own, each environment its own. */
import { describe, expect, it } from 'vitest';
import { newCounts, newFacts } from '../../../src/domain/call.ts';

describe('facts', () => {
  it('start at nothing and are shared with nobody', () => {
    expect(newFacts('open')).toEqual({
      attempts: 0,
      retries: 0,
      pdpMs: 0,
      breaker: 'open',
      pdpStatus: undefined,
      cacheHit: false,
      traceId: undefined,
    });
    expect(newFacts().breaker).toBe('off');
    expect(newFacts()).not.toBe(newFacts());
  });
});

describe('counts', () => {
  it('start at nothing and are shared with nobody', () => {
    expect(new Set(Object.values(newCounts()))).toEqual(new Set([0]));
    expect(newCounts()).not.toBe(newCounts());
  });
});
