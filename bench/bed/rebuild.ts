/** Builds the authorizer in another way than `npm run package` does, into a task root beside the shipped one. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { BUNDLE, LAZY } from '../../scripts/bundle.ts';

/** What differs from `esbuild.config.mjs`; `lazy` keeps the files that are loaded on demand apart. */
export interface Build {
  readonly name: string;
  readonly lazy: boolean;
  readonly options: BuildOptions;
  /** Lambda loads the bundle itself: nothing holds init until telemetry is registered. */
  readonly alone?: true;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ENTRY = 'aws-lambda-authorizer';

/** Builds the authorizer that way beside the shipped one; its module for a handler string. */
export const buildInto = async (taskRoot: string, { name, lazy, alone, options }: Build): Promise<string> => {
  const folder = `tried/${name.replace(/\W+/g, '-')}`;
  await build({
    ...BUNDLE,
    // Without that plugin, esbuild puts what is imported lazily into the same file.
    plugins: BUNDLE.plugins.filter(({ name }) => lazy || name !== 'lazy-files'),
    ...options,
    absWorkingDir: ROOT,
    entryPoints: { [alone ? ENTRY : 'authorizer']: `src/${ENTRY}.ts`, ...(lazy ? LAZY : {}) },
    outdir: join(taskRoot, folder),
  });
  await mkdir(join(taskRoot, folder), { recursive: true });
  await writeFile(join(taskRoot, folder, 'package.json'), '{"type":"commonjs"}');
  if (!alone) await copyFile(join(ROOT, `src/${ENTRY}.mjs`), join(taskRoot, folder, `${ENTRY}.mjs`));
  return `${folder}/${ENTRY}`;
};
