/** Rules of a credential that the configuration itself holds. */
import { describe, expect, it } from 'vitest';
import { newFacts } from '../../../src/facts.ts';
import { fixedCredential } from '../../../src/pdp/credential.ts';

describe('a fixed credential', () => {
  it('is always the same, and has no replacement', async () => {
    const credential = fixedCredential('c-1');
    const call = { signal: new AbortController().signal, facts: newFacts(), trace: undefined };
    credential.prewarm();
    expect([await credential.current(call), await credential.replacement('c-1', call)]).toEqual(['c-1', undefined]);
  });
});
