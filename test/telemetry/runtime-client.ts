/** AWS's own runtime client for Node.js, the code that nodejs22.x and nodejs24.x run, built once into a cache folder. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installOnce } from '../support/install-once.ts';

const VERSION = '4.0.2';
const PACKAGE = 'node_modules/aws-lambda-ric';
const NATIVE = `${PACKAGE}/rapid-client.node`;

/** The Node that the project brings along has its headers beside it; node-gyp would download them. */
const HEADERS = fileURLToPath(
  new URL(`../../node_modules/node/node_modules/node-${process.platform}-${process.arch}`, import.meta.url),
);

/**
 * The client's main file. It builds on Linux, with a C++ compiler, make, cmake, Python and npm's registry.
 * @throws Error that says why it cannot be built
 */
export const buildRuntimeClient = async (): Promise<string> => {
  if (process.platform !== 'linux') throw new Error(`aws-lambda-ric builds on Linux, and this is ${process.platform}`);
  const { folder } = await installOnce({
    name: `pingone-authorizer-aws-lambda-ric-${VERSION}-${process.arch}`,
    packages: [`aws-lambda-ric@${VERSION}`],
    flags: ['--fetch-retries=1'],
    env: existsSync(HEADERS) ? { npm_config_nodedir: HEADERS } : {},
    scripts: ['aws-lambda-ric'],
    proof: NATIVE,
  });
  return path.join(folder, PACKAGE, 'index.mjs');
};
