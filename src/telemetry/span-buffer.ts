/** A bounded queue of ended spans, exported when told; a collector that is slow or away costs spans, never time or memory. */
import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { Clock } from '../domain/clock.ts';

/** Three spans a request: a few hundred requests' worth. */
const MOST_SPANS = 1024;
/** How long after an answer a flush may keep the environment busy. */
const FLUSH_CAP_MS = 200;
/** After a failed export the collector is left alone this long, doubling up to a minute. */
const PAUSE_MS = { first: 2000, longest: 60_000 };

export interface SpanBuffer extends SpanProcessor {
  /** Exports what is queued, unless an export is under way or paused. Resolves within the cap, whatever happens. */
  readonly flush: () => Promise<void>;
}

/** Queues sampled spans for `exporter`; tells `dropped` how many spans were lost. */
export const spanBuffer = (exporter: SpanExporter, clock: Clock, dropped: (spans: number) => void): SpanBuffer => {
  let queue: ReadableSpan[] = [];
  let exporting = false;
  let failures = 0;
  let pausedUntil = 0;

  const settle = (spans: number, failed: boolean): void => {
    exporting = false;
    failures = failed ? failures + 1 : 0;
    if (!failed) return;
    dropped(spans);
    pausedUntil = clock.now() + Math.min(PAUSE_MS.first * 2 ** (failures - 1), PAUSE_MS.longest);
  };

  const start = (): Promise<void> => {
    const batch = queue;
    queue = [];
    return new Promise(resolve => {
      const done = (failed: boolean): void => {
        settle(batch.length, failed);
        resolve();
      };
      try {
        exporter.export(batch, ({ code }) => done(code !== 0));
      } catch {
        done(true);
      }
    });
  };

  /** A collector that does not answer within the cap is not waited for again until it has. */
  const capped = (work: Promise<void>): Promise<void> =>
    new Promise(resolve => {
      const cancel = clock.after(FLUSH_CAP_MS, resolve);
      work.then(() => {
        cancel();
        resolve();
      }, resolve);
    });

  const flush = (): Promise<void> => {
    const now = clock.now();
    const paused = now < pausedUntil && pausedUntil - now <= PAUSE_MS.longest;
    if (exporting || queue.length === 0 || paused) return Promise.resolve();
    exporting = true;
    return capped(start());
  };

  return {
    onStart: () => undefined,
    onEnd: span => {
      if ((span.spanContext().traceFlags & 1) === 0) return;
      if (queue.length < MOST_SPANS) queue.push(span);
      else dropped(1);
    },
    flush,
    forceFlush: flush,
    shutdown: () => exporter.shutdown(),
  };
};
