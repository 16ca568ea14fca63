/** The composition root: configuration in, wired authorizer out; the only file that knows every part. */
import { type Authorize, corridor, type Gateway, refuseAll } from './authorizer.ts';
import { onNode } from './config/runtime.ts';
import type { AuthorizerConfig, LoadedConfig } from './config.ts';
import { type Permit, refusedChanges } from './decision.ts';
import { type BreakerState, type Counts, newCounts } from './facts.ts';
import { apiGateway } from './gateway/api-gateway.ts';
import { attempts } from './pdp/attempt.ts';
import { guarded } from './pdp/breaker.ts';
import { sidebandPdp } from './pdp/client.ts';
import { fixedCredential, type GatewayCredential } from './pdp/credential.ts';
import { type Clock, systemClock } from './pdp/deadline.ts';
import { cached } from './pdp/decision-cache.ts';
import { fetchedCredential } from './pdp/fetched-credential.ts';
import type { Pdp } from './pdp/pdp.ts';
import { retried } from './pdp/retry.ts';
import { type FetchSecret, fetchFrom } from './pdp/secret-stores.ts';
import type { Send } from './pdp/send.ts';
import { openSockets } from './pdp/sockets.ts';
import { overHttp } from './pdp/transport.ts';
import { type ApiGatewayAuthorizer, type Authorizer, type Served, serve } from './serve.ts';
import { loadTelemetry } from './telemetry/load.ts';
import { type Log, logConfiguration, openLog, stdoutLine, type WriteLine } from './telemetry/log.ts';
import { recorder } from './telemetry/record.ts';
import { type Telemetry, untraced } from './telemetry/telemetry.ts';

/** The only seams: what a test or another host puts in the place of network, secret store, time, stdout and runtime. */
export interface Overrides {
  readonly send?: Send;
  readonly fetchSecret?: FetchSecret;
  readonly clock?: Clock;
  readonly writeLine?: WriteLine;
  /** Node's version, such as `22.11.0`; that of the Node that runs us where missing. */
  readonly nodeVersion?: string;
}

/** An authorizer, and what a Lambda function's init has to wait for. */
export interface Composed<Result> {
  readonly authorize: Authorizer<Result>;
  /** Resolves when telemetry is known to Lambda, or after 200 ms; undefined where no spans are exported. Never rejects. */
  readonly ready: Promise<void> | undefined;
}

type Parts = Omit<Served, 'record'> & Pick<Composed<unknown>, 'ready'>;

interface Environment {
  readonly overrides: Overrides;
  readonly clock: Clock;
  readonly log: Log;
  readonly counts: Counts;
}

const credentialFor = (
  { credential, settings }: AuthorizerConfig,
  { overrides, clock, log, counts }: Environment,
  onChange: () => void,
): GatewayCredential => {
  if (credential.store === 'environment') return fixedCredential(credential.value);
  const fetchText = overrides.fetchSecret ?? fetchFrom[credential.store];
  return fetchedCredential(
    signal => fetchText(credential.id, signal, credential.region),
    { ttlMs: settings.PINGONE_CREDENTIAL_TTL_MS, deadlineMs: settings.AUTHORIZER_DEADLINE_MS },
    clock,
    counts,
    event => {
      if (event.event === 'refreshed' && event.changed) onChange();
      log.record(event.event === 'refreshed' ? 'INFO' : 'WARN', 'credential', event);
    },
  );
};

