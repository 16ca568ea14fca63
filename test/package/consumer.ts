/** Another's project with our packed package in it: what it imports is what users get, and nothing of this folder. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { builtOnce } from '../support/built-once.ts';
import { NODES, openWorkshop, ROOT } from './workshop.ts';

const run = promisify(execFile);

const NAME = 'pingone-lambda-authorizer';
/** What its author installed beside ours. */
const PEERS = ['aws-cdk-lib', 'constructs', '@types/aws-lambda'];

export interface Consumer {
  readonly folder: string;
  /** The package as `npm pack` made it. */
  readonly tarball: string;
  /** Runs a Node program in it; rejects where that fails. */
  node(args: readonly string[], version?: keyof typeof NODES): Promise<string>;
  /** Compiles files of it without Node's types and with ours looked at; says what is wrong. */
  compile(options: object, ...files: readonly string[]): Promise<string>;
  clear(): Promise<void>;
}

export const openConsumer = async (): Promise<Consumer> => {
  const folder = await mkdtemp(join(tmpdir(), 'authorizer-consumer-'));
  const installed = join(folder, 'node_modules', NAME);
  await mkdir(dirname(installed));
  const tarball = await packedOnce();
  await run('tar', ['-xzf', tarball, '-C', folder]);
  await rename(join(folder, 'package'), installed);
  const { dependencies }: { dependencies: object } = JSON.parse(
    await readFile(join(installed, 'package.json'), 'utf8'),
  );
  for (const name of [...PEERS, ...Object.keys(dependencies)]) await link(name, folder);

  return {
    folder,
    tarball,
    node: async (args, version = 'Node 24') => (await run(NODES[version], args, { cwd: folder })).stdout,
    compile: async (options, ...files) => {
      const strict = {
        noEmit: true,
        strict: true,
        skipLibCheck: false,
        types: [],
        target: 'es2023',
        module: 'nodenext',
      };
      await writeFile(
        join(folder, 'tsconfig.json'),
        JSON.stringify({ compilerOptions: { ...strict, ...options }, files }),
      );
      const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
      // tsc writes what is wrong on stdout, and its exit says that something is.
      return run(NODES['Node 24'], [tsc, '--pretty', 'false'], { cwd: folder }).then(
        ({ stdout }) => stdout,
        (error: { stdout: string }) => error.stdout,
      );
    },
    clear: () => rm(folder, { recursive: true, force: true }),
  };
};

/** Several test files need it, and `npm pack` builds everything first. */
const packedOnce = async (): Promise<string> => {
  const folder = await builtOnce('npm-package', async place => {
    const workshop = await openWorkshop();
    try {
      await copyFile(await workshop.pack(), join(place, `${NAME}.tgz`));
    } finally {
      await workshop.clear();
    }
  });
  return join(folder, `${NAME}.tgz`);
};

const link = async (name: string, folder: string): Promise<void> => {
  const place = join(folder, 'node_modules', name);
  await mkdir(dirname(place), { recursive: true });
  await symlink(join(ROOT, 'node_modules', name), place);
};
