/** `npm run test:cdk`: the packed construct in the app that `cdk init` makes; apart from `npm test` because that is a 400 MB install. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CACHES } from '../support/install-once.ts';
import { STACK, TEST } from './guarded-app.ts';

const CDK = '2.1148.1';
const TIMEOUT_MS = 300_000;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The app as `cdk init` made it, with all that its package.json asks for installed. */
const CACHE = join(CACHES, `cdk-app-${CDK}`);
const NAME = 'guarded';

/** Rejects with what the command printed. */
const run = (cwd: string, command: string, ...args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT_MS });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
      });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}:\n${printed.trim()}`));
    });
  });

const QUIET = ['--no-audit', '--no-fund', '--ignore-scripts'];

const makeApp = async (): Promise<void> => {
  if (existsSync(CACHE)) return;
  await mkdir(CACHES, { recursive: true });
  const folder = await mkdtemp(`${CACHE}-`);
  try {
    const app = join(folder, NAME);
    const cli = join(folder, 'cli');
    await mkdir(app);
    await mkdir(cli);
    await run(cli, 'npm', 'install', ...QUIET, '--prefix', cli, `aws-cdk@${CDK}`);
    const cdk = join(cli, 'node_modules/.bin/cdk');
    await run(app, cdk, 'init', 'app', '--language', 'typescript', '--generate-only');
    await run(app, 'npm', 'install', ...QUIET);
    // Renamed when whole: a broken install never passes for the cache.
    await rename(app, CACHE);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A copy of the app with our package in it; everything else is linked to the cache. */
const guard = async (folder: string): Promise<string> => {
  const app = join(folder, NAME);
  const modules = join(app, 'node_modules');
  await mkdir(modules, { recursive: true });
  for (const name of await readdir(CACHE)) {
    if (name !== 'node_modules') await cp(join(CACHE, name), join(app, name), { recursive: true });
  }
  for (const name of await readdir(join(CACHE, 'node_modules'))) {
    await symlink(join(CACHE, 'node_modules', name), join(modules, name));
  }
  await run(ROOT, 'npm', 'pack', '--silent', '--pack-destination', folder);
  const [tarball = ''] = (await readdir(folder)).filter(name => name.endsWith('.tgz'));
  await run(folder, 'tar', '-xzf', tarball);
  await rename(join(folder, 'package'), join(modules, 'pingone-lambda-authorizer'));
  await writeFile(join(app, `lib/${NAME}-stack.ts`), STACK);
  await writeFile(join(app, `test/${NAME}.test.ts`), TEST);
  return app;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const CHECKS = [
  ['npx cdk synth', 'cdk', 'synth', '--quiet'],
  ['npx jest', 'jest'],
] as const;

const runChecks = async (app: string): Promise<number> => {
  let failed = 0;
  for (const [title, ...command] of CHECKS) {
    try {
      await run(app, 'npx', '--no-install', ...command);
      console.log(`ok      ${title}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${title}\n        ${messageOf(error).replaceAll('\n', '\n        ')}`);
    }
  }
  return failed;
};

const folder = await mkdtemp(join(tmpdir(), 'cdk-app-'));
try {
  await makeApp();
  const failed = await runChecks(await guard(folder));
  console.log(`${CHECKS.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  console.error(messageOf(error));
  console.log(`0 passed, ${CHECKS.length} failed`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
