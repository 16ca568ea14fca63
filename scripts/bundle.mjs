/** What the packages of both functions have in common: how they are bundled, and the licences of what is in them. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A lazily imported module is a bundle of its own beside the handler's. */
const lazyFiles = {
  name: 'lazy-files',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/.*\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.js`, external: true } : undefined,
    );
  },
};

/** esbuild's options, but entry points and outdir. */
export const BUNDLE = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  // In an ES module a static import of node:http loads undici; packages' ESM sources tree-shake, so that the bundle is
  // half as large; `import()` would go through the ES module loader where `require` is enough.
  format: 'cjs',
  mainFields: ['module', 'main'],
  supported: { 'dynamic-import': false },
  // Without keepNames: it would run for every closure that a request makes (docs/performance.md has what was measured).
  minify: true,
  legalComments: 'none',
  charset: 'utf8',
  metafile: true,
  entryNames: '[name]',
  logLevel: 'warning',
  plugins: [lazyFiles],
};

const packageOf = path => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);

/** Licence texts of every package that has bytes in the zip. */
export const thirdParty = async metafile => {
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
export const noticeFile = notices =>
  [...Map.groupBy(notices, ({ text }) => text)]
    .map(([text, sharers]) => {
      const names = sharers.map(({ name, version, license }) => `${name} ${version} (${license})`).join('\n');
      return `${names}\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);

const component = ({ name, version, license }) => ({
  type: 'library',
  'bom-ref': `pkg:npm/${name.replace('@', '%40')}@${version}`,
  name,
  version,
  licenses: [{ license: { id: license } }],
  purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
});

/** A CycloneDX bill of materials of what has bytes in the zip; without time and serial number, so that it reproduces. */
export const billOfMaterials = (notices, main) => {
  const components = new Map(notices.map(notice => [`${notice.name}@${notice.version}`, component(notice)]));
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { ...component(main), type: 'application' } },
    components: [...components.values()],
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
};
