/** Rules of the two outcomes. What may not compile is in test/types; who may mint, in test/house. */
import { describe, expect, it } from 'vitest';
import { deny } from '../../src/decision.ts';
import { permitFor } from './permits.ts';

describe('a decision', () => {
  it('is frozen: nobody downstream turns one into the other', () => {
    const denial = deny({ reasonCode: 'POLICY_DENIED', status: 403, reason: 'no', fromPdp: true });
    expect(denial).toEqual({ effect: 'deny', reasonCode: 'POLICY_DENIED', status: 403, reason: 'no', fromPdp: true });
    expect(() => Object.assign(denial, { effect: 'permit' })).toThrow(TypeError);
  });

  it('carries its brand in types alone', () => {
    expect(Object.getOwnPropertySymbols(permitFor({ headers: [], changes: [] }))).toEqual([]);
  });
});
