/** A bounded queue of ended spans, exported in batches; a collector that is slow or away costs spans, never time or memory. */
import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { Clock } from '../domain/clock.ts';
import { steadyTime } from '../domain/steady-time.ts';
import type { BatchSettings } from './batch-settings.ts';
import type { Losses } from './lost-spans.ts';

export interface SpanBuffer extends SpanProcessor {
  /** Whether the oldest span has waited for the delay, or a batch is full. */
  readonly due: () => boolean;
  /** Exports one batch, unless an export is under way or the collector is left alone. Never rejects. */
  readonly exportBatch: () => Promise<void>;
  /** Exports batch after batch as long as `exportBatch` would. */
  readonly flush: () => Promise<void>;
  /** Exports everything at once, and waits also for what is under way: there is no later. */
  readonly drain: () => Promise<void>;
  /** Spans that wait or are under way. */
  readonly unexported: () => number;
}

/**
 * Queues sampled spans for `exporter`. OpenTelemetry's own BatchSpanProcessor exports by a timer alone, and timers stand still in
 * a frozen environment; here the caller says when.
 */
export const spanBuffer = (
  exporter: SpanExporter,
  { delayMs, maxBatchSpans, maxQueueSpans, exportTimeoutMs }: BatchSettings,
  clock: Clock,
  { lost, recovered }: Pick<Losses, 'lost' | 'recovered'>,
): SpanBuffer => {
  const time = steadyTime(clock);
  const underWay = new Map<Promise<void>, number>();
  const queue: ReadableSpan[] = [];
  /** When the first span of the queue came. */
  let oldestAt = 0;
  /** Batches that a freeze kept from the collector. */
  const again: ReadableSpan[][] = [];
  let failures = 0;
  let pausedUntil = 0;
  let lostSinceStart = false;

  const lose = (spans: number, problem: unknown): void => {
    lostSinceStart = true;
    lost(spans, problem);
  };

  const settle = (batch: ReadableSpan[], repeated: boolean, tookMs: number, result: Result): void => {
    if (result === TAKEN) {
      failures = 0;
      if (!lostSinceStart) recovered();
    } else if (!repeated && (tookMs > exportTimeoutMs + LATE_MS || isBroken(result))) {
      again.push(batch);
    } else {
      failures += 1;
      pausedUntil = time() + Math.min(PAUSE_MS.first * 2 ** (failures - 1), PAUSE_MS.longest);
      lose(batch.length, result);
    }
  };

  const waiting = (): boolean => queue.length > 0 || again.length > 0;

  const start = (): Promise<void> => {
    const repeated = again.shift();
    const batch = repeated ?? queue.splice(0, maxBatchSpans);
    const startedAt = time();
    lostSinceStart = false;
    const work = exported(exporter, batch, exportTimeoutMs, clock).then(result => {
      underWay.delete(work);
      settle(batch, repeated !== undefined, time() - startedAt, result);
    });
    underWay.set(work, batch.length);
    return work;
  };

  const free = (): boolean => waiting() && underWay.size === 0 && time() >= pausedUntil;

  const flush = async (): Promise<void> => {
    while (free()) await start();
  };

  return {
    onStart: () => undefined,
    onEnd: span => {
      if ((span.spanContext().traceFlags & 1) === 0) return;
      if (queue.length >= maxQueueSpans) {
        lose(1, 'the queue is full');
        return;
      }
      if (queue.length === 0) oldestAt = time();
      queue.push(span);
    },
    due: () => again.length > 0 || queue.length >= maxBatchSpans || (queue.length > 0 && time() - oldestAt >= delayMs),
    exportBatch: () => (free() ? start() : Promise.resolve()),
    flush,
    drain: async () => {
      while (waiting() || underWay.size > 0) {
        while (waiting()) void start();
        await Promise.all(underWay.keys());
      }
    },
    unexported: () =>
      [...again.map(({ length }) => length), ...underWay.values()].reduce((sum, spans) => sum + spans, queue.length),
    forceFlush: flush,
    shutdown: () => exporter.shutdown(),
  };
};

/** After a failed export the collector is left alone this long, doubling up to a minute. */
const PAUSE_MS = { first: 2000, longest: 60_000 };
/** A timer that fires later than this has slept through a freeze. */
const LATE_MS = 20;

const TAKEN = Symbol('taken');
type Result = typeof TAKEN | Error | string;

/** One export, at most as long as the timeout. */
function exported(exporter: SpanExporter, batch: ReadableSpan[], timeoutMs: number, clock: Clock): Promise<Result> {
  return new Promise(resolve => {
    const cancel = Number.isFinite(timeoutMs)
      ? clock.after(timeoutMs, () => resolve('the collector did not answer in time'))
      : () => undefined;
    const done = (result: Result): void => {
      cancel();
      resolve(result);
    };
    try {
      exporter.export(batch, ({ code, error }) => done(code === 0 ? TAKEN : (error ?? 'the collector refused')));
    } catch (error) {
      done(error instanceof Error ? error : 'the exporter threw');
    }
  });
}

/** A kept connection that the collector closed while the environment was frozen: a fresh one will do. */
function isBroken(result: Error | string): boolean {
  return result instanceof Error && 'code' in result && (result.code === 'ECONNRESET' || result.code === 'EPIPE');
}
