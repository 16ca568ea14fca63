/** A LAMBDA_TASK_ROOT that holds the unpacked zip beside the controls and the probe, bundled as the zip itself is. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { unpackToTaskRoot } from '../../local/lambda/unpack.ts';

const ZIP = fileURLToPath(new URL('../../dist/aws-lambda-authorizer.zip', import.meta.url));
const SOURCES = fileURLToPath(new URL('..', import.meta.url));

export const AUTHORIZER = 'aws-lambda-authorizer/src/aws-lambda-authorizer';
export const PROBE = 'bench/probe';

export const CONTROLS = ['empty', 'bare', 'no-keep-alive', 'no-session', 'fetch', 'fetch-flush', 'authzen'] as const;
export type Control = (typeof CONTROLS)[number];

/** The module of a control, as a handler string names it. */
export const controlModule = (control: Control): string => `bench/controls/${control}`;

/** Builds it; `remove` deletes it. */
export const makeTaskRoot = async (): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> => {
  const path = await unpackToTaskRoot(ZIP);
  const options: BuildOptions = {
    outbase: SOURCES,
    outdir: join(path, 'bench'),
    bundle: true,
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    minify: true,
    logLevel: 'warning',
  };
  const controls = CONTROLS.map(name => join(SOURCES, 'controls', `${name}.ts`));
  await build({ ...options, entryPoints: controls, format: 'cjs' });
  // As Lambda's runtime does, the probe awaits what it loads.
  const probe = [join(SOURCES, 'probe.ts')];
  await build({ ...options, entryPoints: probe, format: 'esm', outExtension: { '.js': '.mjs' } });
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};
