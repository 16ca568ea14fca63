/** The configuration in groups: one for each part that is configured. */
import type { ReplyBinding } from '../sideband/binding.ts';
import type { ServiceUrl } from './service-url.ts';
import type { Values } from './variables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the gateway credential is. */
export type CredentialLocation =
  | { readonly store: 'environment'; readonly value: string }
  | {
      readonly store: 'secrets-manager' | 'parameter-store';
      readonly id: string;
      /** The store's region; undefined for the function's own. */
      readonly region?: string | undefined;
    };

/** The settings that shape an answer. They hold even if the rest of the configuration is wrong. */
export interface AnswerSettings {
  readonly responseFormat: 'iam' | 'simple';
  readonly failClosedAs: 'deny' | 'error';
  readonly unauthorizedAs: 'throw' | 'deny';
  /** Lower-case header names. */
  readonly forwardHeaders: readonly string[];
}

/** One call to PingOne. */
export interface TransportSettings {
  readonly serviceUrl: ServiceUrl;
  readonly credentialHeader: string;
  /** One attempt, from the first byte sent to the last byte of the reply. */
  readonly requestTimeoutMs: number;
  readonly maxReplyBytes: number;
}

/** The keep-alive connections. */
export interface PoolSettings {
  readonly maxSockets: number;
  /** A connection that was idle for longer than this is not used again. Wall clock, so a freeze of the environment counts. */
  readonly idleMs: number;
  /** TCP and TLS together. */
  readonly connectTimeoutMs: number;
}

export interface BreakerSettings {
  readonly errorThresholdPercent: number;
  /** The breaker opens only after this many calls in the window. */
  readonly volumeThreshold: number;
  readonly windowMs: number;
  readonly resetMs: number;
}

export interface CacheSettings {
  readonly ttlMs: number;
  readonly maxEntries: number;
  /** `method`, `url`, `authorization`, `sourceIp`, `header:<name>`. `authorization` is part of the key even if it is not named. */
  readonly keyParts: readonly string[];
  /** Headers whose final value the backend gets. The client's values of these headers are always part of the key. */
  readonly forwardHeaders: readonly string[];
}

/** What the token gate checks before PingOne is asked. */
export type TokenGateSettings =
  | { readonly check: 'shape' | 'expiry' }
  | {
      readonly check: 'signature';
      /** Of the JSON Web Key Set. */
      readonly jwksUrl: string;
    };

/** A second service, which is asked the same and never obeyed. */
export interface ShadowSettings {
  readonly serviceUrl: ServiceUrl;
  readonly credential: CredentialLocation;
  /** 1 to 100. */
  readonly percent: number;
}

export type LogLevel = Values['LOG_LEVEL'];

/** What Lambda's own variables say about the environment. */
export interface Platform {
  readonly functionName: string;
  readonly initializationType: string | undefined;
  /** Host and port of the Runtime and Extensions APIs. */
  readonly runtimeApi: string | undefined;
  /** True on Lambda managed instances, where invocations overlap and the environment never freezes. */
  readonly concurrent: boolean;
  /** The X-Ray header of the current invocation. Lambda sets it anew for each invocation, so it is read at each call. */
  readonly xrayHeader: () => string | undefined;
}

/** The settings that hold even if others are wrong, so that a wrong configuration still answers and logs as asked. */
export interface BaseConfig {
  readonly answers: AnswerSettings;
  readonly logLevel: LogLevel;
  readonly metrics: Values['METRICS'];
  readonly metricsNamespace: string;
  readonly debug: boolean;
  readonly platform: Platform;
  /** The variables `OTEL_*`, unchanged: OpenTelemetry defines their meaning, and handles errors in them. */
  readonly otel: Environment;
  /** One sentence for each variable that looks like one of ours and is not. Such a variable has no effect. */
  readonly warnings: readonly string[];
}

