/** Time and chance as parameters: everything that waits, measures or draws is given a Clock, so that tests own it. */

export interface Clock {
  /** Wall clock, ms since 1970: counts while the environment is frozen. */
  readonly now: () => number;
  /** Monotonic, ms, for durations. */
  readonly elapsed: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Runs an action once after some ms; returns what cancels it. */
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

/** Settles as the work does, or rejects with the reason when the signal ends the wait. */
export const until = <T>(signal: AbortSignal, work: Promise<T>, reason: () => unknown): Promise<T> =>
  new Promise((resolve, reject) => {
    const abort = (): void => reject(reason());
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
