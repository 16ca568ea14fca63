/** The authorizer's settings as typed properties, and the environment variables that they become. */

/** Left out is the authorizer's own default. Meanings: docs/settings.md, under the variable of the same name. */
export interface AuthorizerSettings {
  /** The API gateway's Service URL from PingOne. */
  readonly pingOneServiceUrl: string;
  readonly pingOneCredentialHeader?: string;
  readonly pingOneCredentialTtlMs?: number;
  readonly pingOneConnectTimeoutMs?: number;
  readonly pingOneRequestTimeoutMs?: number;
  /** At most 7000: the function ends after 8 s. */
  readonly authorizerDeadlineMs?: number;
  readonly pingOneRetries?: 0 | 1 | 2;
  readonly pingOneMaxSockets?: number;
  readonly pingOneSocketIdleMs?: number;
  readonly pingOneMaxReplyBytes?: number;
  readonly pingOneReplyBinding?: 'full' | 'request';
  readonly pingOnePrewarm?: boolean;
  readonly breakerEnabled?: boolean;
  readonly breakerErrorThresholdPercent?: number;
  readonly breakerVolumeThreshold?: number;
  readonly breakerWindowMs?: number;
  readonly breakerResetMs?: number;
  readonly failClosedAs?: 'deny' | 'error';
  readonly unauthorizedAs?: 'throw' | 'deny';
  /** `simple` for HTTP APIs with simple responses; REST APIs get a policy all the same. */
  readonly responseFormat?: 'iam' | 'simple';
  readonly forwardHeaders?: readonly string[];
  readonly onUnappliedChanges?: 'ignore' | 'deny';
  readonly decisionCacheTtlMs?: number;
  readonly decisionCacheMaxEntries?: number;
  readonly decisionCacheKey?: readonly string[];
  readonly tokenGate?: 'off' | 'shape' | 'expiry' | 'signature';
  /** Required with `signature`. */
  readonly tokenGateJwksUrl?: string;
  /** A second service, which is asked the same and never obeyed; it needs `shadowCredential`. */
  readonly shadowServiceUrl?: string;
  readonly shadowPercent?: number;
  readonly debug?: boolean;
  readonly logLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'SILENT';
  readonly metrics?: 'emf' | 'none';
  readonly metricsNamespace?: string;
  readonly otelSdkDisabled?: boolean;
  readonly otelTracesExporter?: 'otlp' | 'console' | 'none';
  readonly otelExporterOtlpEndpoint?: string;
  readonly otelExporterOtlpTracesEndpoint?: string;
  readonly otelExporterOtlpHeaders?: string;
  readonly otelExporterOtlpTimeout?: number;
  readonly otelServiceName?: string;
  readonly otelResourceAttributes?: string;
  readonly otelTracesSampler?: string;
  readonly otelTracesSamplerArg?: number;
  readonly otelPropagators?: string;
}

const VARIABLES = {
  pingOneServiceUrl: 'PINGONE_SERVICE_URL',
  pingOneCredentialHeader: 'PINGONE_CREDENTIAL_HEADER',
  pingOneCredentialTtlMs: 'PINGONE_CREDENTIAL_TTL_MS',
  pingOneConnectTimeoutMs: 'PINGONE_CONNECT_TIMEOUT_MS',
  pingOneRequestTimeoutMs: 'PINGONE_REQUEST_TIMEOUT_MS',
  authorizerDeadlineMs: 'AUTHORIZER_DEADLINE_MS',
  pingOneRetries: 'PINGONE_RETRIES',
  pingOneMaxSockets: 'PINGONE_MAX_SOCKETS',
  pingOneSocketIdleMs: 'PINGONE_SOCKET_IDLE_MS',
  pingOneMaxReplyBytes: 'PINGONE_MAX_REPLY_BYTES',
  pingOneReplyBinding: 'PINGONE_REPLY_BINDING',
  pingOnePrewarm: 'PINGONE_PREWARM',
  breakerEnabled: 'BREAKER_ENABLED',
  breakerErrorThresholdPercent: 'BREAKER_ERROR_THRESHOLD_PERCENT',
  breakerVolumeThreshold: 'BREAKER_VOLUME_THRESHOLD',
  breakerWindowMs: 'BREAKER_WINDOW_MS',
  breakerResetMs: 'BREAKER_RESET_MS',
  failClosedAs: 'FAIL_CLOSED_AS',
  unauthorizedAs: 'UNAUTHORIZED_AS',
  responseFormat: 'RESPONSE_FORMAT',
  forwardHeaders: 'FORWARD_HEADERS',
  onUnappliedChanges: 'ON_UNAPPLIED_CHANGES',
  decisionCacheTtlMs: 'DECISION_CACHE_TTL_MS',
  decisionCacheMaxEntries: 'DECISION_CACHE_MAX_ENTRIES',
  decisionCacheKey: 'DECISION_CACHE_KEY',
  tokenGate: 'TOKEN_GATE',
  tokenGateJwksUrl: 'TOKEN_GATE_JWKS_URL',
  shadowServiceUrl: 'SHADOW_SERVICE_URL',
  shadowPercent: 'SHADOW_PERCENT',
  debug: 'DEBUG',
  logLevel: 'LOG_LEVEL',
  metrics: 'METRICS',
  metricsNamespace: 'METRICS_NAMESPACE',
  otelSdkDisabled: 'OTEL_SDK_DISABLED',
  otelTracesExporter: 'OTEL_TRACES_EXPORTER',
  otelExporterOtlpEndpoint: 'OTEL_EXPORTER_OTLP_ENDPOINT',
  otelExporterOtlpTracesEndpoint: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  otelExporterOtlpHeaders: 'OTEL_EXPORTER_OTLP_HEADERS',
  otelExporterOtlpTimeout: 'OTEL_EXPORTER_OTLP_TIMEOUT',
  otelServiceName: 'OTEL_SERVICE_NAME',
  otelResourceAttributes: 'OTEL_RESOURCE_ATTRIBUTES',
  otelTracesSampler: 'OTEL_TRACES_SAMPLER',
  otelTracesSamplerArg: 'OTEL_TRACES_SAMPLER_ARG',
  otelPropagators: 'OTEL_PROPAGATORS',
} as const satisfies Record<keyof AuthorizerSettings, string>;

const LONGEST_DEADLINE_MS = 7000;

/** Lists become comma lists; what is left out stays out. */
export function environmentOf(settings: AuthorizerSettings): Record<string, string> {
  const { authorizerDeadlineMs = 0 } = settings;
  if (authorizerDeadlineMs > LONGEST_DEADLINE_MS) {
    throw new Error(`authorizerDeadlineMs must be at most ${LONGEST_DEADLINE_MS}, for the function ends after 8 s.`);
  }
  const given = new Map(Object.entries(settings));
  return Object.fromEntries(
    Object.entries(VARIABLES).flatMap(([property, variable]) => {
      const value: unknown = given.get(property);
      return value === undefined ? [] : [[variable, String(value)]];
    }),
  );
}
