/** The built zip in an execution environment: unpacked once per process, started on either Node, closed when the test ends. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Environment, type EnvironmentOptions, startEnvironment } from '../../local/lambda/environment.ts';
import { unpackToTaskRoot } from '../../local/lambda/unpack.ts';
import { THOROUGH } from '../support/thorough.ts';
import { tlsMaterials } from '../support/tls.ts';

const HANDLER = 'aws-lambda-authorizer/src/aws-lambda-authorizer.handler';
const ZIP = fileURLToPath(new URL('../../dist/aws-lambda-authorizer.zip', import.meta.url));

const binary = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Must never show in any output. */
export const CREDENTIAL = 'canary-credential-4711';

/** The runtimes that the zip is made for. */
export const NODES = {
  24: binary('node_modules/node/bin/node'),
  22: binary('test/node-22/node_modules/node/bin/node'),
} as const;

export type NodeVersion = keyof typeof NODES;

/** Those on which whole suites repeat themselves: outside CI one stands for both, and 22 gets half of the fault matrix. */
export const VERSIONS: readonly NodeVersion[] = THOROUGH ? [24, 22] : [24];

let unpacked: Promise<string> | undefined;

const taskRoot = (): Promise<string> => {
  unpacked ??= unpackToTaskRoot(ZIP);
  return unpacked;
};

/** The file that Lambda loads, for a process that is no Lambda runtime. */
export const handlerFile = async (): Promise<string> => join(await taskRoot(), HANDLER.replace(/\.handler$/, '.mjs'));

/** Starts the authorizer; the test CA is trusted and prewarming is off unless `env` says otherwise. */
export const startAuthorizer = async (
  env: Readonly<Record<string, string>>,
  options: Partial<EnvironmentOptions> = {},
): Promise<Environment> =>
  startEnvironment({
    taskRoot: await taskRoot(),
    handler: HANDLER,
    timeoutMs: 30_000,
    node: NODES[24],
    ...options,
    env: {
      PINGONE_GATEWAY_CREDENTIAL: CREDENTIAL,
      NODE_EXTRA_CA_CERTS: tlsMaterials.caFile,
      PINGONE_PREWARM: 'false',
      ...env,
    },
  });
