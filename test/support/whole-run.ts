/** Runs once before and after all tests: builds a fresh zip, and makes one temporary folder for everything. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freshZip } from '../../scripts/fresh-zip.ts';
import { builtProducts } from './built-once.ts';

/** Workers and their children inherit the folder, so that files which a killed process leaves are removed with it. */
export const setup = async (project: TestProject): Promise<() => void> => {
  await freshZip();
  project.onTestsRerun(async () => {
    await freshZip();
    rmSync(builtProducts(), { recursive: true, force: true });
  });
  const before = process.env['TMPDIR'];
  const folder = mkdtempSync(join(tmpdir(), 'authorizer-tests-'));
  process.env['TMPDIR'] = folder;
  return () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true });
  };
};
