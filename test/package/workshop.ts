/** A copy of what packaging needs, elsewhere on the disk: what is built there owes nothing to this folder or its dist. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = [
  'src',
  'cli',
  'scripts',
  'deploy',
  'dashboards',
  'esbuild.config.mjs',
  'package.json',
  'tsconfig.json',
  'tsconfig.lib.json',
  'package-lock.json',
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
];

export const NODES = {
  'Node 24': join(ROOT, 'node_modules/node/bin/node'),
  'Node 22': join(ROOT, 'test/node-22/node_modules/node/bin/node'),
} as const;

export interface Workshop {
  readonly folder: string;
  /** Runs a Node program in it; rejects where that fails. */
  node(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  /** Makes the package as for the registry, with all that is built for it, and says where it is. */
  pack(): Promise<string>;
  clear(): Promise<void>;
}

export const openWorkshop = async (): Promise<Workshop> => {
  const folder = await mkdtemp(join(tmpdir(), 'authorizer-workshop-'));
  for (const name of COPIED) await cp(join(ROOT, name), join(folder, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    node: async (args, env = {}) => {
      const options = { cwd: folder, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
      return (await run(NODES['Node 24'], args, options)).stdout;
    },
    pack: async () => {
      await run('npm', ['pack', '--silent'], { cwd: folder });
      return join(folder, (await readdir(folder)).find(name => name.endsWith('.tgz')) ?? '');
    },
    clear: () => rm(folder, { recursive: true, force: true }),
  };
};

/** Packages in a workshop, and says where the zip is. */
export const packageIn = async (
  { folder, node }: Workshop,
  env: Readonly<Record<string, string>> = {},
): Promise<string> => {
  await node(['esbuild.config.mjs', '--quiet'], env);
  return join(folder, 'dist/aws-lambda-authorizer.zip');
};
