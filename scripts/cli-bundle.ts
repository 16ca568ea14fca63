/** A part of `npm run build`: the command as JavaScript, in chunks, so that a client of AWS is loaded only when it is used. */
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

/** Where it goes can be named. */
const OUT = process.argv[2] ?? 'dist/cli';

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