export interface AuthorizerConfig extends BaseConfig {
  readonly valid: true;
  readonly credential: CredentialLocation;
  /** How long a fetched credential is used before it is fetched again. */
  readonly credentialTtlMs: number;
  readonly transport: TransportSettings;
  readonly pool: PoolSettings;
  /** Whether the first connection is opened during init. */
  readonly prewarm: boolean;
  readonly retries: number;
  readonly replyBinding: ReplyBinding;
  /** Undefined if the breaker is off. */
  readonly breaker: BreakerSettings | undefined;
  /** Undefined if the cache is off. */
  readonly cache: CacheSettings | undefined;
  /** Undefined if the gate is off. */
  readonly tokenGate: TokenGateSettings | undefined;
  /** Undefined if there is no shadow. */
  readonly shadow: ShadowSettings | undefined;
  /** The time for everything that one request does. */
  readonly deadlineMs: number;
  readonly onUnappliedChanges: 'ignore' | 'deny';
}

export interface InvalidConfig extends BaseConfig {
  readonly valid: false;
  /** One sentence for each problem. It names the variable and never holds a value. */
  readonly problems: readonly string[];
}

export type LoadedConfig = AuthorizerConfig | InvalidConfig;

/** The groups that only a valid configuration has. */
export type Groups = Omit<AuthorizerConfig, keyof BaseConfig | 'valid' | 'credential' | 'shadow'>;

/** Builds the groups from the parsed rows, frozen. */
export const groupsOf = (values: Values, serviceUrl: ServiceUrl): Groups => ({
  credentialTtlMs: values.PINGONE_CREDENTIAL_TTL_MS,
  transport: Object.freeze({
    serviceUrl,
    credentialHeader: values.PINGONE_CREDENTIAL_HEADER,
    requestTimeoutMs: values.PINGONE_REQUEST_TIMEOUT_MS,
    maxReplyBytes: values.PINGONE_MAX_REPLY_BYTES,
  }),
  pool: Object.freeze({
    maxSockets: values.PINGONE_MAX_SOCKETS,
    idleMs: values.PINGONE_SOCKET_IDLE_MS,
    connectTimeoutMs: values.PINGONE_CONNECT_TIMEOUT_MS,
  }),
  prewarm: values.PINGONE_PREWARM,
  retries: values.PINGONE_RETRIES,
  replyBinding: values.PINGONE_REPLY_BINDING,
  breaker: breakerOf(values),
  cache: cacheOf(values),
  tokenGate: tokenGateOf(values),
  deadlineMs: values.AUTHORIZER_DEADLINE_MS,
  onUnappliedChanges: values.ON_UNAPPLIED_CHANGES,
});

/** Builds the answer settings from the parsed rows, frozen. */
export const answersOf = (values: Values): AnswerSettings =>
  Object.freeze({
    responseFormat: values.RESPONSE_FORMAT,
    failClosedAs: values.FAIL_CLOSED_AS,
    unauthorizedAs: values.UNAUTHORIZED_AS,
    forwardHeaders: values.FORWARD_HEADERS,
  });

function breakerOf(values: Values): BreakerSettings | undefined {
  if (!values.BREAKER_ENABLED) return undefined;
  return Object.freeze({
    errorThresholdPercent: values.BREAKER_ERROR_THRESHOLD_PERCENT,
    volumeThreshold: values.BREAKER_VOLUME_THRESHOLD,
    windowMs: values.BREAKER_WINDOW_MS,
    resetMs: values.BREAKER_RESET_MS,
  });
}

function cacheOf(values: Values): CacheSettings | undefined {
  if (values.DECISION_CACHE_TTL_MS === 0) return undefined;
  return Object.freeze({
    ttlMs: values.DECISION_CACHE_TTL_MS,
    maxEntries: values.DECISION_CACHE_MAX_ENTRIES,
    keyParts: values.DECISION_CACHE_KEY,
    forwardHeaders: values.FORWARD_HEADERS,
  });
}

function tokenGateOf({ TOKEN_GATE: check, TOKEN_GATE_JWKS_URL: jwksUrl }: Values): TokenGateSettings | undefined {
  if (check === 'off') return undefined;
  if (check !== 'signature') return Object.freeze({ check });
  return jwksUrl === undefined ? undefined : Object.freeze({ check, jwksUrl });
}
