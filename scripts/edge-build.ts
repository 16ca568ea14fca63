/** Builds the code of the edge function with esbuild; run by itself, at the end of `npm run build`, it writes what the npm package ships. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE, LAZY, noticeFile, readManifest, thirdParty } from './bundle.ts';
import { type EdgeCode, PLACEHOLDER, SHIPPED } from './edge-code.ts';

const SOURCE = 'src/aws-lambda-edge.ts';
/** Spans are not exported at the edge. */
const { export: _, ...LAZY_AT_THE_EDGE } = LAZY;

/** Builds every file that an edge function can have. */
export const buildEdgeCode = async (): Promise<EdgeCode> => {
  const { outputFiles, metafile } = await build({
    ...BUNDLE,
    entryPoints: [SOURCE, ...Object.values(LAZY_AT_THE_EDGE)],
    outdir: 'edge',
    write: false,
    define: { EDGE_SETTINGS: PLACEHOLDER },
  });
  const notices = await Promise.all(
    Object.entries(metafile.outputs).map(
      async ([path, output]) =>
        [basename(path), await thirdParty({ ...metafile, outputs: { [path]: output } })] as const,
    ),
  );
  return {
    files: Object.fromEntries(outputFiles.map(({ path, text }) => [basename(path), text])),
    notices: Object.fromEntries(notices),
    licence: await readFile('LICENSE', 'utf8'),
    manifest: await readManifest('package.json'),
  };
};

/** Writes the code, and the program that makes packages of it, for where there is no esbuild. */
const ship = async (folder: string): Promise<void> => {
  const code = await buildEdgeCode();
  const { name, version, license } = code.manifest;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, SHIPPED), JSON.stringify({ ...code, manifest: { name, version, license } }));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ type: 'commonjs' })}\n`);
  const { metafile } = await build({
    entryPoints: ['scripts/package-edge.ts'],
    outfile: join(folder, 'package-edge.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['./kept-edge-code.ts'],
    define: { 'import.meta.dirname': '__dirname' },
    metafile: true,
    logLevel: 'warning',
  });
  await writeFile(join(folder, 'THIRD-PARTY-LICENSES'), noticeFile(await thirdParty(metafile)));
};

/** Where it goes can be named. */
if (import.meta.main) await ship(process.argv[2] ?? 'dist/edge');
