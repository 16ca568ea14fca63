/** OpenTelemetry's variables of batches and timeouts, read by the rules of its specification: what cannot be used is ignored. */
import type { Environment } from '../config/configuration.ts';

export interface BatchSettings {
  /** How long an ended span may wait in the queue, in ms. */
  readonly delayMs: number;
  readonly maxBatchSpans: number;
  readonly maxQueueSpans: number;
  /** How long one export may take, in ms; Infinity for no limit. */
  readonly exportTimeoutMs: number;
  /** One sentence for each variable that is ignored; none holds a value. */
  readonly problems: readonly string[];
}

/**
 * The defaults are OpenTelemetry's own but for two that Lambda needs shorter. Spans wait 1 s (5 s there), because what waits when the
 * environment freezes arrives only with its next request or its end. A collector has 1 s (10 s there), because it is near by.
 */
export const batchSettings = (otel: Environment): BatchSettings => {
  const problems: string[] = [];
  const read = (name: string, min: number): number | undefined => {
    const text = otel[name]?.trim() ?? '';
    if (text === '') return undefined;
    if (/^\d+$/.test(text) && Number(text) >= min && Number(text) <= LONGEST_TIMER_MS) return Number(text);
    problems.push(`${name} must be a whole number from ${min} to ${LONGEST_TIMER_MS}; it is ignored.`);
    return undefined;
  };
  const maxQueueSpans = read('OTEL_BSP_MAX_QUEUE_SIZE', 1) ?? 2048;
  const otlpTimeoutMs = read('OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', 0) ?? read('OTEL_EXPORTER_OTLP_TIMEOUT', 0) ?? 1000;
  return {
    delayMs: read('OTEL_BSP_SCHEDULE_DELAY', 0) ?? 1000,
    maxBatchSpans: Math.min(read('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 1) ?? 512, maxQueueSpans),
    maxQueueSpans,
    exportTimeoutMs: Math.min(limit(read('OTEL_BSP_EXPORT_TIMEOUT', 0) ?? 30_000), limit(otlpTimeoutMs)),
    problems,
  };
};

/** Node's timers fire at once if they are set for longer. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** In OpenTelemetry a timeout of zero means no limit. */
function limit(timeoutMs: number): number {
  return timeoutMs === 0 ? Number.POSITIVE_INFINITY : timeoutMs;
}
