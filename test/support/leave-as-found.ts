/** Files that share a worker come one after the other: what one has put in the place of variables, timers and functions goes with it. */
import { afterAll, vi } from 'vitest';

afterAll(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  vi.restoreAllMocks();
});
