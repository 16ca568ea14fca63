/** Compares the CPU time for a small and a large input. A ratio of CPU times does not depend on how busy the machine is. */

/** Runs of each size. The cheapest one counts. */
const RUNS = 5;

/**
 * Prepares work for a size and for `factor` times that size, and runs both alternately.
 * @returns the ratio of their costs: about `factor` for linear work, and about its square for quadratic work.
 */
export const growthOf = (prepare: (size: number) => () => unknown, size: number, factor: number): number => {
  const [small, large] = [prepare(size), prepare(size * factor)];
  small();
  const costs = Array.from({ length: RUNS }, () => [costOf(small), costOf(large)] as const);
  return Math.min(...costs.map(([, cost]) => cost)) / Math.min(...costs.map(([cost]) => cost));
};

/** The CPU time of the work in µs, never zero. */
function costOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return Math.max(1, user + system);
}
