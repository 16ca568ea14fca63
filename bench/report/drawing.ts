/** The sizes in which a figure is drawn, and what a plot hands over to be drawn. */
import type { EChartsOption } from 'echarts';

/** One drawing for desks and paper, one for phones: text of a scaled drawing would be too small to read. */
export interface Format {
  readonly name: 'wide' | 'narrow';
  readonly width: number;
}

export const FORMATS: readonly Format[] = [
  { name: 'wide', width: 920 },
  { name: 'narrow', width: 350 },
];

/** What is drawn and how high it is. */
export interface Drawing {
  readonly option: EChartsOption;
  readonly height: number;
}
