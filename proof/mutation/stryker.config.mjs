/** How Stryker makes and runs the mutants; which, `mutate.ts` says. */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'proof/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // On top of what the tests take without a mutant: it ends a loop that never would.
  timeoutMS: 10_000,
  reporters: [],
  logLevel: 'error',
  disableTypeChecks: false,
  // Stryker rewrites references in it, with a compiler API that TypeScript 7 no longer has; ours has none.
  tsconfigFile: 'none',
  ignorePatterns: ['dist', 'docs', 'bench', 'dashboards'],
  tempDirName: 'node_modules/.cache/mutation',
};
