// @ts-check
/** `npm run package`: bundles the authorizer and writes the reproducible zip that Lambda runs, then says what is in it. */
import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { BUNDLE, billOfMaterials, LAZY, noticeFile, readManifest, thirdParty } from './scripts/bundle.ts';
import { filesBelow, writeZip } from './scripts/zip.ts';

/** For `npm start -- --inspect`: readable code with source maps in a folder of its own, and no zip. */
const inspect = process.argv.includes('--inspect');
const quiet = process.argv.includes('--quiet');
const FOLDER = 'aws-lambda-authorizer';
const OUT = `${inspect ? 'dist/inspect' : 'dist'}/${FOLDER}`;
const ZIP = `dist/${FOLDER}.zip`;

/** What Lambda loads, and the authorizer that it requires. */
const ENTRY = 'src/aws-lambda-authorizer.mjs';
const AUTHORIZER = 'src/aws-lambda-authorizer.ts';

await rm(OUT, { recursive: true, force: true });
await mkdir(dirname(ZIP), { recursive: true });
const { metafile } = await build({
  ...BUNDLE,
  ...(inspect ? { minify: false, sourcemap: 'linked' } : {}),
  entryPoints: { authorizer: AUTHORIZER, ...LAZY },
  outdir: `${OUT}/src`,
});
await copyFile(ENTRY, `${OUT}/${ENTRY}`);
await writeFile(`${OUT}/package.json`, `${JSON.stringify({ type: 'commonjs', private: true })}\n`);
if (!inspect) {
  const notices = await thirdParty(metafile);
  await writeFile(`${OUT}/LICENSE`, await readFile('LICENSE'));
  await writeFile(`${OUT}/THIRD-PARTY-LICENSES`, noticeFile(notices));
  await writeFile(`${OUT}/sbom.cdx.json`, billOfMaterials(notices, await readManifest('package.json')));
  await writeFile('dist/metafile.json', JSON.stringify(metafile));
  await writeZip('dist', FOLDER, ZIP);
  await report(notices);
}

/** @param {readonly import('./scripts/bundle.ts').Notice[]} notices */
async function report(notices) {
  const { size } = await stat(ZIP);
  console.log(`${ZIP} ${kib(size).trim()}`);
  if (quiet) return;
  console.log(`\nHandler: ${FOLDER}/src/aws-lambda-authorizer.handler   Runtimes: nodejs22.x, nodejs24.x\n`);
  for (const file of await filesBelow(OUT)) {
    const bytes = await readFile(file);
    console.log(`${kib(bytes.length)} ${kib(gzipSync(bytes).length)} gzipped  ${file.slice('dist/'.length)}`);
  }
  console.log(`\nPackages in it: ${notices.map(({ name, version }) => `${name} ${version}`).join(', ')}`);
}

/** @param {number} bytes */
function kib(bytes) {
  return `${(bytes / 1024).toFixed(1).padStart(8)} KiB`;
}
