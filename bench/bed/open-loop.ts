/** A load of constant rate that does not wait for answers; every call is timed from the moment it was meant to start. */
import { setTimeout as delay } from 'node:timers/promises';

export interface Timed<T> {
  /** ms from the start of the load to the intended start of the call. */
  readonly at: number;
  /** ms from the intended start to the answer: what waited in our own queue counts. */
  readonly ms: number;
  readonly result: T;
}

/** Calls `work` at a constant rate for some ms, and waits for every answer. */
export const openLoop = async <T>(
  ratePerSecond: number,
  forMs: number,
  work: () => Promise<T>,
): Promise<readonly Timed<T>[]> => {
  const gap = 1000 / ratePerSecond;
  const started = performance.now();
  const pending: Promise<Timed<T>>[] = [];
  const call = async (at: number): Promise<Timed<T>> => {
    const result = await work();
    return { at, ms: performance.now() - started - at, result };
  };
  for (let next = 0; next * gap < forMs; ) {
    const due = Math.min(Math.floor((performance.now() - started) / gap), Math.ceil(forMs / gap) - 1);
    for (; next <= due; next += 1) pending.push(call(next * gap));
    await delay(Math.max(0, Math.min(next * gap - (performance.now() - started), 5)));
  }
  return Promise.all(pending);
};
