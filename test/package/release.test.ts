/** Rules of a release: nothing changes before every check has passed, and the tag names the bytes that were built. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requireValidBill } from '../../scripts/release-build.ts';
import { runCommand } from '../../scripts/run-command.ts';
import { THOROUGH } from '../support/thorough.ts';
import { NODES, openWorkshop, ROOT, type Workshop } from './workshop.ts';

const VERSION = '91.2.3';
const IDENTITY = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

const CHANGELOG = '# Changes\n\n## Unreleased\n\n### Added\n- A thing.\n\n## 0.0.1 - 2020-01-02\n\n- Older.\n';
const env = { ...process.env, ...IDENTITY };

const QUICK_BUILD = `
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
mkdirSync('dist/aws-lambda-authorizer', { recursive: true });
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync('dist/aws-lambda-authorizer.zip', version);
const bill = { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 };
writeFileSync('dist/aws-lambda-authorizer/sbom.cdx.json', JSON.stringify(bill));
`;

let workshop: Workshop;
let folder = '';
const clones: string[] = [];
const git = (...args: readonly string[]): Promise<string> => runCommand('git', args, { cwd: folder, env });
const release = (...args: readonly string[]): Promise<string> =>
  runCommand(NODES['Node 24'], ['scripts/release.ts', ...args], { cwd: folder, env });
const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
const put = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
const state = (): Promise<string[]> =>
  Promise.all([git('status', '--porcelain'), git('tag', '--list'), git('rev-list', '--all')]);

/**
 * Puts a build in the place of ours that makes the same products of nothing in no time: what a release does with
 * products is the same whatever they are. The dry run builds the real ones.
 */
const buildInNoTime = async (): Promise<void> => {
  const manifest = JSON.parse(await read('package.json'));
  const scripts = { package: 'node esbuild.config.mjs', prepack: 'node esbuild.config.mjs' };
  await put('package.json', `${JSON.stringify({ ...manifest, scripts }, null, 2)}\n`);
  await put('esbuild.config.mjs', QUICK_BUILD);
  await git('commit', '--quiet', '--all', '-m', 'Build in no time');
};

