/** What Stryker's runner loads: the tests that the mutants face now, with the same random inputs each time. */
import { defineConfig } from 'vitest/config';

const tests = process.env['MUTANTS_FACE'];
if (tests === undefined) throw new Error('MUTANTS_FACE must list test files: `npm run proof` sets it');

export default defineConfig({
  test: {
    include: tests.split(' '),
    setupFiles: ['proof/mutation/same-inputs.ts'],
    testTimeout: 30_000,
    unstubEnvs: true,
  },
});
