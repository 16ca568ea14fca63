/** Percentiles, ratios and their spread, from raw samples; nothing is binned or corrected. */
import type { Measurement } from './scenario.ts';

export interface Summary {
  readonly n: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

export interface Ratio {
  /** Median over median, all rounds together. */
  readonly value: number;
  /** Smallest and largest of the same ratio taken round by round: how far the run agrees with itself. */
  readonly from: number;
  readonly to: number;
}

export const ascending = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);

/** The smallest sample that at least this share of all samples does not exceed (nearest rank); NaN if there is none. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;

export const median = (values: readonly number[]): number => percentile(ascending(values), 0.5);

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export const summarise = (values: readonly number[]): Summary => {
  const sorted = ascending(values);
  return {
    n: sorted.length,
    p50: percentile(sorted, 0.5),
    p90: percentile(sorted, 0.9),
    p99: percentile(sorted, 0.99),
    p999: percentile(sorted, 0.999),
    mean: mean(sorted),
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  };
};

/** How a measurement compares with its control. Rounds are paired: both were measured within the same seconds. */
export const ratioOf = (measured: Measurement, control: Measurement): Ratio => {
  const byRound = measured.rounds.flatMap((round, index) => {
    const other = control.rounds[index];
    return other === undefined || other.length === 0 || round.length === 0 ? [] : [median(round) / median(other)];
  });
  const value = median(measured.rounds.flat()) / median(control.rounds.flat());
  return { value, from: Math.min(value, ...byRound), to: Math.max(value, ...byRound) };
};

/** The measurement of that condition, variant and metric. Throws if a scenario asks for one it did not make. */
export const find = (
  measurements: readonly Measurement[],
  condition: string,
  variant: string,
  metric: string,
): Measurement => {
  const found = measurements.find(m => m.condition === condition && m.variant === variant && m.metric === metric);
  if (found === undefined) throw new Error(`no measurement of ${metric} for ${variant} under ${condition}`);
  return found;
};

/** Points along a percentile curve, denser towards the tail: `[share, value]`. */
export const curve = (values: readonly number[]): readonly (readonly [number, number])[] => {
  const sorted = ascending(values);
  const shares = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99];
  const tail = [0.993, 0.995, 0.997, 0.998, 0.999];
  return [...shares, ...tail]
    .filter(share => share === 0 || sorted.length * (1 - share) > 1 - 1e-9)
    .map(share => [share, percentile(sorted, share)] as const);
};
