/** Rules for the two decisions. test/types holds code that must not compile; test/house says which file may make a Permit. */
import { describe, expect, it } from 'vitest';
import { type Change, changeKinds, changeLabels, deny, refusedChanges } from '../../../src/domain/decision.ts';
import { permitFor } from '../permits.ts';

describe('a decision', () => {
  it('is frozen, so that no later code can turn a Deny into a Permit', () => {
    const denial = deny({ reasonCode: 'POLICY_DENIED', status: 403, reason: 'no', fromPdp: true });
    expect(denial).toEqual({ effect: 'deny', reasonCode: 'POLICY_DENIED', status: 403, reason: 'no', fromPdp: true });
    expect(() => Object.assign(denial, { effect: 'permit' })).toThrow(TypeError);
  });

  it('has its brand only in the types, not at run time', () => {
    expect(Object.getOwnPropertySymbols(permitFor({ headers: [], changes: [] }))).toEqual([]);
  });
});

describe('changes', () => {
  const added = (name: string) => ({ kind: 'header-added', name }) as const;

  it('are shown to operators as kind and name, at most twenty of them', () => {
    expect(changeLabels([{ kind: 'query' }, added('x-user')])).toEqual(['query', 'header-added:x-user']);
    const many = changeLabels(Array.from({ length: 25 }, () => added('x-a')));
    expect([many.length, many.at(-1)]).toEqual([21, '5 more']);
  });

  it('hide a header name that may be a token', () => {
    const names = [
      'eyjhbgcioijub25lin0.e30.',
      'eyJhbGciOiJub25lIn0.e30.',
      '9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c',
      'x'.repeat(99),
    ];
    for (const name of names) expect(changeLabels([added(name)])).toEqual(['header-added:[redacted]']);
  });

  it('are shown to clients only as kinds, each once', () => {
    expect(changeKinds([added('x-a'), { kind: 'query' }, added('x-b')])).toEqual(['header-added', 'query']);
  });

  it('that a gateway cannot make are refused if they make it another request, are essential, or if all are to be', () => {
    const tolerable: readonly Change[] = [{ kind: 'query' }, { kind: 'body' }, added('x-a')];
    const never: readonly Change[] = [
      { kind: 'method' },
      { kind: 'url' },
      { kind: 'path' },
      { ...added('x-b'), essential: true },
    ];
    const all = [...tolerable, ...never];
    expect([refusedChanges(all, 'ignore'), refusedChanges(all, 'deny')]).toEqual([never, all]);
  });
});
