/** The port to tracing: three decorators and a call after each answer; compose wires it, `tracing.ts` fills it. */
import type { Environment } from '../config/configuration.ts';
import type { Authorize } from '../corridor/port.ts';
import type { Pdp } from '../pdp/pdp.ts';
import type { Send } from '../pdp/send.ts';

export interface Telemetry {
  readonly authorize: (authorize: Authorize) => Authorize;
  readonly pdp: (pdp: Pdp) => Pdp;
  readonly send: (send: Send) => Send;
  /** Called once an answer is on its way; what is exported is exported after it. Never throws, never waits. */
  readonly answered: () => void;
  /** Resolves when init may end, as far as telemetry goes; undefined if it has nothing to wait for. Never rejects. */
  readonly ready: Promise<void> | undefined;
}

/** No spans, no SDK, no cost. */
export const untraced: Telemetry = Object.freeze({
  authorize: same,
  pdp: same,
  send: same,
  answered: () => undefined,
  ready: undefined,
});

/** Where spans go; `unknown` names an exporter that is not built in. */
export type SpanExport = 'otlp' | 'console' | 'none' | 'unknown';

/**
 * Whether and how spans are exported, by OpenTelemetry's own variables: an exporter or an endpoint must be named, and
 * `OTEL_SDK_DISABLED=true` or `OTEL_TRACES_EXPORTER=none` turn it off.
 */
export const spanExport = (otel: Environment): SpanExport => {
  const exporter = otel['OTEL_TRACES_EXPORTER']?.trim() ?? '';
  const endpoint = otel['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || otel['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (otel['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return 'none';
  if (exporter === '') return endpoint ? 'otlp' : 'none';
  return exporter === 'otlp' || exporter === 'console' || exporter === 'none' ? exporter : 'unknown';
};

function same<T>(part: T): T {
  return part;
}
