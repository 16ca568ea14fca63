/** The edge package built for given settings, and its function as Lambda@Edge runs it: 128 MB, five seconds. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type FunctionOptions, type LambdaFunction, startFunction } from '../lambda/function.ts';
import { unpackToTaskRoot } from '../lambda/unpack.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from '../temporary-folder.ts';

export const HANDLER = 'aws-lambda-edge/src/aws-lambda-edge.handler';
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGE = fileURLToPath(new URL('../../scripts/package-edge.ts', import.meta.url));

/** Setting name -> value, as in edge.json. */
export type EdgeSettings = Readonly<Record<string, string | number | boolean>>;

const run = promisify(execFile);

const saidBy = (error: unknown): string =>
  error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' && error.stderr !== ''
    ? error.stderr.trim()
    : String(error);

/**
 * Builds the package and unpacks it; the caller removes the folder. Rejects with what the build says is wrong.
 * `program` may be the built form of scripts/package-edge.ts, which has the function's code with it.
 */
export const buildEdgePackage = async (settings: EdgeSettings, program = PACKAGE): Promise<string> => {
  const folder = await makeTemporaryFolder('edge-package-');
  const [config, zip] = [join(folder, 'edge.json'), join(folder, 'edge.zip')];
  try {
    await writeFile(config, JSON.stringify(settings));
    await run(process.execPath, [program, '--config', config, '--out', zip, '--quiet'], { cwd: ROOT });
    return await unpackToTaskRoot(zip);
  } catch (error) {
    throw new Error(saidBy(error), { cause: error });
  } finally {
    await removeTemporaryFolder(folder);
  }
};

/** Lambda's own limits for the function, and the variables that it reserves; `env` is for what a test must add. */
export const edgeFunctionOptions = (
  taskRoot: string,
  env: Readonly<Record<string, string>> = {},
): FunctionOptions & { readonly handler: string } => ({
  taskRoot,
  handler: HANDLER,
  env,
  timeoutMs: 5000,
  nodeArguments: ['--max-old-space-size=115'],
  identity: { name: 'us-east-1.aws-lambda-edge', region: 'eu-central-1', memoryMb: 128 },
});

/** Starts the function of a fresh package; closing it removes the package. */
export const startEdgeFunction = async (
  settings: EdgeSettings,
  env: Readonly<Record<string, string>> = {},
  options: Partial<FunctionOptions> = {},
): Promise<LambdaFunction> => {
  const taskRoot = await buildEdgePackage(settings);
  const lambda = startFunction({ ...edgeFunctionOptions(taskRoot, env), ...options });
  return {
    ...lambda,
    get environments() {
      return lambda.environments;
    },
    close: async () => {
      await lambda.close();
      await removeTemporaryFolder(taskRoot);
    },
  };
};
