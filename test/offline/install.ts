/** Installs serverless-offline once into a cache folder outside git: 136 MB that nobody should pay for with `npm ci`. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const OFFLINE = '14.8.2';
/** The MIT fork of the Serverless Framework: the original wants a login and downloads itself at its first run. */
const OSLS = '4.3.1';
const INSTALL_TIMEOUT_MS = 300_000;

const CACHE = path.join(tmpdir(), `pingone-authorizer-offline-${OFFLINE}-osls-${OSLS}`);

const npmInstall = (folder: string): Promise<void> =>
  new Promise((resolve, reject) => {
    // serverless-offline names a serverless version as its peer that the fork does not answer to.
    const flags = ['--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder];
    const npm = spawn('npm', ['install', ...flags, `osls@${OSLS}`, `serverless-offline@${OFFLINE}`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: INSTALL_TIMEOUT_MS,
    });
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

export type Installation = { readonly folder: string; readonly seconds: number };

/** Seconds are 0 where the cache had it. */
export const install = async (): Promise<Installation> => {
  if (existsSync(CACHE)) return { folder: CACHE, seconds: 0 };
  const started = performance.now();
  const folder = await mkdtemp(`${CACHE}-`);
  try {
    await writeFile(path.join(folder, 'package.json'), '{"private":true}\n');
    await npmInstall(folder);
    // Renamed when whole: a broken install never passes for the cache.
    await rename(folder, CACHE);
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `serverless-offline ${OFFLINE} with osls ${OSLS} cannot be installed: this suite needs npm and its registry.\n${reason}`,
      { cause },
    );
  }
  return { folder: CACHE, seconds: (performance.now() - started) / 1000 };
};
