/** Runs the command, as it is built, in a process of its own, with an environment that holds nothing but what a test says. */
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { builtOnce } from '../support/built-once.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

export type Variables = Readonly<Record<string, string>>;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const runCommand = async (args: readonly string[], env: Variables = {}): Promise<Ended> => {
  const command = [await built(), ...args];
  return new Promise(resolve => {
    const clean = {
      PATH: process.env['PATH'] ?? '',
      TMPDIR: tmpdir(),
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...env,
    };
    execFile(process.execPath, command, { env: clean }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
};

/** Writes a file into a folder of its own, which goes with the whole run. */
export const fileWith = (name: string, text: string): string => {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
};

async function built(): Promise<string> {
  const folder = await builtOnce('cli', async place => {
    await run(process.execPath, ['scripts/cli-bundle.ts', join(place, 'cli')], { cwd: ROOT });
    await symlink(join(ROOT, 'node_modules'), join(place, 'node_modules'));
  });
  return join(folder, 'cli', 'main.js');
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'authorizer-cli-'));
}
