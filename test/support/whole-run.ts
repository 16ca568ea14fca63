/** Runs once before and after all tests: builds a fresh zip, and makes one temporary folder for everything. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freshZip } from '../../scripts/fresh-zip.ts';
import { builtProducts } from './built-once.ts';

const PREFIX = 'authorizer-tests-';

/** Workers and their children inherit the folder, so that files which a killed process leaves are removed with it. */
export const setup = async (project: TestProject): Promise<() => void> => {
  await freshZip();
  project.onTestsRerun(async () => {
    await freshZip();
    rmSync(builtProducts(), { recursive: true, force: true });
  });
  const before = process.env['TMPDIR'];
  // It is called for each project, and a run has one folder: Chromium takes no long paths.
  if (before !== undefined && basename(before).startsWith(PREFIX)) return () => undefined;
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  process.env['TMPDIR'] = folder;
  // Many tests start the same programs of ours: what Node has made of their TypeScript is kept for the next start.
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled');
  return () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true });
  };
};
