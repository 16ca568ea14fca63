/** Percentile curves: the x axis counts nines, so that the tail has as much room as the middle. */
import type { Drawing, Format } from './drawing.ts';
import type { PercentileFigure } from './figure.ts';
import { roleOfSeries, standIn } from './palette.ts';
import { axisStyle, FIXED_BOUNDS, isNarrow, tickText } from './plot-style.ts';

const NAMED: readonly (readonly [share: number, name: string])[] = [
  [0, 'min'],
  [0.5, 'p50'],
  [0.9, 'p90'],
  [0.99, 'p99'],
  [0.999, 'p99.9'],
];

/** Round numbers in steps of 1, 2, 5 that hold all values, for an axis that is logarithmic. */
export const logBounds = (values: readonly number[]): readonly [number, number] => {
  const steps = [1, 2, 5];
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const candidates = Array.from({ length: 13 }, (_, index) => index - 6).flatMap(power =>
    steps.map(step => step * 10 ** power),
  );
  const below = candidates.filter(candidate => candidate <= min).at(-1) ?? min;
  const above = candidates.find(candidate => candidate >= max) ?? max;
  return [below, above];
};

export const percentileOption = (figure: PercentileFigure, format: Format): Drawing => {
  const [min, max] = logBounds(figure.lines.flatMap(({ points }) => points.map(([, value]) => value)));
  return {
    height: isNarrow(format) ? 280 : 360,
    option: {
      grid: { ...FIXED_BOUNDS, top: 10, left: 60, right: 24, bottom: 30 },
      xAxis: {
        type: 'value',
        ...axisStyle(''),
        min: 0,
        max: 3,
        // echarts places ticks evenly; the shares that have names are not.
        axisLabel: { ...axisStyle('').axisLabel, customValues: NAMED.map(([share]) => nines(share)), formatter: label },
        axisTick: { show: false, customValues: NAMED.map(([share]) => nines(share)) },
        splitLine: { ...axisStyle('').splitLine, show: true },
      },
      yAxis: {
        // Within less than a decade a logarithmic axis has hardly a label.
        type: max / min >= 10 ? ('log' as const) : ('value' as const),
        ...axisStyle(figure.unit),
        nameGap: 40,
        ...(max / min >= 10 ? { min, max } : { scale: true }),
        axisLabel: { ...axisStyle('').axisLabel, formatter: tickText },
      },
      series: figure.lines.map(({ name, points }, index) => ({
        type: 'line' as const,
        name,
        showSymbol: false,
        color: standIn(roleOfSeries(index)),
        lineStyle: { width: index === 0 ? 3 : 1.8 },
        data: points.map(([share, value]) => [nines(share), value]),
      })),
    },
  };
};

/** 0 -> 0, 0.9 -> 1, 0.99 -> 2. */
function nines(share: number): number {
  return -Math.log10(1 - share);
}

function label(value: number): string {
  const [, name] = NAMED.find(([share]) => Math.abs(nines(share) - value) < 1e-6) ?? [];
  return name ?? '';
}