/** This folder's files as the first commit of a repository. */
beforeAll(async () => {
  workshop = await openWorkshop();
  folder = workshop.folder;
  // A link is no folder to git's pattern.
  await put('.gitignore', `${await readFile(join(ROOT, '.gitignore'), 'utf8')}node_modules\n`);
  const { repository: _, ...manifest } = JSON.parse(await read('package.json'));
  await put('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  await put('CHANGELOG.md', CHANGELOG);
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('add', '--all');
  await git('commit', '--quiet', '-m', 'Begin');
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authorizer-clone-'));
  clones.push(folder);
  await git('clone', '--quiet', workshop.folder, '.');
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(async () => {
  await workshop.clear();
  for (const clone of clones) await rm(clone, { recursive: true, force: true });
});

describe('a release is refused, and nothing changes,', () => {
  it.each([
    ['without a version', [], /--version must be three numbers/],
    ['for a version that is none', ['--version', 'v1.2'], /--version must be three numbers/],
    ['for an older version', ['--version', '0.0.1'], /is older than/],
    ['if a tag is to be checked that is not there', ['--check'], /HEAD is not tagged v/],
  ])('%s', async (_, args, complaint) => {
    const before = await state();
    await expect(release(...args)).rejects.toThrow(complaint);
    expect(await state()).toEqual(before);
  });

  it('if the working tree is not clean', async () => {
    await put('new.txt', 'new');
    await expect(release('--version', VERSION)).rejects.toThrow(/not clean[\s\S]*new\.txt/);
  });

  it('if nothing is unreleased', async () => {
    await put('CHANGELOG.md', CHANGELOG.replace('### Added\n- A thing.\n', ''));
    await git('commit', '--quiet', '--all', '-m', 'Say nothing');
    await expect(release('--version', VERSION)).rejects.toThrow(/nothing under Unreleased/);
  });

  it('if two builds differ', { timeout: 120_000 }, async () => {
    await buildInNoTime();
    const byChance = "writeFileSync('dist/aws-lambda-authorizer.zip', String(Math.random()));";
    await put('esbuild.config.mjs', `${QUICK_BUILD}${byChance}\n`);
    await git('commit', '--quiet', '--all', '-m', 'Build by chance');
    const before = await state();
    await expect(release('--version', VERSION)).rejects.toThrow(/Two builds of one commit differ: dist.aws-lambda-/);
    expect(await state()).toEqual(before);
  });
});

// Each takes ten seconds, and only who changes how this project is released can break it.
describe.runIf(THOROUGH)('a dry run', () => {
  it('builds and checks, and changes nothing but dist', { timeout: 120_000 }, async () => {
    const before = await state();
    const said = await release('--version', VERSION, '--dry-run');
    expect(said).toContain('Built twice: the same bytes.');
    expect(said).toContain('package.json names no repository');
    expect(await state()).toEqual(before);
    const zip = await readFile(join(folder, 'dist/aws-lambda-authorizer.zip'));
    const sum = createHash('sha256').update(zip).digest('hex');
    expect(await read('dist/SHA256SUMS')).toContain(`${sum}  aws-lambda-authorizer.zip\n`);
    expect(await read('dist/RELEASE-NOTES.md')).toBe('### Added\n- A thing.\n');
  });
});

describe.runIf(THOROUGH)('a release', () => {
  it('moves the changelog, sets the version, commits, and tags the bytes; then the tag can be checked', {
    timeout: 240_000,
  }, async () => {
    await buildInNoTime();
    const manifest = JSON.parse(await read('package.json'));
    await put('package.json', `${JSON.stringify({ ...manifest, repository: 'github:example/authorizer' }, null, 2)}\n`);
    await git('commit', '--quiet', '--all', '-m', 'Name the repository');
    await release('--version', VERSION);

    expect(await git('status', '--porcelain')).toBe('');
    expect(await git('log', '-1', '--format=%s')).toBe(`Release ${VERSION}`);
    const changed = await git('show', '--format=', '--name-only', 'HEAD');
    expect(changed.split('\n')).toEqual(['CHANGELOG.md', 'deploy/template.yaml', 'package-lock.json', 'package.json']);
    expect(await read('CHANGELOG.md')).toMatch(
      /## Unreleased\n\n## 91\.2\.3 - \d{4}-\d{2}-\d{2}\n\n### Added\n- A thing\.\n\n## 0\.0\.1 - 2020-01-02\n/,
    );
    expect(JSON.parse(await read('package.json'))).toMatchObject({ version: VERSION });
    expect(await read('deploy/template.yaml')).toContain(`SemanticVersion: ${VERSION}\n`);
    expect(JSON.parse(await read('package-lock.json'))).toMatchObject({ version: VERSION });
    expect(await git('cat-file', '-t', `v${VERSION}`)).toBe('tag');
    const [zipLine = 'none'] = (await read('dist/SHA256SUMS')).split('\n').filter(line => line.endsWith('.zip'));
    expect(await git('tag', '--list', '--format=%(contents)', `v${VERSION}`)).toContain(zipLine);

    expect(await release('--check')).toContain(zipLine);
    await git('tag', '--force', '--annotate', `v${VERSION}`, '-m', 'other bytes');
    await expect(release('--check')).rejects.toThrow(/names other bytes/);
    await expect(release('--version', VERSION)).rejects.toThrow(/is there already/);
  });
});

describe('a bill of materials', () => {
  const bill = { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 };

  it.each([
    [
      'a licence that SPDX does not know',
      { components: [{ type: 'library', name: 'a', licenses: [{ license: { id: 'X-1' } }] }] },
    ],
    ['a member that CycloneDX does not know', { parts: [] }],
  ])('is refused if it has %s', async (_, more) => {
    await requireValidBill(JSON.stringify(bill));
    await expect(requireValidBill(JSON.stringify({ ...bill, ...more }))).rejects.toThrow(/not valid CycloneDX 1\.6/);
  });
});
