/** A wait that ends in time, for what telemetry asks of others. */
import type { Clock } from '../domain/clock.ts';

/** Resolves when the work has ended, however it did, or after some ms. */
export const atMost = (ms: number, work: Promise<unknown>, clock: Clock): Promise<void> =>
  new Promise(resolve => {
    const cancel = clock.after(ms, resolve);
    const ended = (): void => {
      cancel();
      resolve();
    };
    work.then(ended, ended);
  });
