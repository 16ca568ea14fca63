/** What the packages of both functions have in common: how they are bundled, and the licences of what is in them. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BuildOptions, Metafile, Plugin } from 'esbuild';
import { narrowSdk } from './narrow-sdk.ts';

/** The files that are required only if the configuration asks for them; each becomes a bundle of its own. */
export const LAZY = {
  'secrets-manager': 'src/credential/secrets-manager.ts',
  'parameter-store': 'src/credential/parameter-store.ts',
  export: 'src/telemetry/export.ts',
  'after-answers': 'src/telemetry/after-answers.ts',
  shadow: 'src/shadow/shadow.ts',
  'token-judge': 'src/gate/token-judge.ts',
} as const;

/** A lazily imported module is a bundle of its own beside the handler's. */
const lazyFiles: Plugin = {
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
  plugins: [lazyFiles, narrowSdk],
} satisfies BuildOptions;

/** What a package.json says that a bill of materials repeats. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** A package and its licence text. */
export interface Notice extends Manifest {
  readonly text: string;
}

/** Licence texts of every package that has bytes in the zip. */
export const thirdParty = async (metafile: Metafile): Promise<readonly Notice[]> => {
  const folders = new Map<string, string>();
  for (const output of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const [folder, name] = (bytesInOutput > 0 && packageOf(path)) || [];
      if (folder !== undefined && name !== undefined) folders.set(folder, name);
    }
  }
  const notices = await Promise.all(
    [...folders].map(async ([folder, name]) => {
      const { version, license } = await readManifest(`${folder}package.json`);
      const file = (await readdir(folder)).find(entry => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
      return { name, version, license, text: text.trim() };
    }),
  );
  return notices.sort((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'));
};

/** Packages of one publisher share a licence text: it is printed once, under all their names. */
export const noticeFile = (notices: readonly Notice[]): string =>
  [...Map.groupBy(notices, ({ text }) => text)]
    .map(([text, sharers]) => {
      const names = sharers.map(({ name, version, license }) => `${name} ${version} (${license})`).join('\n');
      return `${names}\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);

/** A CycloneDX bill of materials of what has bytes in the zip; without time and serial number, so that it reproduces. */
export const billOfMaterials = (notices: readonly Manifest[], main: Manifest): string => {
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

/** Reads a package.json. */
export const readManifest = async (file: string): Promise<Manifest> => JSON.parse(await readFile(file, 'utf8'));

function packageOf(path: string): readonly string[] | null {
  return /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
}

function component({ name, version, license }: Manifest) {
  return {
    type: 'library',
    'bom-ref': `pkg:npm/${name.replace('@', '%40')}@${version}`,
    name,
    version,
    licenses: [{ license: { id: license } }],
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  };
}
