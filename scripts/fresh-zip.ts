/** Packages the zip anew if anything that goes into it has changed, so that nobody runs or tests an old one. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf } from './digest.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const INPUTS = [
  'src',
  'scripts',
  'dashboards',
  'deploy/generate-dashboards.ts',
  'esbuild.config.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'LICENSE',
];
const PRODUCTS = ['dist/aws-lambda-authorizer', 'dist/aws-lambda-authorizer.zip', 'dist/dashboards.yaml'];
/** What the zip was made of, and its own bytes. */
const STAMP = 'dist/aws-lambda-authorizer.stamp';

/** True if it had to package. Rejects with the output of `npm run package` if that fails. */
export const freshZip = async (root = ROOT): Promise<boolean> => {
  const inputs = await digestOf(root, INPUTS);
  const stamp = await readFile(join(root, STAMP), 'utf8').catch(() => '');
  if (stamp === `${inputs} ${await digestOf(root, PRODUCTS)}`) return false;
  await runPackage(root);
  await writeFile(join(root, STAMP), `${inputs} ${await digestOf(root, PRODUCTS)}`);
  return true;
};

function runPackage(root: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const npm = spawn('npm', ['run', '--silent', 'package', '--', '--quiet'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    npm.stdout.on('data', take);
    npm.stderr.on('data', take);
    npm.once('error', reject);
    npm.once('close', code => {
      if (code === 0) resolve();
      else reject(new Error(`npm run package failed:\n${output.trim()}`));
    });
  });
}
