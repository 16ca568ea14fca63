/** Every span, attribute and metric name, once; imports nothing. Sources: OpenTelemetry semantic conventions 1.x (stable HTTP, FaaS) and docs/operating.md. */

/** CloudWatch metric name -> EMF unit. The dashboards and alarms draw exactly these. */
export const METRIC_UNITS = {
  Permit: 'Count',
  Deny: 'Count',
  FailClosed: 'Count',
  AuthorizerLatency: 'Milliseconds',
  PdpLatency: 'Milliseconds',
  PdpAttempts: 'Count',
  PdpRetries: 'Count',
  CircuitOpened: 'Count',
  CircuitRefused: 'Count',
  CredentialRefresh: 'Count',
  CredentialRefreshFailed: 'Count',
  DecisionCacheHit: 'Count',
  UnappliedChanges: 'Count',
  ColdStart: 'Count',
  InitDuration: 'Milliseconds',
  TokenGateRefused: 'Count',
  ShadowAgree: 'Count',
  ShadowDisagree: 'Count',
  ShadowFailed: 'Count',
  Preflight: 'Count',
} as const;

export type MetricName = keyof typeof METRIC_UNITS;

/** Metrics that are also counted per reason of a denial. */
export const METRICS_BY_REASON = ['Deny', 'FailClosed'] as const satisfies readonly MetricName[];

export const DIMENSION = { functionName: 'FunctionName', reasonCode: 'ReasonCode' } as const;

export const SPAN = { authorize: 'authorize', decide: 'pingone.decide', post: 'POST' } as const;

/** The allow-list: no span carries an attribute that is not here. */
export const ATTRIBUTE = {
  faasColdStart: 'faas.coldstart',
  faasTrigger: 'faas.trigger',
  faasInvocationId: 'faas.invocation_id',
  cloudResourceId: 'cloud.resource_id',
  httpRequestMethod: 'http.request.method',
  httpResponseStatusCode: 'http.response.status_code',
  httpResendCount: 'http.request.resend_count',
  httpRoute: 'http.route',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  urlFull: 'url.full',
  errorType: 'error.type',
  peerService: 'peer.service',
  effect: 'pingone.effect',
  reasonCode: 'pingone.reason_code',
  status: 'pingone.status',
  attempts: 'pingone.attempts',
  breaker: 'pingone.breaker.state',
  correlationId: 'pingone.correlation_id',
  eventKind: 'pingone.event.kind',
  cacheHit: 'pingone.decision_cache.hit',
  unappliedChanges: 'pingone.unapplied_changes',
} as const;
