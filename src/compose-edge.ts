/** The composition of the edge function: what is baked, wired once, and wired anew whenever stored settings change it. */
import { compose } from './compose.ts';
import type { Overrides } from './compose-parts.ts';
import type { Authorizer } from './corridor/authorizer.ts';
import { fetchFrom } from './credential/secret-stores.ts';
import { systemClock } from './domain/clock.ts';
import { cloudFront, type EdgeResult } from './edge/cloudfront.ts';
import { type BakedSettings, type EdgeConfig, loadEdgeConfig } from './edge/settings.ts';
import { storedSettings } from './edge/stored-settings.ts';
import { openLog, stdoutLine } from './telemetry/log.ts';

/** Wires an edge function. Without a place of stored settings nothing is added to the authorizer. */
export const composeEdge = (baked: BakedSettings, overrides: Overrides = {}): Authorizer<EdgeResult> => {
  const edge = loadEdgeConfig(baked);
  const shared = { ...overrides, writeLine: overrides.writeLine ?? stdoutLine() };
  const composed = compose(cloudFront(edge.gateway), edge.config, shared);
  const { source } = edge;
  if (source === undefined || composed.inheritance === undefined) return composed.authorize;

  const clock = overrides.clock ?? systemClock;
  let inForce = { ...composed, config: edge.config };
  const apply = ({ config, gateway }: EdgeConfig): void => {
    inForce = { ...compose(cloudFront(gateway), config, shared, inForce.inheritance), config };
  };
  const fetchText = overrides.fetchSecret ?? fetchFrom[source.store];
  const stored = storedSettings(baked, source, fetchText, clock, apply, event => {
    const log = openLog(inForce.config.logLevel, shared.writeLine, clock.now);
    log.record(event.state === 'in-force' ? 'INFO' : 'WARN', 'settings', event);
  });
  return async (event, context) => {
    const waiting = stored.waiting() ?? stored.renew();
    if (waiting !== undefined) await waiting;
    // One request is served by one composition, whichever is in force when it begins.
    return inForce.authorize(event, context);
  };
};
