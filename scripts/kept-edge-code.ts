/** The edge function's code, built anew only if anything that goes into it has changed: to build it takes most of the time of packaging. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from './digest.ts';
import { type EdgeCode, readEdgeCode } from './edge-code.ts';

const INPUTS = ['src', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'LICENSE'];
const FOLDER = 'dist/edge-code';

/** Reads the code that is kept, or builds and keeps it. */
export const keptEdgeCode = async (): Promise<EdgeCode> => {
  const digest = await digestOf('.', INPUTS);
  const file = join(FOLDER, `${digest}.json`);
  if (!existsSync(file)) await keep(digest, file);
  return readEdgeCode(file);
};

/** Others may do the same at the same time: by renaming, nobody ever reads half of it. */
async function keep(digest: string, file: string): Promise<void> {
  const { buildEdgeCode } = await import('./edge-build.ts');
  const coming = join(FOLDER, `${digest}-${randomUUID()}`);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(coming, JSON.stringify(await buildEdgeCode()));
  await rename(coming, file);
  const old = (await readdir(FOLDER)).filter(name => !name.startsWith(digest));
  await Promise.all(old.map(name => rm(join(FOLDER, name), { force: true })));
}
