/** `npm run release -- --version 1.2.3 [--dry-run]` builds, checks, writes the changelog, commits and tags; `--check` judges a tag that is there. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Built, buildTwice, keep, openBuildFolder } from './release-build.ts';
import { newerThan, notesOf, released } from './release-notes.ts';
import { runCommand } from './run-command.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** What a release changes. */
const CHANGED = ['CHANGELOG.md', 'deploy/template.yaml', 'package.json', 'package-lock.json'];

const git = (...args: readonly string[]): Promise<string> => runCommand('git', args, { cwd: ROOT });

try {
  const {
    version,
    check,
    'dry-run': dryRun,
  } = parseArgs({
    options: {
      version: { type: 'string', default: '' },
      'dry-run': { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
    },
  }).values;
  await (check ? checkTag() : release(version, dryRun));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** Nothing in the working tree changes before every check has passed, and nothing but `dist/` with `--dry-run`. */
async function release(version: string, dryRun: boolean): Promise<void> {
  await requireCleanTree();
  const tag = `v${version}`;
  const { version: present, repository } = await manifest();
  newerThan(present, version);
  if ((await git('tag', '--list', tag)) !== '') throw new Error(`The tag ${tag} is there already.`);
  const changelog = released(await read('CHANGELOG.md'), version, new Date().toISOString().slice(0, 10));
  const template = (await read('deploy/template.yaml')).replace(/(SemanticVersion: ).*/, `$1${version}`);

  const built = await buildTwice(CHANGED, async () => {
    const folder = await openBuildFolder(ROOT, 'HEAD');
    await folder.write('CHANGELOG.md', changelog);
    await folder.write('deploy/template.yaml', template);
    await folder.run('npm', 'version', version, '--no-git-tag-version', '--allow-same-version', '--ignore-scripts');
    return folder;
  });
  await report(built, notesOf(changelog, version));
  if (repository === undefined) {
    const lacking = 'package.json names no repository, and npm refuses provenance without one: set it and commit it.';
    if (!dryRun) throw new Error(lacking);
    console.log(lacking);
  }
  if (dryRun) {
    console.log(`Dry run: ${CHANGED.join(', ')} would be changed, committed and tagged ${tag}.`);
    return;
  }
  await keep(ROOT, built.changed);
  await git('add', '--', ...CHANGED);
  await git('commit', '--quiet', '-m', `Release ${version}`);
  await git('tag', '--annotate', tag, '-m', `${tag}\n\n${zipLine(built)}`);
  console.log(`Committed and tagged ${tag}. Publish it: git push --follow-tags`);
}

/** On the machine that publishes: the tag at HEAD is this version's, and its message names the bytes that are built here. */
async function checkTag(): Promise<void> {
  await requireCleanTree();
  const { version } = await manifest();
  const tag = `v${version}`;
  const here = (await git('tag', '--points-at', 'HEAD')).split('\n');
  if (!here.includes(tag)) throw new Error(`HEAD is not tagged ${tag}, the version in package.json.`);
  const notes = notesOf(await read('CHANGELOG.md'), version);

  const built = await buildTwice([], () => openBuildFolder(ROOT, 'HEAD'));
  const said = await git('tag', '--list', '--format=%(contents)', tag);
  if (!said.includes(zipLine(built))) {
    throw new Error(`The tag ${tag} names other bytes than those built here:\n${said}\nhere: ${zipLine(built)}`);
  }
  await report(built, notes);
}

async function requireCleanTree(): Promise<void> {
  const changes = await git('status', '--porcelain');
  if (changes !== '') throw new Error(`The working tree is not clean:\n${changes}`);
}

async function report(built: Built, notes: string): Promise<void> {
  await keep(ROOT, built.products);
  await keep(ROOT, new Map(Object.entries({ 'dist/SHA256SUMS': built.sums, 'dist/RELEASE-NOTES.md': notes })));
  console.log('Built twice: the same bytes. The bill of materials is valid CycloneDX 1.6.');
  console.log(`dist/SHA256SUMS\n${built.sums.trimEnd()}`);
}

function zipLine({ sums }: Built): string {
  return sums.split('\n').find(line => line.endsWith('.zip')) ?? '';
}

function read(name: string): Promise<string> {
  return readFile(join(ROOT, name), 'utf8');
}

interface Manifest {
  readonly version: string;
  readonly repository?: unknown;
}

async function manifest(): Promise<Manifest> {
  const parsed: Manifest = JSON.parse(await read('package.json'));
  return parsed;
}
