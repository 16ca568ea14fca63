/** The composition root: configuration in, wired authorizer out; the only file that knows every part. */

import {
  breakerFor,
  cachedFor,
  credentialFor,
  gatedFor,
  type Kept,
  type Overrides,
  type Shared,
  shadowFor,
  transportFor,
} from './compose-parts.ts';
import type { AuthorizerConfig, LoadedConfig } from './config/configuration.ts';
import { loadSettings } from './config/load-config.ts';
import { onNode } from './config/runtime.ts';
import type { AuthorizerSettings } from './config/typed-settings.ts';
import { type Authorizer, type ColdStart, type Served, serve } from './corridor/authorizer.ts';
import { corridor, refuseAll } from './corridor/corridor.ts';
import type { Gateway } from './corridor/port.ts';
import { type Counts, newCounts } from './domain/call.ts';
import { systemClock } from './domain/clock.ts';
import { type ApiGatewayAuthorizer, apiGateway } from './gateway/api-gateway.ts';
import type { AuthorizerResult } from './gateway/response.ts';
import { attempts } from './pdp/attempt.ts';
import { sidebandPdp } from './pdp/client.ts';
import { retried } from './pdp/retry.ts';
import { loadTelemetry } from './telemetry/load-exporter.ts';
import { logConfiguration, openLog, stdoutLine } from './telemetry/log.ts';
import { recorder } from './telemetry/record.ts';
import { untraced } from './telemetry/telemetry.ts';

/** An authorizer, and what a Lambda function's init has to wait for. */
export interface Composed<Result> {
  readonly authorize: Authorizer<Result>;
  /** Resolves when telemetry is known to Lambda, or after 200 ms; undefined if no spans are exported. Never rejects. */
  readonly ready: Promise<void> | undefined;
  /** For the next composition of the same environment; undefined if the configuration is wrong. */
  readonly inheritance: Inheritance | undefined;
}

/** What a change of settings leaves as it is: the credential, the cold start, and what was counted and not yet recorded. */
export interface Inheritance {
  readonly kept: Kept;
  readonly counts: Counts;
  readonly coldStart: ColdStart;
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

/** Wires an authorizer for any gateway. At init nothing is inherited; later, what the composition had that this one replaces. */
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
  const coldStart = inherited?.coldStart ?? { initMs: clock.elapsed(), isOver: false };
  const authorize = serve(gateway, config, { ...parts, record }, clock, coldStart);
  return { authorize, ready, inheritance: kept && { kept, counts: shared.counts, coldStart } };
};

type Parts = Omit<Served, 'record'> & Pick<Composed<unknown>, 'ready'> & { readonly kept: Kept | undefined };

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
  const transport = transportFor(config, shared);
  const breaker = breakerFor(telemetry.send(transport.send), config, shared);
  const attempt = retried(attempts(breaker.send, clock), config.retries);
  const answering = cachedFor(
    sidebandPdp(attempt, kept.credential, config.replyBinding),
    config,
    gateway,
    kept.epoch,
    clock,
  );
  const pdp = gatedFor(answering, config, shared);
  const shadow = shadowFor(config, shared);

  if (config.prewarm) transport.prewarm();
  // The connection is under way before the store's client is loaded, which keeps the process busy.
  kept.credential.prewarm();
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
