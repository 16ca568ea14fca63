/** The parts of an authorizer, each made from its group of the configuration. */
import type { AuthorizerConfig } from './config/configuration.ts';
import type { Gateway } from './corridor/port.ts';
import { fixedCredential, type GatewayCredential } from './credential/credential.ts';
import { fetchedCredential } from './credential/fetched-credential.ts';
import { type FetchSecret, fetchFrom } from './credential/secret-stores.ts';
import { type BreakerState, type Counts, newCounts } from './domain/call.ts';
import type { Clock } from './domain/clock.ts';
import { type Permit, refusedChanges } from './domain/decision.ts';
import { errorName } from './domain/errors.ts';
import { gated } from './gate/token-gate.ts';
import { attempts } from './pdp/attempt.ts';
import { guarded } from './pdp/breaker.ts';
import { sidebandPdp } from './pdp/client.ts';
import { openSockets } from './pdp/connection-pool.ts';
import { cached } from './pdp/decision-cache.ts';
import type { Pdp } from './pdp/pdp.ts';
import type { Send } from './pdp/send.ts';
import { overHttp } from './pdp/transport.ts';
import { noShadow, type Shadow, whenStarted } from './shadow/load-shadow.ts';
import { type Log, openLog, type WriteLine } from './telemetry/log.ts';
import { shadowRecorder } from './telemetry/shadow-record.ts';

/** The only seams: what a test or another host puts in the place of network, secret store, time, stdout and runtime. */
export interface Overrides {
  readonly send?: Send;
  /** The same for the shadow's service; `send` alone leaves the shadow on the network. */
  readonly shadowSend?: Send;
  readonly fetchSecret?: FetchSecret;
  readonly clock?: Clock;
  readonly writeLine?: WriteLine;
  /** Node's version, such as `22.11.0`; undefined for that of the running Node. */
  readonly nodeVersion?: string;
}

/** What every part may be handed. */
export interface Shared {
  readonly overrides: Overrides;
  readonly clock: Clock;
  readonly log: Log;
  readonly counts: Counts;
}

/** A credential, and how it changed. */
export interface Kept {
  readonly credential: GatewayCredential;
  /** Changes whenever the credential does. */
  readonly epoch: () => number;
}

export function credentialFor(config: AuthorizerConfig, { overrides, clock, log, counts }: Shared): Kept {
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
export function transportFor({ transport, pool }: AuthorizerConfig, { overrides, clock }: Shared) {
  if (overrides.send !== undefined) return { send: overrides.send, prewarm: () => undefined };
  const sockets = openSockets(transport.serviceUrl, pool, clock);
  return { send: overHttp(transport, sockets, clock), prewarm: sockets.prewarm };
}

export function breakerFor(send: Send, { breaker }: AuthorizerConfig, { clock, log, counts }: Shared) {
  if (breaker === undefined) return { send, state: (): BreakerState => 'off' };
  return guarded(send, breaker, clock, ({ state, forMs }) => {
    if (state === 'open') counts.circuitOpened += 1;
    log.record(state === 'open' ? 'WARN' : 'INFO', 'breaker', { state, forMs });
  });
}

export function cachedFor(
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

export function gatedFor(pdp: Pdp, { tokenGate, deadlineMs }: AuthorizerConfig, { clock, log }: Shared): Pdp {
  if (tokenGate === undefined) return pdp;
  const judge = import('./gate/token-judge.ts').then(({ tokenJudge }) => tokenJudge(tokenGate, deadlineMs, clock));
  return gated(pdp, judge, error => log.record('WARN', 'token-gate', { state: 'off', error: errorName(error) }));
}

/** The shadow has sockets, breaker and credential of its own; of the configuration it shares what is not about a service. */
export function shadowFor(config: AuthorizerConfig, { overrides, clock, log, counts }: Shared): Shadow {
  const { shadow, platform } = config;
  if (shadow === undefined) return noShadow;
  const { send: _, shadowSend, ...others } = overrides;
  const record = shadowRecorder(config, log, counts, clock.now);
  const apart = {
    overrides: shadowSend === undefined ? others : { ...others, send: shadowSend },
    clock,
    log: openLog('SILENT', () => undefined, clock.now),
    counts: newCounts(),
  };
  const own = { ...config, ...shadow, transport: { ...config.transport, serviceUrl: shadow.serviceUrl } };
  const { send } = breakerFor(transportFor(own, apart).send, own, apart);
  const pdp = sidebandPdp(attempts(send, clock), credentialFor(own, apart).credential, config.replyBinding);
  const starting = Promise.all([import('./shadow/shadow.ts'), import('./telemetry/after-answers.ts')]).then(
    ([{ startShadow }, { afterAnswers }]) =>
      startShadow(pdp, own, work => afterAnswers(platform, 'pingone-authorizer-shadow', work, clock), clock, record),
  );
  return whenStarted(starting, error => log.record('WARN', 'shadow-failed', { error: errorName(error) }));
}
