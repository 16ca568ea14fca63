/** Rules of a credential that the configuration itself holds. */
import { describe, expect, it } from 'vitest';
import { fixedCredential } from '../../../src/credential/credential.ts';
import { newFacts } from '../../../src/domain/call.ts';

describe('a fixed credential', () => {
  it('is always the same, and has no replacement', async () => {
    const credential = fixedCredential('c-1');
    const call = { signal: new AbortController().signal, facts: newFacts(), trace: undefined };
    credential.prewarm();
    credential.noteRefusal('c-1');
    await expect(credential.current(call)).resolves.toBe('c-1');
    await expect(credential.replacement('c-1', call)).resolves.toBeUndefined();
  });
});
