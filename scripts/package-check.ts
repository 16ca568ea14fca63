/** Packs the package as for the registry and has publint and attw judge it; part of `npm run check`. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './run-command.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * The library is an ES module, which Node requires as well from 22.12 on: attw would have CommonJS import it.
 * `node10` is the resolution of TypeScript before `exports`, which no Node that runs this package needs.
 */
const ATTW = ['--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm', '--no-emoji', '--no-color'];

/** Rejects with what publint or attw finds wrong with a packed package. */
export async function judgePackage(tarball: string): Promise<void> {
  await runCommand(process.execPath, [join(ROOT, 'node_modules/publint/src/cli.js'), 'run', '--strict', tarball]);
  const attw = join(ROOT, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  await runCommand(process.execPath, [attw, tarball, ...ATTW]);
}

async function packAndJudge(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'package-check-'));
  try {
    await runCommand('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT });
    const [tarball = ''] = await readdir(folder);
    await judgePackage(join(folder, tarball));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await packAndJudge();
