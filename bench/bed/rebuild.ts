/** Builds the authorizer in another way than `npm run package` does, into a task root beside the shipped one. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

/** What differs from `esbuild.config.mjs`; `lazy` keeps the files that are loaded on demand apart. */
export interface Build {
  readonly name: string;
  readonly lazy: boolean;
  readonly options: BuildOptions;
  readonly extension?: '.mjs';
}

const SAME: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  mainFields: ['module', 'main'],
  supported: { 'dynamic-import': false },
  minify: true,
  logLevel: 'warning',
};

const LAZY = ['pdp/secrets-manager', 'pdp/parameter-store', 'telemetry/export'];

const lazyFiles = {
  name: 'lazy-files',
  setup: ({ onResolve }: Parameters<NonNullable<BuildOptions['plugins']>[number]['setup']>[0]): void => {
    onResolve({ filter: /^\.\/.*\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import'
        ? { path: `./${path.split('/').at(-1)?.replace(/\.ts$/, '.js')}`, external: true }
        : undefined,
    );
  },
};

/** Builds the authorizer that way beside the shipped one; its module for a handler string. */
export const buildInto = async (taskRoot: string, { name, lazy, options }: Build): Promise<string> => {
  const folder = `tried/${name.replace(/\W+/g, '-')}`;
  const source = (path: string): string => new URL(`../../src/${path}.ts`, import.meta.url).pathname;
  await build({
    ...SAME,
    ...options,
    entryPoints: ['aws-lambda-authorizer', ...(lazy ? LAZY : [])].map(source),
    outdir: join(taskRoot, folder),
    entryNames: '[name]',
    plugins: lazy ? [lazyFiles] : [],
  });
  const manifest = join(taskRoot, folder, 'package.json');
  await mkdir(join(taskRoot, folder), { recursive: true });
  await writeFile(manifest, '{"type":"commonjs"}');
  return `${folder}/aws-lambda-authorizer`;
};
