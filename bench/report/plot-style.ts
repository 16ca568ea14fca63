/** What all figures have in common: type, axes, legend. */
import type { Format } from './drawing.ts';
import { digits } from './number.ts';
import { standIn } from './palette.ts';

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

const TEXT = { fontFamily: FONT, fontSize: 12, color: standIn('muted') };

/** Labels stay inside by the margins we give; echarts would shrink each panel by itself. */
export const FIXED_BOUNDS = { outerBoundsMode: 'none' } as const;

export const isNarrow = ({ name }: Format): boolean => name === 'narrow';

/** An axis with a hair line, quiet labels and a name in words. */
export const axisStyle = (name: string) => ({
  name,
  nameTextStyle: TEXT,
  nameGap: 26,
  nameLocation: 'middle' as const,
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: { ...TEXT, hideOverlap: true },
  splitLine: { lineStyle: { color: standIn('grid'), width: 1 } },
});

/** Ticks are round numbers: no zeros after the point. */
export const tickText = (value: number): string =>
  Number.isInteger(value) ? digits(value).replace(/\.0+$/, '') : String(Number(value.toPrecision(3)));
