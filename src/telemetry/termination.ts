/** SIGTERM, which Lambda sends before it ends an environment that has extensions. */

/** What is used of Node's process. */
export interface Signals {
  readonly pid: number;
  once(signal: 'SIGTERM', listener: () => void): unknown;
  listenerCount(signal: 'SIGTERM'): number;
  kill(pid: number, signal: 'SIGTERM'): unknown;
}

/**
 * Finishes work on SIGTERM, and then lets the signal end the process as it would have without us. If others listen to SIGTERM too,
 * they decide how the process ends. A second signal does not wait.
 * @param finish must end in time by itself and never reject.
 */
export const onTermination = (finish: () => Promise<void>, signals: Signals = process): void => {
  signals.once('SIGTERM', () => {
    void finish().then(() => {
      if (signals.listenerCount('SIGTERM') === 0) signals.kill(signals.pid, 'SIGTERM');
    });
  });
};
