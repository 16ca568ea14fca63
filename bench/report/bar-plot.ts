/** Horizontal bars with their value written at the end, controls paler than the product. */
import type { Drawing, Format } from './drawing.ts';
import type { BarFigure } from './figure.ts';
import { digits } from './number.ts';
import { roleOfSeries, standIn } from './palette.ts';
import { axisStyle, FIXED_BOUNDS, FONT, isNarrow, tickText } from './plot-style.ts';

const ROW = 26;
const NARROW_ROW = 44;
const TOP = 8;

export const barOption = (figure: BarFigure, format: Format): Drawing => {
  const narrow = isNarrow(format);
  const longest = Math.max(...figure.rows.map(({ name }) => name.length));
  const left = narrow ? 4 : Math.min(440, longest * 6.7 + 20);
  const rows = [...figure.rows].reverse();
  const last = figure.parts.length - 1;
  return {
    height: TOP + figure.rows.length * (narrow ? NARROW_ROW : ROW) + 40,
    option: {
      grid: { ...FIXED_BOUNDS, top: TOP, left, right: 56, bottom: 40 },
      xAxis: {
        type: 'value',
        ...axisStyle(figure.unit),
        axisLabel: { ...axisStyle('').axisLabel, formatter: tickText },
      },
      yAxis: {
        type: 'category',
        data: rows.map(({ name }) => name),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: {
          fontFamily: FONT,
          fontSize: 12,
          color: standIn('ink'),
          show: !narrow,
        },
      },
      series: [
        ...(narrow ? [namesAbove(rows.map(({ name }) => name))] : []),
        ...figure.parts.map((part, index) => ({
          type: 'bar' as const,
          name: part,
          stack: 'all',
          color: standIn(roleOfSeries(index)),
          barWidth: 12,
          data: rows.map(({ values, control }) => ({
            value: values[index] ?? '-',
            itemStyle: { opacity: control ? 0.45 : 1 },
            label: {
              show: index === last,
              position: 'right' as const,
              formatter: digits(total(values)),
              opacity: 1,
              fontFamily: FONT,
              fontSize: 12,
              color: standIn('ink'),
            },
          })),
        })),
      ],
    },
  };
};

/** On a phone each name stands above its bar: bars of no length that are labelled. */
function namesAbove(names: readonly string[]) {
  return {
    type: 'bar' as const,
    silent: true,
    barWidth: 12,
    barGap: '-100%',
    data: names.map(name => ({
      value: 0,
      label: {
        show: true,
        position: [0, -15] as [number, number],
        formatter: () => name,
        fontFamily: FONT,
        fontSize: 12,
        color: standIn('ink'),
      },
    })),
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
