/** The CloudFront face of `npm start`: one distribution in front of the demo backend, guarded by the edge package. */
import { ROWS } from '../../src/config/variables.ts';
import { loadEdgeConfig } from '../../src/edge/settings.ts';
import { EDGE_ROWS } from '../../src/edge/variables.ts';
import { configurationError } from '../configuration.ts';
import type { Backend } from '../gateway/outgoing.ts';
import type { LoopbackServer } from '../loopback.ts';
import { startSecretStore } from '../secret-store.ts';
import { startCloudFront } from './distribution.ts';
import { type EdgeSettings, startEdgeFunction } from './edge-function.ts';

export type EdgeDemoOptions = {
  /** The variables of the demo's authorizer: the edge function is baked with what of them has a meaning there. */
  readonly variables: Readonly<Record<string, string>>;
  readonly origin: Backend;
  readonly port?: number;
  readonly onLine?: (line: string) => void;
  readonly onProblem?: (problem: string) => void;
};

const SECRET_NAME = 'pingone/gateway-credential';
const REGION = 'eu-west-1';
/** Settings of the authorizer's that the edge package takes as they are, if it knows them at all. */
const BAKED = /^(?:PINGONE_(?!GATEWAY_CREDENTIAL$)|BREAKER_|ON_UNAPPLIED_CHANGES$|DEBUG$|LOG_LEVEL$|METRICS)/;
const isKnown = (name: string): boolean => Object.hasOwn(ROWS, name) || Object.hasOwn(EDGE_ROWS, name);
const TOLD = /^(?:AWS_|NODE_EXTRA_CA_CERTS$)/;

const only = (
  variables: Readonly<Record<string, string>>,
  isWanted: (name: string) => boolean,
): Record<string, string> => Object.fromEntries(Object.entries(variables).filter(([name]) => isWanted(name)));

/** What is baked for these variables; throws a sentence for each that the edge cannot take. */
const edgeSettings = (settings: Record<string, string>, variables: Readonly<Record<string, string>>): EdgeSettings => {
  const baked = { FUNCTION_NAME: 'edge', ...withRegion(settings, variables) };
  const { config } = loadEdgeConfig(baked);
  if (!config.valid) throw configurationError(config.problems);
  return baked;
};

const withRegion = (
  settings: Record<string, string>,
  variables: Readonly<Record<string, string>>,
): Record<string, string> => {
  const reference = settings['PINGONE_GATEWAY_CREDENTIAL_SECRET'] ?? settings['PINGONE_GATEWAY_CREDENTIAL_PARAMETER'];
  return reference?.startsWith('arn:') === true
    ? settings
    : { ...settings, PINGONE_CREDENTIAL_REGION: variables['AWS_REGION'] ?? REGION };
};

export const startEdgeDemo = async (options: EdgeDemoOptions): Promise<LoopbackServer> => {
  const { variables, origin, port = 0, onLine, onProblem } = options;
  const credential = variables['PINGONE_GATEWAY_CREDENTIAL'];
  // An edge function has its credential from a store and nowhere else.
  const store =
    credential === undefined ? undefined : await startSecretStore({ name: SECRET_NAME, secret: () => credential });
  const settings = only(variables, name => BAKED.test(name) && isKnown(name));
  const env = only(variables, name => TOLD.test(name));
  if (store !== undefined) {
    settings['PINGONE_GATEWAY_CREDENTIAL_SECRET'] = SECRET_NAME;
    env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = store.origin;
  }
  try {
    const lambda = await startEdgeFunction(
      edgeSettings(settings, variables),
      env,
      onLine === undefined ? {} : { onLine },
    );
    await lambda.warm();
    const server = await startCloudFront({
      invoke: lambda.invoke,
      origin,
      port,
      ...(onProblem === undefined ? {} : { onProblem }),
    });
    return {
      ...server,
      close: async () => {
        await server.close();
        await Promise.all([lambda.close(), store?.close()]);
      },
    };
  } catch (error) {
    await store?.close();
    throw error;
  }
};
