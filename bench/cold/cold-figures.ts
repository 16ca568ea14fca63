/** Cold starts as bars: wall time in its two parts, and CPU. */
import type { BarFigure } from '../report/figure.ts';
import type { Measurement } from '../scenario.ts';
import { find, median } from '../statistics.ts';

const PARTS = ['init', 'first decision'];

/** The figures of one Node version; `cpu` is the name of that metric. */
export const coldFigures = (
  condition: string,
  measurements: readonly Measurement[],
  cpu: string,
): readonly BarFigure[] => [
  barsOf(
    `Cold start, ${condition}`,
    'Medians of wall time. Init is from the start of the process until it waits for work; the process itself, as the empty handler shows, is most of it.',
    PARTS,
    condition,
    measurements,
  ),
  barsOf(
    `CPU of a cold start, ${condition}`,
    'Medians. CPU of all threads until the first answer: what a small share of a core makes longer.',
    [cpu],
    condition,
    measurements,
  ),
];

function barsOf(
  title: string,
  caption: string,
  parts: readonly string[],
  condition: string,
  measurements: readonly Measurement[],
): BarFigure {
  const names = [...new Set(measurements.map(({ variant }) => variant))];
  return {
    kind: 'bars',
    title,
    caption,
    unit: 'ms',
    parts,
    rows: names.map(name => ({
      name,
      control: !name.startsWith('authorizer'),
      values: parts.map(metric => median(find(measurements, condition, name, metric).rounds.flat())),
    })),
  };
}
