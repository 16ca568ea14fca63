/** `npm run package:edge -- --config edge.json`: bakes a checked configuration into the zip that Lambda@Edge runs. */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { shownName } from '../src/domain/token-shape.ts';
import { loadEdgeConfig } from '../src/edge/settings.ts';
import { BUNDLE, billOfMaterials, LAZY, noticeFile, readManifest, thirdParty } from './bundle.ts';
import { writeZip } from './zip.ts';

const FOLDER = 'aws-lambda-edge';
const ENTRY = 'src/aws-lambda-edge.ts';
/** CloudFront's limit for a viewer-request function, its smallest reading. */
const LARGEST_ZIP_BYTES = 1_000_000;

const USAGE = 'npm run package:edge -- --config edge.json [--out dist/aws-lambda-edge.zip] [--quiet]';

/** What the caller can put right: its text is all that they need. */
class Problem extends Error {}

/** Setting names and their values, as text. */
type Settings = Readonly<Record<string, string>>;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const readArguments = () => {
  try {
    const { values } = parseArgs({
      options: { config: { type: 'string' }, out: { type: 'string' }, quiet: { type: 'boolean' } },
    });
    const { config, out = `dist/${FOLDER}.zip`, quiet = false } = values;
    if (!config) throw new Error('--config is missing');
    return { config, out, quiet };
  } catch (error) {
    throw new Problem(`${messageOf(error)}\nUsage: ${USAGE}`);
  }
};

const readText = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw new Problem(`${file} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : code}`);
  }
};

/** JSON.parse quotes the text around an error, which may hold what nobody should see. */
const readJson = async (file: string): Promise<object> => {
  const text = await readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const at = /position (\d+)/.exec(messageOf(error))?.[1];
    const line = at === undefined ? '' : `: line ${text.slice(0, Number(at)).split('\n').length}`;
    throw new Problem(`${file} is not valid JSON${line}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem(`${file} must hold one JSON object: setting names and their values`);
  }
  return value;
};

/** Text, a number, true or false; the rows' parsers judge the text. */
const textsOf = (file: string, settings: object): Settings => {
  const wrong = Object.entries(settings).filter(([, value]) => !['string', 'number', 'boolean'].includes(typeof value));
  if (wrong.length > 0) {
    const names = wrong.map(([name]) => shownName(name)).join(', ');
    throw new Problem(`${file}: ${names} must be text, a number, true or false`);
  }
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
};

const readSettings = async (file: string) => {
  const settings = textsOf(file, await readJson(file));
  const { config } = loadEdgeConfig(settings);
  if (!config.valid) {
    throw new Problem(
      `${file} is not a configuration for the edge:\n${config.problems.map(line => `- ${line}`).join('\n')}`,
    );
  }
  const { store } = config.credential;
  return {
    settings,
    lazy: [
      ...(store === 'environment' ? [] : [LAZY[store]]),
      ...(config.tokenGate === undefined ? [] : [LAZY['token-judge']]),
    ],
  };
};

const bundle = async (root: string, settings: Settings, lazy: readonly string[]): Promise<void> => {
  const outdir = join(root, FOLDER, 'src');
  const define = { EDGE_SETTINGS: JSON.stringify(settings) };
  const { metafile } = await build({ ...BUNDLE, entryPoints: [ENTRY, ...lazy], outdir, define });
  await writeFile(join(root, FOLDER, 'package.json'), `${JSON.stringify({ type: 'commonjs', private: true })}\n`);
  await writeFile(join(root, FOLDER, 'LICENSE'), await readFile('LICENSE'));
  const notices = await thirdParty(metafile);
  await writeFile(join(root, FOLDER, 'THIRD-PARTY-LICENSES'), noticeFile(notices));
  await writeFile(join(root, FOLDER, 'sbom.cdx.json'), billOfMaterials(notices, await readManifest('package.json')));
};

const packageEdge = async (): Promise<void> => {
  const { config, out, quiet } = readArguments();
  const { settings, lazy } = await readSettings(config);
  const root = await mkdtemp(join(tmpdir(), 'package-edge-'));
  try {
    await bundle(root, settings, lazy);
    await mkdir(dirname(out), { recursive: true });
    await writeZip(root, FOLDER, out);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  const { size } = await stat(out);
  if (size > LARGEST_ZIP_BYTES) {
    await rm(out);
    throw new Problem(`${out} would be ${size} bytes: CloudFront takes ${LARGEST_ZIP_BYTES} at most`);
  }
  console.log(`${out} ${(size / 1024).toFixed(1)} KiB`);
  if (quiet) return;
  console.log(`\nHandler: ${FOLDER}/src/${FOLDER}.handler   Runtimes: nodejs22.x, nodejs24.x`);
  console.log('In us-east-1: x86_64, 128 MB, timeout 5 s, a numbered version on viewer-request.\n\nBaked in:');
  for (const [name, value] of Object.entries(settings)) console.log(`  ${name} = ${value}`);
};

try {
  await packageEdge();
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`package:edge: ${error.message}\n`);
  process.exitCode = 1;
}
