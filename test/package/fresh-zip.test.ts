/** The rule that nobody tests an old zip: it is packaged anew when, and only when, something that goes into it has changed. */
import { randomUUID } from 'node:crypto';
import { appendFile, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshZip } from '../../scripts/fresh-zip.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

let workshop: Workshop;
let zip: string;
let manifest: string;

/** Stands in the place of packaging, which takes longer: whether a zip is fresh is the same for any zip. */
const PACKAGING = `
import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('dist', { recursive: true });
writeFileSync('dist/aws-lambda-authorizer.zip', 'PK');
`;

beforeAll(async () => {
  workshop = await openWorkshop();
  zip = join(workshop.folder, 'dist/aws-lambda-authorizer.zip');
  manifest = await readFile(join(workshop.folder, 'package.json'), 'utf8');
  const scripts = { package: 'node packaging.mjs' };
  await writeFile(join(workshop.folder, 'packaging.mjs'), PACKAGING);
  await writeFile(join(workshop.folder, 'package.json'), JSON.stringify({ ...JSON.parse(manifest), scripts }));
  await writeFile(join(workshop.folder, 'src/sideband/passing.ts'), '/** Passing. */\n');
  await freshZip(workshop.folder);
});
afterAll(() => workshop.clear());

const CHANGES: readonly (readonly [what: string, change: () => Promise<void>])[] = [
  [
    // Times say nothing: a checkout or an archive may bring older files back.
    'a source has changed, however old it says it is',
    async () => {
      const file = join(workshop.folder, 'src/domain/decision.ts');
      await appendFile(file, '\n');
      await utimes(file, 0, 0);
    },
  ],
  ['a source is new', () => writeFile(join(workshop.folder, `src/sideband/${randomUUID()}.ts`), '/** New. */\n')],
  ['a source is gone', () => rm(join(workshop.folder, 'src/sideband/passing.ts'))],
  ['the way of building has changed', () => appendFile(join(workshop.folder, 'scripts/bundle.ts'), '\n')],
  ['the zip is gone', () => rm(zip)],
  ['the zip is not the one that was built', () => writeFile(zip, 'another')],
];

describe('a fresh zip', () => {
  it('is left alone where nothing has changed', async () => {
    await freshZip(workshop.folder);
    expect(await freshZip(workshop.folder)).toBe(false);
  });

  it.each(CHANGES)('is packaged anew where %s', async (_what, change) => {
    await freshZip(workshop.folder);
    await change();
    expect(await freshZip(workshop.folder)).toBe(true);
    expect((await readFile(zip)).subarray(0, 2).toString()).toBe('PK');
    expect(await freshZip(workshop.folder)).toBe(false);
  });

  it('is none where packaging fails: the rejection holds what the build says', async () => {
    await writeFile(join(workshop.folder, 'package.json'), manifest);
    const file = join(workshop.folder, 'src/aws-lambda-authorizer.ts');
    const source = await readFile(file, 'utf8');
    await writeFile(file, `${source}\nthis is no TypeScript\n`);
    await expect(freshZip(workshop.folder)).rejects.toThrow(
      /npm run package failed:\n[\s\S]*aws-lambda-authorizer\.ts/,
    );
    await writeFile(file, source);
    expect(await freshZip(workshop.folder)).toBe(true);
  });
});
