/** The settings as a typed object, for users of the library. It is translated into the environment variables. */
import type { Environment } from './configuration.ts';
import type { ROWS } from './variables.ts';

/**
 * The settings of an authorizer. Defaults, limits and meanings are those of the environment variables.
 * @example
 * createAuthorizer({
 *   serviceUrl: 'https://http-access-api.pingone.eu/v1/environments/0b8f1a6e-0000-4000-8000-000000000000',
 *   gatewayCredential: { secret: 'pingone/gateway-credential' },
 *   deadlineMs: 4000,
 *   breaker: { resetMs: 2000 },
 * });
 */
export interface AuthorizerSettings {
  /** The Service URL of the API gateway in PingOne. */
  readonly serviceUrl: string;
  /** The credential itself, or the name or ARN of the secret or of the SSM parameter that holds it. */
  readonly gatewayCredential: string | { readonly secret: string } | { readonly parameter: string };
  /** The header that carries the credential. */
  readonly credentialHeader?: string;
  /** How long a fetched credential is used before it is fetched again, in ms. */
  readonly credentialTtlMs?: number;
  /** The time for everything that one request does, in ms. */
  readonly deadlineMs?: number;
  /** TCP and TLS together, in ms. */
  readonly connectTimeoutMs?: number;
  /** One attempt, in ms. */
  readonly requestTimeoutMs?: number;
  /** Extra attempts: 0, 1 or 2. */
  readonly retries?: number;
  readonly maxSockets?: number;
  readonly socketIdleMs?: number;
  readonly maxReplyBytes?: number;
  readonly replyBinding?: 'full' | 'request';
  readonly prewarm?: boolean;
  /** `false` turns the circuit breaker off. */
  readonly breaker?:
    | false
    | {
        readonly errorThresholdPercent?: number;
        readonly volumeThreshold?: number;
        readonly windowMs?: number;
        readonly resetMs?: number;
      };
  /** A cache of permits inside the environment; off by default. */
  readonly cache?: { readonly ttlMs: number; readonly maxEntries?: number; readonly key?: readonly string[] };
  /** Refuses worthless tokens before PingOne is asked; off unless it checks something. `jwksUrl` is for `signature`. */
  readonly tokenGate?: { readonly check: 'off' | 'shape' | 'expiry' | 'signature'; readonly jwksUrl?: string };
  /** A second service that is asked the same and never obeyed, with a credential of its own. */
  readonly shadow?: {
    readonly serviceUrl: string;
    readonly gatewayCredential: AuthorizerSettings['gatewayCredential'];
    readonly percent?: number;
  };
  readonly failClosedAs?: 'deny' | 'error';
  readonly unauthorizedAs?: 'throw' | 'deny';
  readonly responseFormat?: 'iam' | 'simple';
  readonly forwardHeaders?: readonly string[];
  readonly onUnappliedChanges?: 'ignore' | 'deny';
  readonly debug?: boolean;
  readonly logLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'SILENT';
  readonly metrics?: 'emf' | 'none';
  readonly metricsNamespace?: string;
}

type Variable = keyof typeof ROWS;
type Setting = string | number | boolean | readonly string[] | undefined;
type Grouped = 'gatewayCredential' | 'breaker' | 'cache' | 'tokenGate' | 'shadow';
type In<Group extends Grouped> = keyof Exclude<NonNullable<AuthorizerSettings[Group]>, false | string>;

/** The environment variables that a typed object stands for. */
export const environmentOf = ({
  gatewayCredential,
  breaker,
  cache,
  tokenGate,
  shadow,
  ...settings
}: AuthorizerSettings): Environment => ({
  ...texts(VARIABLES, settings),
  ...credentialText('PINGONE', gatewayCredential),
  ...(breaker === false ? { BREAKER_ENABLED: 'false' } : texts(BREAKER_VARIABLES, breaker ?? {})),
  ...texts(CACHE_VARIABLES, cache ?? {}),
  ...texts(TOKEN_GATE_VARIABLES, tokenGate ?? {}),
  ...(shadow === undefined ? {} : shadowText(shadow)),
});

const VARIABLES: Readonly<Record<Exclude<keyof AuthorizerSettings, Grouped>, Variable>> = {
  serviceUrl: 'PINGONE_SERVICE_URL',
  credentialHeader: 'PINGONE_CREDENTIAL_HEADER',
  credentialTtlMs: 'PINGONE_CREDENTIAL_TTL_MS',
  deadlineMs: 'AUTHORIZER_DEADLINE_MS',
  connectTimeoutMs: 'PINGONE_CONNECT_TIMEOUT_MS',
  requestTimeoutMs: 'PINGONE_REQUEST_TIMEOUT_MS',
  retries: 'PINGONE_RETRIES',
  maxSockets: 'PINGONE_MAX_SOCKETS',
  socketIdleMs: 'PINGONE_SOCKET_IDLE_MS',
  maxReplyBytes: 'PINGONE_MAX_REPLY_BYTES',
  replyBinding: 'PINGONE_REPLY_BINDING',
  prewarm: 'PINGONE_PREWARM',
  failClosedAs: 'FAIL_CLOSED_AS',
  unauthorizedAs: 'UNAUTHORIZED_AS',
  responseFormat: 'RESPONSE_FORMAT',
  forwardHeaders: 'FORWARD_HEADERS',
  onUnappliedChanges: 'ON_UNAPPLIED_CHANGES',
  debug: 'DEBUG',
  logLevel: 'LOG_LEVEL',
  metrics: 'METRICS',
  metricsNamespace: 'METRICS_NAMESPACE',
};

const BREAKER_VARIABLES: Readonly<Record<In<'breaker'>, Variable>> = {
  errorThresholdPercent: 'BREAKER_ERROR_THRESHOLD_PERCENT',
  volumeThreshold: 'BREAKER_VOLUME_THRESHOLD',
  windowMs: 'BREAKER_WINDOW_MS',
  resetMs: 'BREAKER_RESET_MS',
};

const CACHE_VARIABLES: Readonly<Record<In<'cache'>, Variable>> = {
  ttlMs: 'DECISION_CACHE_TTL_MS',
  maxEntries: 'DECISION_CACHE_MAX_ENTRIES',
  key: 'DECISION_CACHE_KEY',
};

const TOKEN_GATE_VARIABLES: Readonly<Record<In<'tokenGate'>, Variable>> = {
  check: 'TOKEN_GATE',
  jwksUrl: 'TOKEN_GATE_JWKS_URL',
};

function shadowText({ gatewayCredential, ...shadow }: NonNullable<AuthorizerSettings['shadow']>): Environment {
  const variables = { serviceUrl: 'SHADOW_SERVICE_URL', percent: 'SHADOW_PERCENT' } as const;
  return { ...texts(variables, shadow), ...credentialText('SHADOW', gatewayCredential) };
}

function credentialText(
  service: 'PINGONE' | 'SHADOW',
  credential: AuthorizerSettings['gatewayCredential'],
): Environment {
  if (typeof credential === 'string') return { [`${service}_GATEWAY_CREDENTIAL`]: credential };
  return 'secret' in credential
    ? { [`${service}_GATEWAY_CREDENTIAL_SECRET`]: credential.secret }
    : { [`${service}_GATEWAY_CREDENTIAL_PARAMETER`]: credential.parameter };
}

function texts<Name extends string>(
  variables: Readonly<Record<Name, Variable>>,
  settings: Readonly<Partial<Record<Name, Setting>>>,
): Environment {
  const text: Record<string, string> = {};
  for (const name in variables) {
    const value = settings[name];
    if (value !== undefined) text[variables[name]] = String(value);
  }
  return text;
}
