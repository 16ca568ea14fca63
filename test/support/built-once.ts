/** Builds a product once for all workers of a run: the first that asks builds it, the others wait for it. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 50;

/** All products of a run; it is below the run's temporary folder, and is removed with it. */
export const builtProducts = (): string => join(tmpdir(), 'built');

/**
 * The folder that `build` has filled, under a name of its own for each product. Nobody may change what is in it.
 * Rejects in every worker with what was wrong if the build fails.
 */
export const builtOnce = async (name: string, build: (folder: string) => Promise<unknown>): Promise<string> => {
  const place = join(builtProducts(), name);
  const [folder, outcome] = [join(place, 'product'), join(place, 'outcome')];
  if (await claimed(place)) await publish(outcome, await complaintOf(build, folder));
  while (!existsSync(outcome)) await delay(POLL_MS);
  const complaint = await readFile(outcome, 'utf8');
  if (complaint !== '') throw new Error(`${name} cannot be built: ${complaint}`);
  return folder;
};

/** True for the one worker that has made the folder. */
async function claimed(place: string): Promise<boolean> {
  await mkdir(builtProducts(), { recursive: true });
  return mkdir(place).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      return false;
    },
  );
}

async function complaintOf(build: (folder: string) => Promise<unknown>, folder: string): Promise<string> {
  try {
    await mkdir(folder);
    await build(folder);
    return '';
  } catch (error) {
    return String(error);
  }
}

/** By renaming, so that no other worker reads half of it. */
async function publish(outcome: string, text: string): Promise<void> {
  await writeFile(`${outcome}.new`, text);
  await rename(`${outcome}.new`, outcome);
}
