/** Rules of the two outcomes. What may not compile is in test/types; who may mint, in test/house. */
import { describe, expect, it } from 'vitest';
import { changeKinds, changeLabels, deny } from '../../../src/domain/decision.ts';
import { permitFor } from '../permits.ts';

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

describe('changes', () => {
  const added = (name: string) => ({ kind: 'header-added', name }) as const;

  it('are told to operators by kind and name, at most twenty', () => {
    expect(changeLabels([{ kind: 'query' }, added('x-user')])).toEqual(['query', 'header-added:x-user']);
    const many = changeLabels(Array.from({ length: 25 }, () => added('x-a')));
    expect([many.length, many.at(-1)]).toEqual([21, '5 more']);
  });

  it('never name a header that may be a token', () => {
    const names = [
      'eyjhbgcioijub25lin0.e30.',
      'eyJhbGciOiJub25lIn0.e30.',
      '9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c',
      'x'.repeat(99),
    ];
    for (const name of names) expect(changeLabels([added(name)])).toEqual(['header-added:[redacted]']);
  });

  it('are told to clients by kind alone, each once', () => {
    expect(changeKinds([added('x-a'), { kind: 'query' }, added('x-b')])).toEqual(['header-added', 'query']);
  });
});
