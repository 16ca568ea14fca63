/** How the tests run, and the one line that CI reads at their end. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type Reporter, type TestSpecification } from 'vitest/node';

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

/** Slowest first, so that no worker is left alone with a long file at the end; the rest as the base class sorts. */
const SLOWEST = [
  'fault/faults-',
  'fault/soak',
  'edge/faults',
  'edge/edge',
  'e2e/',
  'edge/package',
  'package/release',
  'package/library',
  'fault/',
  'cli/doctor',
  'telemetry/batches',
  'deploy/',
];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      // A worker that shares ends when the next file in the queue does not: those come last, and are short.
      if (project.name === 'alone') return SLOWEST.length + 1;
      const at = SLOWEST.findIndex(part => moduleId.includes(`/test/${part}`));
      return at < 0 ? SLOWEST.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

/** What reads the environment when it is loaded, changes its process, or counts what keeps it alive. */
const ALONE = [
  'test/unit/aws-lambda-authorizer.test.ts',
  'test/unit/credential/secret-stores.test.ts',
  'test/unit/pdp/transport.test.ts',
  'test/unit/pdp/connection-pool.test.ts',
  'test/unit/local/lambda/*.test.ts',
];

export default defineConfig({
  // The examples import the construct as users do; here that is the source.
  resolve: {
    alias: { 'pingone-lambda-authorizer/cdk': fileURLToPath(new URL('deploy/cdk/index.ts', import.meta.url)) },
  },
  test: {
    reporters: ['default', verdict],
    globalSetup: 'test/support/whole-run.ts',
    // Sockets, child processes and two cores shared with others: bounded, but not by the milliseconds of an idle machine.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Most of a test is waiting, for a timer or for a process of its own.
    maxWorkers: availableParallelism() + 2,
    sequence: { shuffle: { files: false, tests: true }, sequencer: SlowestFirst },
    unstubEnvs: true,
    setupFiles: 'test/support/leave-as-found.ts',
    projects: [
      {
        extends: true,
        // A process and all imports for each of more than a hundred files would be a quarter of the work.
        test: { name: 'sharing', include: ['test/**/*.test.ts'], exclude: ALONE, isolate: false },
      },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
  },
});
