/** Installs packages once into a cache folder outside git. They are too large for `npm ci`, which everybody runs. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { constants, homedir, setPriority } from 'node:os';
import path from 'node:path';

const INSTALL_TIMEOUT_MS = 600_000;

/** It is among the user's caches, which `npm ci` does not delete. */
export const CACHES = path.join(
  process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'),
  'pingone-lambda-authorizer',
);

export interface Packages {
  /** The cache folder's name, which holds the versions. */
  readonly name: string;
  readonly packages: readonly string[];
  readonly flags: readonly string[];
  /** Environment variables for npm, besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Packages whose install scripts may run. */
  readonly scripts?: readonly string[];
  /** A file that a successful install has made. */
  readonly proof: string;
}

/** Seconds are 0 if it was cached. */
export type Installation = { readonly folder: string; readonly seconds: number };

/** @throws Error with what npm complained of */
export const installOnce = async (wanted: Packages): Promise<Installation> => {
  const cache = path.join(CACHES, wanted.name);
  if (existsSync(cache)) return { folder: cache, seconds: 0 };
  const started = performance.now();
  await mkdir(CACHES, { recursive: true });
  const folder = await mkdtemp(`${cache}-`);
  try {
    const allowScripts = Object.fromEntries((wanted.scripts ?? []).map(name => [name, true]));
    await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, allowScripts }));
    await npmInstall(folder, wanted);
    if (!existsSync(path.join(folder, wanted.proof))) throw new Error(`npm install made no ${wanted.proof}`);
    await renamed(folder, cache);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return { folder: cache, seconds: (performance.now() - started) / 1000 };
};

const npmInstall = (folder: string, { packages, flags, env }: Packages): Promise<void> =>
  new Promise((resolve, reject) => {
    const npm = spawn('npm', ['install', ...flags, '--no-audit', '--no-fund', '--prefix', folder, ...packages], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: INSTALL_TIMEOUT_MS,
    });
    // It runs at low priority, because other tests run meanwhile and some of them depend on time.
    if (npm.pid !== undefined) setPriority(npm.pid, constants.priority.PRIORITY_LOW);
    let complaint = '';
    npm.stderr.on('data', (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    npm.once('error', reject);
    npm.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`npm install ended with ${code ?? signal}:\n${complaint.trim()}`));
    });
  });

/** Renames the folder only when it is complete, so that a broken install never counts as the cache. A second process uses the first one's result. */
const renamed = async (folder: string, cache: string): Promise<void> => {
  try {
    await rename(folder, cache);
  } catch (error) {
    if (!existsSync(cache)) throw error;
    await rm(folder, { recursive: true, force: true });
  }
};
