/** Loads what exports spans, and only where that is on: the SDK costs nothing where nobody asked for it. */
import type { AuthorizerConfig } from '../config.ts';
import type { Counts } from '../facts.ts';
import type { Clock } from '../pdp/deadline.ts';
import type { Log } from './log.ts';
import { spanExport, type Telemetry, untraced } from './telemetry.ts';

/**
 * Starts telemetry; what stands in its way is logged and leaves it off.
 * @returns undefined where no spans are exported; a promise that never rejects elsewhere.
 */
export const loadTelemetry = (
  config: AuthorizerConfig,
  clock: Clock,
  log: Log,
  counts: Counts,
): Promise<Telemetry> | undefined => {
  const exporting = spanExport(config.otel);
  if (exporting === 'none') return undefined;
  if (exporting === 'unknown') {
    log.record('WARN', 'telemetry', { state: 'off', problem: 'OTEL_TRACES_EXPORTER must be otlp, console or none' });
    return undefined;
  }
  return import('./export.ts')
    .then(({ startTelemetry }) => startTelemetry(config, clock, counts))
    .catch((error: unknown) => {
      log.record('WARN', 'telemetry', { state: 'off', error: error instanceof Error ? error.name : 'unknown' });
      return untraced;
    });
};
