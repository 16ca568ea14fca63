/** `npm run package`: bundles the authorizer and writes the reproducible zip that Lambda runs, then says what is in it. */
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { ZipFile } from 'yazl';

const FOLDER = 'aws-lambda-authorizer';
const OUT = `dist/${FOLDER}`;
const ZIP = `dist/${FOLDER}.zip`;
const quiet = process.argv.includes('--quiet');

/** The handler's file, and each file that it requires only when it is configured to. */
const ENTRY = 'src/aws-lambda-authorizer.ts';
const LAZY = ['src/pdp/secrets-manager.ts', 'src/pdp/parameter-store.ts', 'src/telemetry/export.ts'];

/** A lazily imported module is a bundle of its own beside the handler's. */
const lazyFiles = {
  name: 'lazy-files',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/.*\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.js`, external: true } : undefined,
    );
  },
};

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  // In an ES module a static import of node:http loads undici; packages' ESM sources tree-shake, so that the bundle is
  // half as large; `import()` would go through the ES module loader where `require` is enough.
  format: 'cjs',
  mainFields: ['module', 'main'],
  supported: { 'dynamic-import': false },
  minify: true,
  keepNames: true,
  legalComments: 'none',
  charset: 'utf8',
  metafile: true,
  outdir: `${OUT}/src`,
  entryNames: '[name]',
  logLevel: 'warning',
  plugins: [lazyFiles],
};

const packageOf = path => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);

/** Licence texts of every package that has bytes in the zip. */
const thirdParty = async metafile => {
  const folders = new Map();
  for (const output of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const match = bytesInOutput > 0 ? packageOf(path) : null;
      if (match !== null) folders.set(match[0], match[1]);
    }
  }
  const notices = await Promise.all(
    [...folders].map(async ([folder, name]) => {
      const { version, license } = JSON.parse(await readFile(`${folder}package.json`, 'utf8'));
      const file = (await readdir(folder)).find(entry => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
      return { name, version, license, text: text.trim() };
    }),
  );
  return notices.sort((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'));
};

/** Packages of one publisher share a licence text: it is printed once, under all their names. */
const noticeFile = notices =>
  [...Map.groupBy(notices, ({ text }) => text)]
    .map(([text, sharers]) => {
      const names = sharers.map(({ name, version, license }) => `${name} ${version} (${license})`).join('\n');
      return `${names}\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);

const filesBelow = async folder =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort();

/** Sorted entries, one mode, one time: the same commit gives the same bytes, in any time zone. */
const writeZip = async () => {
  const zip = new ZipFile();
  const options = { mtime: new Date(1980, 0, 1), mode: 0o100644, forceDosTimestamp: true, compressionLevel: 9 };
  for (const file of await filesBelow(OUT)) zip.addFile(file, file.slice('dist/'.length), options);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(ZIP));
};

const kib = bytes => `${(bytes / 1024).toFixed(1).padStart(8)} KiB`;

const report = async notices => {
  const { size } = await stat(ZIP);
  console.log(`${ZIP} ${kib(size).trim()}`);
  if (quiet) return;
  console.log(`\nHandler: ${FOLDER}/src/aws-lambda-authorizer.handler   Runtimes: nodejs22.x, nodejs24.x\n`);
  for (const file of await filesBelow(OUT)) {
    const bytes = await readFile(file);
    console.log(`${kib(bytes.length)} ${kib(gzipSync(bytes).length)} gzipped  ${file.slice('dist/'.length)}`);
  }
  console.log(`\nPackages in it: ${notices.map(({ name, version }) => `${name} ${version}`).join(', ')}`);
};

await rm(OUT, { recursive: true, force: true });
await mkdir(dirname(ZIP), { recursive: true });
const { metafile } = await build({ ...shared, entryPoints: [ENTRY, ...LAZY] });
const notices = await thirdParty(metafile);
await writeFile(`${OUT}/package.json`, `${JSON.stringify({ type: 'commonjs', private: true })}\n`);
await writeFile(`${OUT}/LICENSE`, await readFile('LICENSE'));
await writeFile(`${OUT}/THIRD-PARTY-LICENSES`, noticeFile(notices));
await writeFile('dist/metafile.json', JSON.stringify(metafile));
await writeZip();
await report(notices);
