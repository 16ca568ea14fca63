/** The rolling window of finished calls; only importer of opossum, which counts them and says when too many failed. */
import { EventEmitter } from 'node:events';
import CircuitBreaker from 'opossum';
import type { BreakerSettings } from '../config/configuration.ts';

export interface FailureWindow {
  /** Counts one call. @returns whether the threshold is reached; the window is empty then. */
  readonly add: (failed: boolean) => Promise<boolean>;
  readonly clear: () => void;
}

const BUCKETS = 10;
/** Made once: opossum looks at no error, only at whether there is one. */
const FAILED = new Error();

/**
 * Opens an empty window.
 * @param time ms; opossum's own interval would stand still while the environment is frozen.
 */
export const failureWindow = (settings: Omit<BreakerSettings, 'resetMs'>, time: () => number): FailureWindow => {
  const buckets = new EventEmitter();
  const bucketMs = settings.windowMs / BUCKETS;
  let rotatedAt = time();
  const circuit = new CircuitBreaker((failed: boolean) => (failed ? Promise.reject(FAILED) : Promise.resolve()), {
    timeout: false,
    // opossum opens above its threshold; ours is "at least".
    errorThresholdPercentage: settings.errorThresholdPercent - 1e-6,
    volumeThreshold: settings.volumeThreshold,
    rollingCountTimeout: settings.windowMs,
    rollingCountBuckets: BUCKETS,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    rotateBucketController: buckets,
  });

  const rotate = (times: number): void => {
    for (let bucket = 0; bucket < times; bucket += 1) buckets.emit('rotate');
  };

  const age = (): void => {
    const passed = Math.floor((time() - rotatedAt) / bucketMs);
    rotate(Math.min(passed, BUCKETS));
    rotatedAt += passed * bucketMs;
  };

  const clear = (): void => {
    rotate(BUCKETS);
    circuit.close();
  };

  return {
    add: async failed => {
      age();
      await circuit.fire(failed).catch(() => undefined);
      const reached = circuit.opened;
      if (reached) clear();
      return reached;
    },
    clear,
  };
};
