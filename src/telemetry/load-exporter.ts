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
  let { answered } = untraced;
  /** A part as it is, and as the telemetry makes it once that is there. */
  const traced = <Part>(part: Part, make: (telemetry: Telemetry) => Part): (() => Part) => {
    let made = part;
    void loading.then(telemetry => {
      made = make(telemetry);
    });
    return () => made;
  };
  return Object.freeze({
    authorize: part => {
      const made = traced(part, telemetry => telemetry.authorize(part));
      return visit => made()(visit);
    },
    pdp: part => {
      const made = traced(part, telemetry => telemetry.pdp(part));
      return (request, call) => (call.trace === undefined ? part : made())(request, call);
    },
    send: part => {
      const made = traced(part, telemetry => telemetry.send(part));
      return (post, call) => (call.trace === undefined ? part : made())(post, call);
    },
    answered: () => answered(),
    ready: loading.then(telemetry => {
      answered = telemetry.answered;
      return telemetry.ready;
    }),
  } satisfies Telemetry);
}
