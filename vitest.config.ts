/** How the tests run, and the one line that CI reads at their end. */
import { defineConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';

/** Ends the output with `N passed, N failed`: a file that cannot run and an error that nobody caught count as failed. */
const verdict: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap(module => [...module.children.allTests()]);
    const count = (state: string): number => tests.filter(test => test.result().state === state).length;
    const broken = modules.filter(module => module.errors().length > 0).length;
    const line = `${count('passed')} passed, ${count('failed') + broken + unhandledErrors.length} failed\n`;
    // Other reporters are still writing: only at exit is the last word ours.
    process.once('exit', () => process.stdout.write(line));
  },
};

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', verdict],
    // Sockets, child processes and two cores shared with others: bounded, but not by the milliseconds of an idle machine.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    sequence: { shuffle: true },
    unstubEnvs: true,
  },
});
