/** Rules for facts and counts: each request has its own facts, each environment its own counts. */
import { describe, expect, it } from 'vitest';
import { newCounts, newFacts } from '../../../src/domain/call.ts';

describe('facts', () => {
  it('start at zero and are never shared', () => {
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
  it('start at zero and are never shared', () => {
    expect(new Set(Object.values(newCounts()))).toEqual(new Set([0]));
    expect(newCounts()).not.toBe(newCounts());
  });
});
