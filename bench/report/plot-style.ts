/** What all figures have in common: type, axes, legend. */
import { digits } from './number.ts';
import { standIn } from './palette.ts';
import type { Format } from './plot.ts';

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

export const isNarrow = ({ name }: Format): boolean => name === 'narrow';

const TEXT = { fontFamily: FONT, fontSize: 12, color: standIn('muted') };

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

export const tickText = (value: number): string => (Number.isInteger(value) ? String(value) : digits(value));
