/** An esbuild plugin that leaves out of the zips the parts of the AWS SDK that never run in Lambda: what is loaded is parsed. */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

export const narrowSdk: Plugin = {
  name: 'narrow-sdk',
  setup({ onLoad }) {
    for (const { module, contents } of STAND_INS) onLoad({ filter: module }, () => ({ contents }));
    onLoad({ filter: SCHEMAS }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(ERRORS, ''),
    }));
  },
};

/** Smaller modules in the place of the SDK's. The build fails if one lacks an export that is imported by name. */
const STAND_INS = [
  {
    // Our clients are given their credentials: SSO, profiles, processes and instance metadata belong to other hosts.
    module: /\/credential-provider-node\/dist-es\/index\.js$/,
    contents: 'export const defaultProvider = () => () => Promise.reject(new Error("no credentials were given"));',
  },
  {
    // Only operations that stream import it, and ours do not. A module that is imported on demand is never tree-shaken,
    // nor is anything that it imports.
    module: /\/core\/dist-es\/submodules\/event-streams\/index\.js$/,
    contents: 'export const EventStreamSerde = undefined;',
  },
  {
    // Lambda has no ~/.aws/config, for which the SDK would look before its first call.
    module: /\/shared-ini-file-loader\/loadSharedConfigFiles\.js$/,
    contents: `export { CONFIG_PREFIX_SEPARATOR } from './constants';
      export const loadSharedConfigFiles = () => Promise.resolve({ configFile: {}, credentialsFile: {} });`,
  },
];

/**
 * A client describes and registers the errors of all its operations, which nothing can shake off. An error that is not
 * registered is one of the client's base class with the same name, and the name is all that we read.
 */
const ERRORS = /^(?:export var \w+\$ = \[-3, n0, [^;]*;|n0_registry\.registerError\(.*\);)$/gm;
const SCHEMAS = /\/client-(?:ssm|secrets-manager)\/dist-es\/schemas\/schemas_0\.js$/;
