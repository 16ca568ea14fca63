/** The port to tracing: three decorators and a word after each answer; compose wires it, `tracing.ts` fills it. */
import type { Authorize } from '../authorizer.ts';
import type { Environment } from '../config.ts';
import type { Pdp } from '../pdp/pdp.ts';
import type { Send } from '../pdp/send.ts';

export interface Telemetry {
  readonly authorize: (authorize: Authorize) => Authorize;
  readonly pdp: (pdp: Pdp) => Pdp;
  readonly send: (send: Send) => Send;
  /** Told once an answer is on its way; what is exported is exported after it. Never throws, never waits. */
  readonly answered: () => void;
}

const same = <T>(part: T): T => part;

/** No spans, no SDK, no cost. */
export const untraced: Telemetry = Object.freeze({
  authorize: same,
  pdp: same,
  send: same,
  answered: () => undefined,
});

/**
 * Whether spans are to be exported, by OpenTelemetry's own variables: an exporter or an endpoint is named, and neither
 * `OTEL_SDK_DISABLED=true` nor `OTEL_TRACES_EXPORTER=none` says otherwise.
 */
export const exportsSpans = (otel: Environment): boolean => {
  const exporter = otel['OTEL_TRACES_EXPORTER']?.trim() ?? '';
  const endpoint = otel['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || otel['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (otel['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true' || exporter === 'none') return false;
  return exporter !== '' || (endpoint !== undefined && endpoint !== '');
};
