/** One time budget per request -> one AbortSignal. */
import type { Clock } from '../domain/clock.ts';
import { AuthorizerError } from '../domain/errors.ts';

/** Kept back of the remaining Lambda time for the answer itself; never more than half of it. */
const MARGIN_MS = 300;
/** How long the parts have to end by themselves, with a reason of their own, once the signal has told them. */
const GRACE_MS = 20;
/** A reason made once: `abort()` alone would build a DOMException with its stack for every request. */
const OVER = new Error('the request is over');

/** ms for one request: the configured budget, within what is left of the invocation. */
export const budgetMs = (configuredMs: number, remainingMs: number | undefined): number =>
  remainingMs === undefined || !Number.isFinite(remainingMs)
    ? configuredMs
    : Math.max(0, Math.min(configuredMs, Math.max(remainingMs - MARGIN_MS, remainingMs / 2)));

/**
 * Settles as the work does. Work that goes on after the signal has so many ms to end with a reason of its own.
 * @returns a promise that rejects with a `PDP_TIMEOUT` that counts as unhealthy when they are over.
 */
export const endingWith = <T>(signal: AbortSignal, work: Promise<T>, graceMs: number, clock: Clock): Promise<T> =>
  new Promise((resolve, reject) => {
    let cancel = (): void => undefined;
    const abort = (): void => {
      cancel = clock.after(graceMs, () => reject(new AuthorizerError('PDP_TIMEOUT', { unhealthy: true })));
    };
    const stop = (): void => {
      signal.removeEventListener('abort', abort);
      cancel();
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.finally(stop).then(resolve, reject);
  });

export interface Deadline {
  readonly signal: AbortSignal;
  /** Settles as the work does, but never later than the deadline, whatever the work does with the signal. */
  readonly bound: <T>(work: Promise<T>) => Promise<T>;
  /** The answer is there: ends whatever still runs for this request. */
  readonly end: () => void;
}

/**
 * Starts the clock of one request.
 * @returns its deadline; `bound` rejects with `PDP_TIMEOUT` where the work itself does not end in time.
 */
export const startDeadline = (ms: number, clock: Clock): Deadline => {
  const controller = new AbortController();
  const { signal } = controller;
  const cancel = clock.after(ms, () => controller.abort(OVER));
  return {
    signal,
    bound: work => endingWith(signal, work, GRACE_MS, clock),
    end: () => {
      cancel();
      controller.abort(OVER);
    },
  };
};
