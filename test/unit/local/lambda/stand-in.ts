/** Writes stand-in functions into a temporary task root, so that the environment is tested apart from the authorizer. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type Environment, type EnvironmentOptions, startEnvironment } from '../../../../local/lambda/environment.ts';

export const NODE_22 = fileURLToPath(new URL('../../../node-22/node_modules/node/bin/node', import.meta.url));
export const NODE_24 = fileURLToPath(new URL('../../../../node_modules/node/bin/node', import.meta.url));

export const taskRootWith = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'stand-in-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, source] of Object.entries(files)) await writeFile(path.join(folder, name), source);
  return folder;
};

/** An environment around one file, closed when the test ends. */
export const environmentOf = async (
  source: string,
  options: Partial<EnvironmentOptions> = {},
  file = 'index.js',
): Promise<Environment> => {
  const taskRoot = await taskRootWith({ [file]: source });
  const environment = await startEnvironment({ taskRoot, handler: 'index.handler', env: {}, ...options });
  onTestFinished(() => environment.close());
  return environment;
};
