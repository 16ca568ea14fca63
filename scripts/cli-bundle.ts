/** A part of `npm run build`: the command as JavaScript, in chunks, so that a client of AWS is loaded only when it is used. */
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const OUT = 'dist/cli';

await rm(OUT, { recursive: true, force: true });
await build({
  entryPoints: ['cli/main.ts'],
  outdir: OUT,
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node22',
  logLevel: 'warning',
});
