/** Who decides: the embedded policy service with its local secret store, or a real PingOne. */
import { control } from './policy/control.ts';
import { readPolicy } from './policy/policy.ts';
import { type PolicyCall, startPolicyService } from './policy/policy-service.ts';
import { startSecretStore } from './secret-store.ts';
import type { Settings } from './settings.ts';

export const POLICY_FILE = 'local/policy/policy.json';
const SECRET_NAME = 'pingone/gateway-credential';
/** The local store asks nobody who they are, but AWS's client signs each call as somebody. */
const AWS_IDENTITY = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

export type DecisionSource = {
  readonly url: string;
  readonly embedded: boolean;
  /** What the authorizer must be configured with to reach it. */
  readonly variables: Readonly<Record<string, string>>;
  /** With them another process on this machine reaches it; none for a real PingOne. */
  readonly settings: Readonly<Record<string, string>>;
  /** Carries out a command; rejects with a sentence where there is none such. */
  control(command: string): Promise<string>;
  state(): unknown;
  close(): Promise<void>;
};

const pingOne = (url: string): DecisionSource => ({
  url,
  embedded: false,
  variables: {},
  settings: {},
  control: () => Promise.reject(new Error('a real PingOne decides: there is nothing to control here')),
  state: () => ({ policyService: 'PingOne' }),
  close: () => Promise.resolve(),
});

export const openDecisionSource = async (
  { pingOneUrl }: Pick<Settings, 'pingOneUrl'>,
  onCall?: (call: PolicyCall) => void,
): Promise<DecisionSource> => {
  if (pingOneUrl !== undefined) return pingOne(pingOneUrl);
  const policy = await readPolicy(new URL('./policy/policy.json', import.meta.url));
  const service = await startPolicyService({ policy, ...(onCall === undefined ? {} : { onCall }) });
  const store = await startSecretStore({ name: SECRET_NAME, secret: () => service.credential });
  const variables = {
    PINGONE_SERVICE_URL: service.serviceUrl,
    PINGONE_GATEWAY_CREDENTIAL_SECRET: SECRET_NAME,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: store.origin,
  };
  return {
    url: service.serviceUrl,
    embedded: true,
    variables,
    settings: { ...variables, ...AWS_IDENTITY },
    control: command => control(service, command),
    state: () => ({ policyService: 'embedded', mode: service.mode, calls: service.calls }),
    close: async () => {
      await Promise.all([service.close(), store.close()]);
    },
  };
};
