/** Runs the command, as it is built, in a process of its own, with an environment that holds nothing but what a test says. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type Variables = Readonly<Record<string, string>>;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let main: string | undefined;

export const runCommand = (args: readonly string[], env: Variables = {}): Promise<Ended> => {
  main ??= built();
  const command = [main, ...args];
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

/** Each process of tests builds its own, so that none runs what another is writing. */
function built(): string {
  const folder = temporaryFolder();
  execFileSync(process.execPath, ['scripts/cli-bundle.ts', join(folder, 'cli')], { cwd: ROOT });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'cli', 'main.js');
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'authorizer-cli-'));
}
