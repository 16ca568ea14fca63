/** Builds the authorizer in another way than `npm run package` does, into a task root beside the shipped one. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

/** What differs from `esbuild.config.mjs`; `lazy` keeps the files that are loaded on demand apart. */
export interface Build {
  readonly name: string;
  readonly lazy: boolean;
  readonly options: BuildOptions;
  /** Lambda loads the bundle itself: nothing holds init until telemetry is registered. */
  readonly alone?: true;
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

const ENTRY = 'aws-lambda-authorizer';
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
export const buildInto = async (taskRoot: string, { name, lazy, alone, options }: Build): Promise<string> => {
  const folder = `tried/${name.replace(/\W+/g, '-')}`;
  const source = (path: string): string => new URL(`../../src/${path}`, import.meta.url).pathname;
  const lazyEntries = LAZY.map(path => ({ in: source(`${path}.ts`), out: basename(path) }));
  await build({
    ...SAME,
    ...options,
    entryPoints: [{ in: source(`${ENTRY}.ts`), out: alone ? ENTRY : 'authorizer' }, ...(lazy ? lazyEntries : [])],
    outdir: join(taskRoot, folder),
    entryNames: '[name]',
    plugins: lazy ? [lazyFiles] : [],
  });
  const manifest = join(taskRoot, folder, 'package.json');
  await mkdir(join(taskRoot, folder), { recursive: true });
  await writeFile(manifest, '{"type":"commonjs"}');
  if (!alone) await copyFile(source(`${ENTRY}.mjs`), join(taskRoot, folder, `${ENTRY}.mjs`));
  return `${folder}/${ENTRY}`;
};
