/** The composition root: configuration in, wired authorizer out; the only file that knows every part. */
import { type Authorize, corridor, refuseAll, type Visit } from './authorizer.ts';
import type { AuthorizerConfig, BaseConfig, LoadedConfig } from './config.ts';
import { type BreakerState, type Counts, newCounts, newFacts } from './facts.ts';
import { readEnvelope } from './gateway/envelope.ts';
import { readInvocation } from './gateway/invocation.ts';
import { type AuthorizerResult, toResult } from './gateway/response.ts';
import { guarded } from './pdp/breaker.ts';
import { sidebandPdp } from './pdp/client.ts';
import { fixedCredential, type GatewayCredential } from './pdp/credential.ts';
import { type Clock, systemClock } from './pdp/deadline.ts';
import { fetchedCredential } from './pdp/fetched-credential.ts';
import { retried } from './pdp/retry.ts';
import { type FetchSecret, fetchFrom } from './pdp/secret-stores.ts';
import type { Send } from './pdp/send.ts';
import { openSockets } from './pdp/sockets.ts';
import { overHttp } from './pdp/transport.ts';
import { type Log, openLog, stdoutLine, type WriteLine } from './telemetry/log.ts';
import { recorder } from './telemetry/record.ts';

/** What Lambda calls: an API Gateway authorizer event and Lambda's context in, the answer to API Gateway out. */
export type Authorizer = (event: unknown, context?: unknown) => Promise<AuthorizerResult>;

/** The only seams: what a test or another host puts in the place of network, secret store, time and stdout. */
export interface Overrides {
  readonly send?: Send;
  readonly fetchSecret?: FetchSecret;
  readonly clock?: Clock;
  readonly writeLine?: WriteLine;
}

interface Environment {
  readonly clock: Clock;
  readonly log: Log;
  readonly counts: Counts;
}

const credentialFor = (
  { credential, settings }: AuthorizerConfig,
  { clock, log, counts }: Environment,
  overrides: Overrides,
): GatewayCredential => {
  if (credential.store === 'environment') return fixedCredential(credential.value);
  const fetchText = overrides.fetchSecret ?? fetchFrom[credential.store];
  return fetchedCredential(
    signal => fetchText(credential.id, signal),
    settings.PINGONE_CREDENTIAL_TTL_MS,
    clock,
    counts,
    event => log.record(event.event === 'refreshed' ? 'INFO' : 'WARN', 'credential', event),
  );
};

/** The transport, and what opens its first connection ahead of time. */
const transportFor = ({ serviceUrl, settings }: AuthorizerConfig, clock: Clock, overrides: Overrides) => {
  if (overrides.send !== undefined) return { send: overrides.send, prewarm: () => undefined };
  const sockets = openSockets(
    serviceUrl,
    {
      maxSockets: settings.PINGONE_MAX_SOCKETS,
      idleMs: settings.PINGONE_SOCKET_IDLE_MS,
      connectTimeoutMs: settings.PINGONE_CONNECT_TIMEOUT_MS,
    },
    clock,
  );
  const transport = {
    serviceUrl,
    credentialHeader: settings.PINGONE_CREDENTIAL_HEADER,
    requestTimeoutMs: settings.PINGONE_REQUEST_TIMEOUT_MS,
    maxReplyBytes: settings.PINGONE_MAX_REPLY_BYTES,
  };
  return { send: overHttp(transport, sockets, clock), prewarm: sockets.prewarm };
};

const breakerFor = (send: Send, { settings }: AuthorizerConfig, { clock, log, counts }: Environment) => {
  if (!settings.BREAKER_ENABLED) return { send, state: (): BreakerState => 'off' };
  return guarded(
    send,
    {
      errorThresholdPercent: settings.BREAKER_ERROR_THRESHOLD_PERCENT,
      volumeThreshold: settings.BREAKER_VOLUME_THRESHOLD,
      windowMs: settings.BREAKER_WINDOW_MS,
      resetMs: settings.BREAKER_RESET_MS,
    },
    clock,
    ({ state, forMs }) => {
      if (state === 'open') counts.circuitOpened += 1;
      log.record(state === 'open' ? 'WARN' : 'INFO', 'breaker', { state, forMs });
    },
  );
};

/** How a valid configuration decides, from the wire up to the corridor. */
const decideBy = (config: AuthorizerConfig, environment: Environment, overrides: Overrides) => {
  const { settings, answers } = config;
  const credential = credentialFor(config, environment, overrides);
  const transport = transportFor(config, environment.clock, overrides);
  const breaker = breakerFor(transport.send, config, environment);
  const pdp = sidebandPdp(retried(breaker.send, settings.PINGONE_RETRIES), credential);
  const corridorSettings = {
    deadlineMs: settings.AUTHORIZER_DEADLINE_MS,
    forwardHeaders: answers.forwardHeaders,
    onUnappliedChanges: settings.ON_UNAPPLIED_CHANGES,
  };
  credential.prewarm();
  if (settings.PINGONE_PREWARM) transport.prewarm();
  return { authorize: corridor(pdp, corridorSettings, environment.clock), breakerState: breaker.state };
};

const refuseBy = (problems: readonly string[], { log }: Environment) => {
  log.record('ERROR', 'configuration', { reasonCode: 'CONFIG_INVALID', problems });
  return { authorize: refuseAll, breakerState: (): BreakerState => 'off' };
};

/** Answers and records what `authorize` decides. */
const serve = (
  config: BaseConfig,
  authorize: Authorize,
  breakerState: () => BreakerState,
  { clock, log, counts }: Environment,
): Authorizer => {
  const record = recorder(config, log, counts, clock.now);
  const initMs = clock.elapsed();
  let first = true;
  return async (event, context) => {
    const started = clock.elapsed();
    const coldStart = first && config.platform.initializationType !== 'provisioned-concurrency';
    const start = { coldStart, initMs: first ? initMs : undefined };
    first = false;
    const visit: Visit = {
      event,
      envelope: readEnvelope(event),
      invocation: readInvocation(context),
      facts: newFacts(breakerState()),
      trace: undefined,
    };
    const outcome = await authorize(visit);
    record(visit, outcome, clock.elapsed() - started, start);
    const requestId = visit.envelope.requestId ?? visit.invocation.requestId ?? 'unknown';
    return toResult(
      outcome.decision,
      visit.envelope,
      outcome.request,
      { requestId, traceId: visit.facts.traceId },
      config.answers,
    );
  };
};

/**
 * Wires an authorizer. Call it once, at init: it opens the connection and fetches the credential ahead of the first request.
 * @param config what `loadConfig` made of the environment; an invalid one gives an authorizer that refuses everything.
 */
export const createAuthorizer = (config: LoadedConfig, overrides: Overrides = {}): Authorizer => {
  const clock = overrides.clock ?? systemClock;
  const log = openLog(config.logLevel, overrides.writeLine ?? stdoutLine(), clock.now);
  const environment = { clock, log, counts: newCounts() };
  const { authorize, breakerState } = config.valid
    ? decideBy(config, environment, overrides)
    : refuseBy(config.problems, environment);
  return serve(config, authorize, breakerState, environment);
};