/** The transport, and what opens its first connection ahead of time. */
const transportFor = ({ serviceUrl, settings }: AuthorizerConfig, { overrides, clock }: Environment) => {
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

const cacheFor = (
  pdp: Pdp,
  { answers: { forwardHeaders }, settings }: AuthorizerConfig,
  { unapplied }: Gateway<unknown>,
  credentialEpoch: () => number,
  clock: Clock,
): Pdp => {
  if (settings.DECISION_CACHE_TTL_MS === 0) return pdp;
  const cache = {
    ttlMs: settings.DECISION_CACHE_TTL_MS,
    maxEntries: settings.DECISION_CACHE_MAX_ENTRIES,
    keyParts: settings.DECISION_CACHE_KEY,
    forwardHeaders,
  };
  const rules = {
    credentialEpoch,
    cacheable: (permit: Permit) => refusedChanges(unapplied(permit), settings.ON_UNAPPLIED_CHANGES).length === 0,
  };
  return cached(pdp, cache, rules, clock);
};

/** What a valid configuration is served by, from the wire up to the corridor. */
const serveBy = (gateway: Gateway<unknown>, config: AuthorizerConfig, environment: Environment): Parts => {
  const { settings } = config;
  const { clock, log, counts } = environment;
  let credentialEpoch = 0;
  const credential = credentialFor(config, environment, () => {
    credentialEpoch += 1;
  });
  const transport = transportFor(config, environment);
  let state = (): BreakerState => 'off';

  const assemble = (telemetry: Telemetry): Authorize => {
    const breaker = breakerFor(telemetry.send(transport.send), config, environment);
    state = breaker.state;
    const attempt = retried(attempts(breaker.send, clock), settings.PINGONE_RETRIES);
    const client = sidebandPdp(attempt, credential, settings.PINGONE_REPLY_BINDING);
    const pdp = telemetry.pdp(cacheFor(client, config, gateway, () => credentialEpoch, clock));
    const corridorSettings = {
      deadlineMs: settings.AUTHORIZER_DEADLINE_MS,
      onUnappliedChanges: settings.ON_UNAPPLIED_CHANGES,
    };
    return telemetry.authorize(corridor(gateway, pdp, corridorSettings, clock));
  };

  credential.prewarm();
  if (settings.PINGONE_PREWARM) transport.prewarm();
  const breakerState = (): BreakerState => state();
  const loading = loadTelemetry(config, clock, log, counts);
  if (loading === undefined) {
    return { authorize: assemble(untraced), breakerState, answered: untraced.answered, ready: undefined };
  }

  let telemetry = untraced;
  const assembled = loading.then(loaded => {
    telemetry = loaded;
    return assemble(loaded);
  });
  return {
    authorize: async visit => (await assembled)(visit),
    breakerState,
    answered: () => telemetry.answered(),
    ready: assembled.then(() => telemetry.ready),
  };
};

/** What an invalid configuration is served by. */
const REFUSING: Parts = {
  authorize: refuseAll,
  breakerState: () => 'off',
  answered: untraced.answered,
  ready: undefined,
};

/** Wires an authorizer for whichever gateway, as `createAuthorizer` does for API Gateway. */
export const compose = <R>(gateway: Gateway<R>, loaded: LoadedConfig, overrides: Overrides): Composed<R> => {
  const config = onNode(loaded, overrides.nodeVersion ?? process.versions.node);
  const clock = overrides.clock ?? systemClock;
  const log = openLog(config.logLevel, overrides.writeLine ?? stdoutLine(), clock.now);
  const environment = { overrides, clock, log, counts: newCounts() };
  logConfiguration(log, config);
  const { ready, ...parts } = config.valid ? serveBy(gateway, config, environment) : REFUSING;
  const record = recorder(config, log, environment.counts, clock.now);
  return { authorize: serve(gateway, config, { ...parts, record }, clock), ready };
};

/**
 * Wires an authorizer. Call it once, at init: it opens the connection and fetches the credential ahead of the first request.
 * @param config what `loadConfig` made of the environment; an invalid one gives an authorizer that refuses everything.
 */
export function createAuthorizer(config: LoadedConfig, overrides?: Overrides): ApiGatewayAuthorizer;
export function createAuthorizer(config: LoadedConfig, overrides: Overrides = {}): Authorizer {
  return compose(apiGateway(config.answers), config, overrides).authorize;
}
