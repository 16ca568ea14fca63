/** The end of `npm run build`: the construct as CommonJS too, because jest and ts-node of a new CDK app `require` it. */
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const MODULES = 'dist/cdk';
const OUT = 'dist/cdk-commonjs';

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
// The nearest package.json says what kind of modules code and declarations are; the one of this package says ES modules.
await writeFile(`${OUT}/package.json`, `${JSON.stringify({ type: 'commonjs' })}\n`);
await cp(MODULES, OUT, { recursive: true, filter: path => path === MODULES || path.endsWith('.d.ts') });
await build({
  entryPoints: ['deploy/cdk/index.ts'],
  outfile: `${OUT}/index.js`,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  // The two folders lie side by side, so that the zip is found the same way.
  define: { 'import.meta.dirname': '__dirname' },
  logLevel: 'warning',
});
