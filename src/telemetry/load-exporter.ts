/** Loads what exports spans, and only if that is on: otherwise the SDK costs nothing. */
import type { AuthorizerConfig } from '../config/configuration.ts';
import type { Counts } from '../domain/call.ts';
import type { Clock } from '../domain/clock.ts';
import { errorName } from '../domain/errors.ts';
import type { Log } from './log.ts';
import { spanExport, type Telemetry, untraced } from './telemetry.ts';

/** Starts telemetry. What stands in its way is logged and turns it off. */
export const loadTelemetry = (config: AuthorizerConfig, clock: Clock, log: Log, counts: Counts): Telemetry => {
  const exporting = spanExport(config.otel);
  if (exporting === 'none') return untraced;
  if (exporting === 'unknown') {
    log.record('WARN', 'telemetry', { state: 'off', problem: 'OTEL_TRACES_EXPORTER must be otlp, console or none' });
    return untraced;
  }
  return whenLoaded(
    import('./export.ts')
      .then(({ startTelemetry }) => startTelemetry(config, clock, log, counts))
      .catch((error: unknown) => {
        log.record('WARN', 'telemetry', { state: 'off', error: errorName(error) });
        return untraced;
      }),
  );
};

/** A Telemetry whose parts wait for the loading one: only the calls that come before it is there wait at all. */
function whenLoaded(loading: Promise<Telemetry>): Telemetry {
  let { answered } = untraced;
  const loaded = loading.then(telemetry => {
    answered = telemetry.answered;
    return telemetry;
  });
  return Object.freeze({
    authorize: part => onceMade(loaded.then(({ authorize }) => authorize(part))),
    pdp: part => onceMade(loaded.then(({ pdp }) => pdp(part))),
    send: part => onceMade(loaded.then(({ send }) => send(part))),
    answered: () => answered(),
    ready: loaded.then(({ ready }) => ready),
  } satisfies Telemetry);
}

function onceMade<Arguments extends unknown[], T>(
  making: Promise<(...given: Arguments) => Promise<T>>,
): (...given: Arguments) => Promise<T> {
  let made: ((...given: Arguments) => Promise<T>) | undefined;
  const waiting = making.then(part => {
    made = part;
    return part;
  });
  return (...given) => (made === undefined ? waiting.then(part => part(...given)) : made(...given));
}
