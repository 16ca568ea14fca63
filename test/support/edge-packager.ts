/** The program that makes edge packages, as the npm package ships it: built once in a run, since esbuild costs more than a test. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { builtOnce } from './built-once.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** test/edge/package.test.ts holds that its packages have the bytes of those that `npm run package:edge` makes. */
export const edgePackager = async (): Promise<string> => {
  const build = (folder: string) => run(process.execPath, ['scripts/edge-build.ts', folder], { cwd: ROOT });
  return join(await builtOnce('edge-packager', build), 'package-edge.js');
};
