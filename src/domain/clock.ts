/** Time and chance as a parameter: all code that waits, measures or draws takes a Clock, so that tests control it. */

export interface Clock {
  /** Wall clock, ms since 1970. It goes on while the environment is frozen. */
  readonly now: () => number;
  /** Monotonic clock, ms, for durations. It may stand still while the environment is frozen. */
  readonly elapsed: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Runs an action once after some ms. Returns a function that cancels it. */
  readonly after: (ms: number, action: () => void) => () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  random: Math.random,
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

/** Settles as the work does, or rejects with the reason as soon as the signal is aborted. */
export const until = <T>(signal: AbortSignal, work: Promise<T>, reason: () => unknown): Promise<T> =>
  new Promise((resolve, reject) => {
    const abort = (): void => reject(reason());
    const stop = (): void => signal.removeEventListener('abort', abort);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject);
    work.then(stop, stop);
  });
