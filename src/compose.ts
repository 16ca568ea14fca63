/** The composition root: configuration in, wired authorizer out; the only file that knows every part. */
import type { AuthorizerConfig, LoadedConfig } from './config/groups.ts';
import { loadSettings } from './config/load.ts';
import { onNode } from './config/runtime.ts';
import type { AuthorizerSettings } from './config/typed-settings.ts';
import { type Authorizer, type Served, serve } from './corridor/authorizer.ts';
import { corridor, refuseAll } from './corridor/corridor.ts';
import type { Gateway } from './corridor/port.ts';
import { fixedCredential, type GatewayCredential } from './credential/credential.ts';
import { fetchedCredential } from './credential/fetched-credential.ts';
import { type FetchSecret, fetchFrom } from './credential/secret-stores.ts';
import { type BreakerState, type Counts, newCounts } from './domain/call.ts';
import { type Clock, systemClock } from './domain/clock.ts';
import { type Permit, refusedChanges } from './domain/decision.ts';
import { errorName } from './domain/errors.ts';
import { gated } from './gate/token-gate.ts';
import { type ApiGatewayAuthorizer, apiGateway } from './gateway/api-gateway.ts';
import type { AuthorizerResult } from './gateway/response.ts';
import { attempts } from './pdp/attempt.ts';
import { guarded } from './pdp/breaker.ts';
import { sidebandPdp } from './pdp/client.ts';
import { cached } from './pdp/decision-cache.ts';
import type { Pdp } from './pdp/pdp.ts';
import { retried } from './pdp/retry.ts';
import type { Send } from './pdp/send.ts';
import { openSockets } from './pdp/sockets.ts';
import { overHttp } from './pdp/transport.ts';
import { noShadow, type Shadow, whenStarted } from './shadow/load.ts';
import { loadTelemetry } from './telemetry/load.ts';
import { type Log, logConfiguration, openLog, stdoutLine, type WriteLine } from './telemetry/log.ts';
import { recorder } from './telemetry/record.ts';
import { shadowRecorder } from './telemetry/shadow-record.ts';
import { untraced } from './telemetry/telemetry.ts';

/** The only seams: what a test or another host puts in the place of network, secret store, time, stdout and runtime. */
export interface Overrides {
  readonly send?: Send;
  readonly fetchSecret?: FetchSecret;
  readonly clock?: Clock;
  readonly writeLine?: WriteLine;
  /** Node's version, such as `22.11.0`; undefined for that of the running Node. */
  readonly nodeVersion?: string;
}

/** An authorizer, and what a Lambda function's init has to wait for. */
export interface Composed<Result> {
  readonly authorize: Authorizer<Result>;
  /** Resolves when telemetry is known to Lambda, or after 200 ms; undefined if no spans are exported. Never rejects. */
  readonly ready: Promise<void> | undefined;
  /** For the next composition of the same environment; undefined if the configuration is wrong. */
  readonly inheritance: Inheritance | undefined;
}

/** What a change of settings leaves as it is: the credential, and what was counted and not yet recorded. */
export interface Inheritance {
  readonly kept: Kept;
  readonly counts: Counts;
}

/**
 * Wires an authorizer. Call it once, at init: it opens the connection and fetches the credential ahead of the first request.
 * @param config typed settings, or what `loadConfig` or `loadSettings` returned. A wrong one gives an authorizer that refuses
 * every request with `CONFIG_INVALID`, and one log line that names each problem.
 * @example
 * export const handler = createAuthorizer({
 *   serviceUrl: 'https://http-access-api.pingone.eu/v1/environments/0b8f1a6e-0000-4000-8000-000000000000',
 *   gatewayCredential: { secret: 'pingone/gateway-credential' },
 * });
 */
export function createAuthorizer(
  config: LoadedConfig | AuthorizerSettings,
  overrides?: Overrides,
): ApiGatewayAuthorizer;
export function createAuthorizer(
  config: LoadedConfig | AuthorizerSettings,
  overrides: Overrides = {},
): Authorizer<AuthorizerResult> {
  const loaded = 'valid' in config ? config : loadSettings(config);
  return compose(apiGateway(loaded.answers), loaded, overrides).authorize;
}

/**
 * Wires an authorizer for any gateway, as `createAuthorizer` does for API Gateway.
 * @param inherited from the composition that this one replaces; undefined at init.
 */
export const compose = <R>(
  gateway: Gateway<R>,
  loaded: LoadedConfig,
  overrides: Overrides,
  inherited?: Inheritance,
): Composed<R> => {
  const config = onNode(loaded, overrides.nodeVersion ?? process.versions.node);
  const clock = overrides.clock ?? systemClock;
  const log = openLog(config.logLevel, overrides.writeLine ?? stdoutLine(), clock.now);
  const shared = { overrides, clock, log, counts: inherited?.counts ?? newCounts() };
  logConfiguration(log, config);
  const { ready, kept, ...parts } = config.valid ? assemble(gateway, config, shared, inherited?.kept) : REFUSING;
  const record = recorder(config, log, shared.counts, clock.now);
  const authorize = serve(gateway, config, { ...parts, record }, clock, inherited === undefined);
  return { authorize, ready, inheritance: kept && { kept, counts: shared.counts } };
};

type Parts = Omit<Served, 'record'> & Pick<Composed<unknown>, 'ready'> & { readonly kept: Kept | undefined };

/** What every part may be handed. */
interface Shared {
  readonly overrides: Overrides;
  readonly clock: Clock;
  readonly log: Log;
  readonly counts: Counts;
}

