/** Builds a commit in two folders of their own and takes only what has the same bytes in both. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { runCommand } from './run-command.ts';

const ZIP = 'dist/aws-lambda-authorizer.zip';
const BILL_OF_MATERIALS = 'dist/aws-lambda-authorizer/sbom.cdx.json';

/** A commit's files in a temporary folder, with the installed packages of the repository. */
export interface BuildFolder {
  readonly path: string;
  write(name: string, text: string): Promise<void>;
  run(command: string, ...args: readonly string[]): Promise<string>;
  clear(): Promise<void>;
}

export interface Built {
  /** The zip and the package, by the path that each gets in the repository. */
  readonly products: ReadonlyMap<string, Buffer>;
  /** Their SHA-256 sums, as `sha256sum --check` reads them in `dist/`. */
  readonly sums: string;
  /** Files of the folder in which it was built, as they were asked for. */
  readonly changed: ReadonlyMap<string, Buffer>;
}

export async function openBuildFolder(root: string, commit: string): Promise<BuildFolder> {
  const path = await mkdtemp(join(tmpdir(), 'authorizer-release-'));
  const run = (command: string, ...args: readonly string[]): Promise<string> =>
    runCommand(command, args, { cwd: path });
  const archive = join(path, 'source.tar');
  await runCommand('git', ['archive', '--output', archive, commit], { cwd: root });
  await run('tar', '-xf', archive);
  await rm(archive);
  await symlink(join(root, 'node_modules'), join(path, 'node_modules'));
  return {
    path,
    write: (name, text) => writeFile(join(path, name), text),
    run,
    clear: () => rm(path, { recursive: true, force: true }),
  };
}

/** Rejects if two builds of the zip differ in a byte, or if the bill of materials is not valid. */
export async function buildTwice(changed: readonly string[], open: () => Promise<BuildFolder>): Promise<Built> {
  const folders = [await open(), await open()] as const;
  try {
    const [first, second] = await Promise.all([buildZip(folders[0]), buildZip(folders[1])]);
    if (!first.equals(second)) throw new Error(`Two builds of one commit differ: ${ZIP}.`);
    const [{ path }] = folders;
    await requireValidBill(await readFile(join(path, BILL_OF_MATERIALS), 'utf8'));
    const products = new Map([[ZIP, first], await pack(folders[0])]);
    return {
      products,
      sums: [...products].map(([name, bytes]) => `${sha256(bytes)}  ${basename(name)}\n`).join(''),
      changed: await filesOf(path, changed),
    };
  } finally {
    for (const folder of folders) await folder.clear();
  }
}

/** Throws with what CycloneDX's own schema, in its strict form, finds wrong. */
export async function requireValidBill(text: string): Promise<void> {
  const problem = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text);
  if (problem !== null) {
    const { instancePath, message } = [problem].flat()[0] ?? {};
    throw new Error(`The bill of materials is not valid CycloneDX 1.6: ${instancePath} ${message}`, { cause: problem });
  }
}

export async function keep(root: string, files: ReadonlyMap<string, Buffer | string>): Promise<void> {
  for (const [name, content] of files) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
}

async function buildZip({ path, run }: BuildFolder): Promise<Buffer> {
  await run('npm', 'run', '--silent', 'package', '--', '--quiet');
  return readFile(join(path, ZIP));
}

/** The package as the registry takes it, with the zip in it. */
async function pack({ path, run }: BuildFolder): Promise<readonly [string, Buffer]> {
  await run('npm', 'pack', '--silent');
  const tarball = (await readdir(path)).find(name => name.endsWith('.tgz')) ?? '';
  return [`dist/${tarball}`, await readFile(join(path, tarball))];
}

async function filesOf(path: string, names: readonly string[]): Promise<Map<string, Buffer>> {
  const files = await Promise.all(names.map(async name => [name, await readFile(join(path, name))] as const));
  return new Map(files);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
