/** Rules of what is built once in a run: one worker builds, all get the same folder, and a failure reaches all of them. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { builtOnce } from '../../support/built-once.ts';

/** Each call claims its product in the file system, as a worker does: two calls here are as good as two workers. */
const CALLERS = [1, 2, 3];

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'built-once-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  vi.stubEnv('TMPDIR', folder);
});

it('one caller builds, and nobody gets the folder before it is filled', async () => {
  const build = vi.fn(async (folder: string) => {
    await new Promise(resolve => setImmediate(resolve));
    writeFileSync(join(folder, 'product'), 'built');
  });
  const folders = await Promise.all(
    CALLERS.map(async () => {
      const folder = await builtOnce('thing', build);
      return [folder, readFileSync(join(folder, 'product'), 'utf8')];
    }),
  );
  expect(build).toHaveBeenCalledOnce();
  expect(new Set(folders.map(each => each.join()))).toHaveLength(1);
  expect(await builtOnce('thing', build)).toBe(folders[0]?.[0]);
});

it('each product has a folder of its own', async () => {
  const build = (): Promise<void> => Promise.resolve();
  const [one, other] = [await builtOnce('one', build), await builtOnce('other', build)];
  expect(one).not.toBe(other);
  expect([existsSync(one), existsSync(other)]).toEqual([true, true]);
});

it('a build that fails is told to all, and not tried again', async () => {
  const build = vi.fn(() => Promise.reject(new Error('no compiler')));
  for (const _ of CALLERS) await expect(builtOnce('broken', build)).rejects.toThrow(/broken .*no compiler/);
  expect(build).toHaveBeenCalledOnce();
});