/** What serves an invalid configuration. */
const REFUSING: Parts = {
  authorize: refuseAll,
  admitsPreflights: false,
  breakerState: () => 'off',
  answered: untraced.answered,
  ready: undefined,
  kept: undefined,
};

/** What serves a valid configuration: one line from the corridor down to the wire. */
function assemble(gateway: Gateway<unknown>, config: AuthorizerConfig, shared: Shared, inherited?: Kept): Parts {
  const { clock, log, counts } = shared;
  const telemetry = loadTelemetry(config, clock, log, counts);
  const kept = inherited ?? credentialFor(config, shared);
  const { credential, epoch } = kept;
  const transport = transportFor(config, shared);
  const breaker = breakerFor(telemetry.send(transport.send), config, shared);
  const attempt = retried(attempts(breaker.send, clock), config.retries);
  const answering = cachedFor(sidebandPdp(attempt, credential, config.replyBinding), config, gateway, epoch, clock);
  const pdp = gatedFor(answering, config, shared);
  const shadow = shadowFor(config, shared);

  if (config.prewarm) transport.prewarm();
  // The connection is under way before the store's client is loaded, which keeps the process busy.
  credential.prewarm();
  return {
    authorize: telemetry.authorize(shadow.authorize(corridor(gateway, telemetry.pdp(pdp), config, clock))),
    admitsPreflights: true,
    breakerState: breaker.state,
    answered: () => {
      telemetry.answered();
      shadow.answered();
    },
    ready: shadow.readyWith(telemetry.ready),
    kept,
  };
}

interface Kept {
  readonly credential: GatewayCredential;
  /** Changes whenever the credential does. */
  readonly epoch: () => number;
}

function credentialFor(config: AuthorizerConfig, { overrides, clock, log, counts }: Shared): Kept {
  const { credential: location, credentialTtlMs: ttlMs, deadlineMs } = config;
  if (location.store === 'environment') return { credential: fixedCredential(location.value), epoch: () => 0 };
  const fetchText = overrides.fetchSecret ?? fetchFrom[location.store];
  let changes = 0;
  const credential = fetchedCredential(
    signal => fetchText(location.id, signal, location.region),
    { ttlMs, deadlineMs },
    clock,
    counts,
    event => {
      if (event.event === 'refreshed' && event.changed) changes += 1;
      log.record(event.event === 'refreshed' ? 'INFO' : 'WARN', 'credential', event);
    },
  );
  return { credential, epoch: () => changes };
}

/** The transport, and what opens its first connection ahead of time. */
function transportFor({ transport, pool }: AuthorizerConfig, { overrides, clock }: Shared) {
  if (overrides.send !== undefined) return { send: overrides.send, prewarm: () => undefined };
  const sockets = openSockets(transport.serviceUrl, pool, clock);
  return { send: overHttp(transport, sockets, clock), prewarm: sockets.prewarm };
}

function breakerFor(send: Send, { breaker }: AuthorizerConfig, { clock, log, counts }: Shared) {
  if (breaker === undefined) return { send, state: (): BreakerState => 'off' };
  return guarded(send, breaker, clock, ({ state, forMs }) => {
    if (state === 'open') counts.circuitOpened += 1;
    log.record(state === 'open' ? 'WARN' : 'INFO', 'breaker', { state, forMs });
  });
}

function cachedFor(
  pdp: Pdp,
  { cache, onUnappliedChanges }: AuthorizerConfig,
  { unapplied }: Gateway<unknown>,
  credentialEpoch: () => number,
  clock: Clock,
): Pdp {
  if (cache === undefined) return pdp;
  const cacheable = (permit: Permit) => refusedChanges(unapplied(permit), onUnappliedChanges).length === 0;
  return cached(pdp, cache, { credentialEpoch, cacheable }, clock);
}

function gatedFor(pdp: Pdp, { tokenGate, deadlineMs }: AuthorizerConfig, { clock, log }: Shared): Pdp {
  if (tokenGate === undefined) return pdp;
  const judge = import('./gate/token-judge.ts').then(({ tokenJudge }) => tokenJudge(tokenGate, deadlineMs, clock));
  return gated(pdp, judge, error => log.record('WARN', 'token-gate', { state: 'off', error: errorName(error) }));
}

/** The shadow has sockets, breaker and credential of its own; of the configuration it shares what is not about a service. */
function shadowFor(config: AuthorizerConfig, { overrides, clock, log, counts }: Shared): Shadow {
  const { shadow, platform } = config;
  if (shadow === undefined) return noShadow;
  const { send: _, ...others } = overrides;
  const record = shadowRecorder(config, log, counts, clock.now);
  const apart = { overrides: others, clock, log: openLog('SILENT', () => undefined, clock.now), counts: newCounts() };
  const own = { ...config, ...shadow, transport: { ...config.transport, serviceUrl: shadow.serviceUrl } };
  const { send } = breakerFor(transportFor(own, apart).send, own, apart);
  const pdp = sidebandPdp(attempts(send, clock), credentialFor(own, apart).credential, config.replyBinding);
  const starting = Promise.all([import('./shadow/shadow.ts'), import('./telemetry/after-answers.ts')]).then(
    ([{ startShadow }, { afterAnswers }]) =>
      startShadow(pdp, own, work => afterAnswers(platform, 'pingone-authorizer-shadow', work, clock), clock, record),
  );
  return whenStarted(starting, error => log.record('WARN', 'shadow-failed', { error: errorName(error) }));
}
