/** Runs the command in a process of its own, with an environment that holds nothing but what a test says. */
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

export type Variables = Readonly<Record<string, string>>;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const runCommand = (args: readonly string[], env: Variables = {}): Promise<Ended> =>
  new Promise(resolve => {
    const clean = { PATH: process.env['PATH'] ?? '', TMPDIR: tmpdir(), AWS_EC2_METADATA_DISABLED: 'true', ...env };
    execFile(process.execPath, [MAIN, ...args], { env: clean }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });

/** Writes a file into a folder of its own, which goes with the whole run. */
export const fileWith = (name: string, text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'authorizer-cli-')), name);
  writeFileSync(path, text);
  return path;
};
