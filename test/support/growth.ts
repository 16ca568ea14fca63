/** How much more work a larger input makes, judged by CPU time against CPU time, so that a busy machine changes nothing. */

/** Runs of each size; the cheapest counts. */
const RUNS = 5;

/**
 * Prepares work for a size and for `factor` times that size, and runs both in turns.
 * @returns how many times as much the larger costs: about `factor` where the work grows with its input, its square where it grows faster.
 */
export const growthOf = (prepare: (size: number) => () => unknown, size: number, factor: number): number => {
  const [small, large] = [prepare(size), prepare(size * factor)];
  small();
  const costs = Array.from({ length: RUNS }, () => [costOf(small), costOf(large)] as const);
  return Math.min(...costs.map(([, cost]) => cost)) / Math.min(...costs.map(([cost]) => cost));
};

/** µs of CPU that it takes, never zero. */
function costOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return Math.max(1, user + system);
}
