/** One time budget per request -> one AbortSignal. */
import type { Clock } from '../domain/clock.ts';
import { AuthorizerError } from '../domain/errors.ts';

/** Kept back of the remaining Lambda time for the answer itself, in ms; never more than half of it. */
const MARGIN_MS = 300;
/** How long the work may take after the signal to end with a reason of its own, in ms. */
const GRACE_MS = 20;
/** A reason made once: `abort()` alone would build a DOMException with its stack. */
const OVER = new Error('the request is over');

/** ms for one request: the configured budget, within what is left of the invocation. */
export const budgetMs = (configuredMs: number, remainingMs: number | undefined): number =>
  remainingMs === undefined || !Number.isFinite(remainingMs)
    ? configuredMs
    : Math.max(0, Math.min(configuredMs, Math.max(remainingMs - MARGIN_MS, remainingMs / 2)));

export interface Deadline {
  /** Aborted when the time is over, and never for a request that ends in time. */
  readonly signal: AbortSignal;
  /** Settles as the work does, but never later than the deadline, whatever the work does with the signal. */
  readonly bound: <T>(work: Promise<T>) => Promise<T>;
  /** The request has its answer: the time does not run out any more. */
  readonly end: () => void;
}

/**
 * Starts the time of one request.
 * @returns its deadline; `bound` rejects with `PDP_TIMEOUT` if the work does not end in time.
 */
export const startDeadline = (ms: number, clock: Clock): Deadline => {
  const controller = new AbortController();
  const { signal } = controller;
  const end = clock.after(ms, () => controller.abort(OVER));
  return { signal, bound: work => endingWith(signal, work, GRACE_MS, clock), end };
};

/**
 * Settles as the work does. After the signal, the work has `graceMs` to end with a reason of its own.
 * @returns a promise that rejects with a `PDP_TIMEOUT` that counts as unhealthy when they are over.
 */
export const endingWith = <T>(signal: AbortSignal, work: Promise<T>, graceMs: number, clock: Clock): Promise<T> =>
  new Promise((resolve, reject) => {
    let cancel: (() => void) | undefined;
    const abort = (): void => {
      cancel = clock.after(graceMs, () => reject(new AuthorizerError('PDP_TIMEOUT', { unhealthy: true })));
    };
    const stop = (): void => {
      signal.removeEventListener('abort', abort);
      cancel?.();
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(
      value => {
        stop();
        resolve(value);
      },
      (error: unknown) => {
        stop();
        reject(error);
      },
    );
  });
