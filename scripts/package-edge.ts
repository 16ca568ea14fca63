/** `npm run package:edge -- --config edge.json`: bakes a checked configuration into the zip that Lambda@Edge runs. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { shownName } from '../src/domain/token-shape.ts';
import { MEMORY_MB, type Quota, standing, TIMEOUT_S, ZIP_BYTES } from '../src/edge/quotas.ts';
import { loadEdgeConfig } from '../src/edge/settings.ts';
import { billOfMaterials, noticeFile } from './bundle.ts';
import { baked, type EdgeCode, ENTRY, readEdgeCode, SHIPPED } from './edge-code.ts';
import { writeZip } from './zip.ts';

const FOLDER = 'aws-lambda-edge';
const USAGE =
  'npm run package:edge -- --config edge.json [--out dist/aws-lambda-edge.zip] [--memory MB] [--timeout SECONDS] [--quiet]';

/** What the caller can put right: its text is all that they need. */
class Problem extends Error {}

/** Setting names and their values, as text. */
type Settings = Readonly<Record<string, string>>;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const readArguments = () => {
  try {
    const { values } = parseArgs({
      options: {
        config: { type: 'string' },
        out: { type: 'string' },
        memory: { type: 'string' },
        timeout: { type: 'string' },
        quiet: { type: 'boolean' },
      },
    });
    const { config, out = `dist/${FOLDER}.zip`, memory = '128', timeout = '5', quiet = false } = values;
    if (!config) throw new Error('--config is missing');
    return { config, out, memory: whole('--memory', memory), timeout: whole('--timeout', timeout), quiet };
  } catch (error) {
    throw new Problem(`${messageOf(error)}\nUsage: ${USAGE}`);
  }
};

const whole = (option: string, text: string): number => {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Error(`${option} must be a whole number`);
  return Number(text);
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

/** The settings, the files that the function needs for them, and what is to be said of them. */
const readSettings = async (file: string) => {
  const settings = textsOf(file, await readJson(file));
  const { config, source } = loadEdgeConfig(settings);
  if (!config.valid) {
    throw new Problem(
      `${file} is not a configuration for the edge:\n${config.problems.map(line => `- ${line}`).join('\n')}`,
    );
  }
  const stores = [config.credential.store, source?.store].filter(
    store => store !== undefined && store !== 'environment',
  );
  const gate = config.tokenGate === undefined ? [] : ['token-judge'];
  const files = [...new Set([...stores, ...gate])].map(name => `${name}.js`);
  return { settings, files: [ENTRY, ...files], warnings: config.warnings, deadlineMs: config.deadlineMs };
};

/** A sentence if the number is more than AWS's older pages allow. Throws a Problem if no page allows it. */
const judged = (what: string, value: number, unit: string, quota: Quota): readonly string[] => {
  const stands = standing(value, quota);
  const limits = `CloudFront takes ${quota.old} ${unit} for viewer requests by AWS's older pages, ${quota.certain} by its newer ones`;
  if (stands === 'beyond') throw new Problem(`${what} would be ${value} ${unit}: ${limits}`);
  return stands === 'unsure' ? [`${what} is ${value} ${unit}: ${limits}. Try it before you rely on it.`] : [];
};

/** The code that ships beside this program, else that of the repository. */
const loadCode = async (): Promise<EdgeCode> => {
  const shipped = join(import.meta.dirname, SHIPPED);
  return existsSync(shipped) ? readEdgeCode(shipped) : (await import('./kept-edge-code.ts')).keptEdgeCode();
};

const write = async (root: string, settings: Settings, files: readonly string[]): Promise<void> => {
  const code = await loadCode();
  const put = (name: string, text: string) => writeFile(join(root, FOLDER, name), text);
  await mkdir(join(root, FOLDER, 'src'), { recursive: true });
  for (const file of files) {
    const text = code.files[file] ?? '';
    await put(`src/${file}`, file === ENTRY ? baked(text, settings) : text);
  }
  const notices = new Map(
    files.flatMap(file => code.notices[file] ?? []).map(notice => [`${notice.name} ${notice.version}`, notice]),
  );
  const sorted = [...notices].toSorted(([one], [other]) => one.localeCompare(other, 'en')).map(([, notice]) => notice);
  await put('package.json', `${JSON.stringify({ type: 'commonjs', private: true })}\n`);
  await put('LICENSE', code.licence);
  await put('THIRD-PARTY-LICENSES', noticeFile(sorted));
  await put('sbom.cdx.json', billOfMaterials(sorted, code.manifest));
};

const packageEdge = async (): Promise<void> => {
  const { config, out, memory, timeout, quiet } = readArguments();
  const { settings, files, warnings, deadlineMs } = await readSettings(config);
  const said = [
    ...warnings,
    ...judged('The memory', memory, 'MB', MEMORY_MB),
    ...judged('The timeout', timeout, 's', TIMEOUT_S),
    ...(timeout > TIMEOUT_S.old && deadlineMs + MARGIN_MS > timeout * 1000 ? [TOO_SHORT] : []),
  ];
  const root = await mkdtemp(join(tmpdir(), 'package-edge-'));
  try {
    await write(root, settings, files);
    await mkdir(dirname(out), { recursive: true });
    await writeZip(root, FOLDER, out);
    said.push(...judged(out, (await stat(out)).size, 'bytes', ZIP_BYTES));
  } catch (error) {
    await rm(out, { force: true });
    throw error;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  for (const sentence of said) process.stderr.write(`package:edge: warning: ${sentence}\n`);
  console.log(`${out} ${((await stat(out)).size / 1024).toFixed(1)} KiB`);
  if (quiet) return;
  console.log(`\nHandler: ${FOLDER}/src/${FOLDER}.handler   Runtimes: nodejs22.x, nodejs24.x`);
  console.log(
    `In us-east-1: x86_64, ${memory} MB, timeout ${timeout} s, a numbered version on viewer-request.\n\nBaked in:`,
  );
  for (const [name, value] of Object.entries(settings)) console.log(`  ${name} = ${value}`);
};

/** What the function needs to answer after its deadline. */
const MARGIN_MS = 200;
const TOO_SHORT = 'AUTHORIZER_DEADLINE_MS leaves the function no time to answer before its timeout: raise --timeout.';

packageEdge().catch((error: unknown) => {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`package:edge: ${error.message}\n`);
  process.exitCode = 1;
});
