/** The inputs that are kept in the repository: those that reached new code, and those that broke a rule. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** `corpus`: reached new code once. `found`: broke a rule once, and must not again. */
export type Kept = 'corpus' | 'found';

/** The kept inputs of a target, by file name. */
export const keptInputs = (kept: Kept, target: string): readonly (readonly [file: string, input: unknown])[] => {
  const folder = folderOf(kept, target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(file => file.endsWith('.json'))
    .sort()
    .map(file => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as unknown]);
};

/** Writes an input. @returns its file's name, which is the same for the same input. */
export const keepInput = (kept: Kept, target: string, input: unknown, name = ''): string => {
  const folder = folderOf(kept, target);
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify(input);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const file = name === '' ? `${hash}.json` : `${name}-${hash}.json`;
  writeFileSync(new URL(file, folder), `${text}\n`);
  return file;
};

function folderOf(kept: Kept, target: string): URL {
  return new URL(`./${kept}/${target}/`, import.meta.url);
}
