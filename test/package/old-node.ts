/** Looks for a Node that is older than those that Lambda runs us on: none is installed for the tests. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface OldNode {
  readonly binary: string;
  /** Without the `v`. */
  readonly version: string;
}

/** `process.getBuiltinModule`, which the runtime loop of the tests needs, came with 20.16. */
const OLDEST_THAT_RUNS_THE_LOOP = [20, 16] as const;

/** The first Node 20.16 to 21 on the PATH, or the one that OLD_NODE names; undefined where there is none. */
export const findOldNode = (env: NodeJS.ProcessEnv = process.env): OldNode | undefined => {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '');
  const binaries = [env['OLD_NODE'] ?? '', ...folders.map(folder => join(folder, 'node'))].filter(existsSync);
  for (const binary of new Set(binaries)) {
    const version =
      spawnSync(binary, ['--version'], { encoding: 'utf8', timeout: 10_000 }).stdout?.trim().slice(1) ?? '';
    if (isOld(version)) return { binary, version };
  }
  return undefined;
};

const isOld = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_THAT_RUNS_THE_LOOP;
  return (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) && major < 22;
};
