/** CloudWatch's statistics of the values of a period. */

/** The value below which `percent` of the sorted values lie, by linear interpolation. */
const percentile = (sorted: readonly number[], percent: number): number => {
  const rank = (percent / 100) * (sorted.length - 1);
  const [below = 0, above = 0] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]];
  return below + (above - below) * (rank - Math.floor(rank));
};

/** Undefined where there is no value: CloudWatch draws nothing then. */
export const statistic = (stat: string, values: readonly number[]): number | undefined => {
  if (values.length === 0) return undefined;
  const sum = (): number => values.reduce((total, value) => total + value, 0);
  switch (stat) {
    case 'SampleCount':
      return values.length;
    case 'Sum':
      return sum();
    case 'Average':
      return sum() / values.length;
    case 'Minimum':
      return values.reduce((min, value) => Math.min(min, value));
    case 'Maximum':
      return values.reduce((max, value) => Math.max(max, value));
  }
  const percent = /^p(\d{1,3}(?:\.\d+)?)$/.exec(stat)?.[1];
  if (percent === undefined) throw new Error(`the local dashboard does not know the statistic ${stat}`);
  return percentile(
    values.toSorted((a, b) => a - b),
    Number(percent),
  );
};
