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

/**
 * A Telemetry that begins once it is loaded. No request waits for it, because its deadline does not run yet. A request that came
 * before has no trace, and makes no spans later on either: they would have no root.
 */
function whenLoaded(loading: Promise<Telemetry>): Telemetry {
  let telemetry = untraced;
  const loaded = loading.then(given => {
    telemetry = given;
    return given.ready;
  });
  return Object.freeze({
    authorize: part => {
      const made = onceLoaded(
        () => telemetry,
        ({ authorize }) => authorize(part),
      );
      return visit => made()(visit);
    },
    pdp: part => {
      const made = onceLoaded(
        () => telemetry,
        ({ pdp }) => pdp(part),
      );
      return (request, call) => (call.trace === undefined ? part : made())(request, call);
    },
    send: part => {
      const made = onceLoaded(
        () => telemetry,
        ({ send }) => send(part),
      );
      return (post, call) => (call.trace === undefined ? part : made())(post, call);
    },
    answered: () => telemetry.answered(),
    ready: loaded,
  } satisfies Telemetry);
}

/** Makes a part of the telemetry that there is, and again only if that is another one. */
function onceLoaded<T>(current: () => Telemetry, make: (telemetry: Telemetry) => T): () => T {
  let of = current();
  let made = make(of);
  return () => {
    if (of !== current()) {
      of = current();
      made = make(of);
    }
    return made;
  };
}
