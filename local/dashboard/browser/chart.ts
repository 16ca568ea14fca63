/// <reference lib="dom" />
/** One time series chart: what of echarts is used, and how a drawing becomes its options. */
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Drawing, DrawnLine } from '../drawing.ts';
import { formatValue } from './format.ts';

use([LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export type Chart = { readonly draw: (drawing: Extract<Drawing, { type: 'timeSeries' }>) => void };

const LEGEND_LINE_PX = 22;

const seriesOf = (times: readonly number[], line: DrawnLine, stacked: boolean) => ({
  type: 'line' as const,
  name: line.label,
  data: line.values.map((value, index) => [times[index] ?? 0, value]),
  color: line.color,
  lineStyle: { width: 2 },
  connectNulls: true,
  // A point between two gaps would not show as a line.
  showSymbol: line.values.filter(value => value !== null).length < 15,
  symbolSize: 6,
  ...(stacked ? { stack: 'all', areaStyle: { opacity: 0.35 } } : {}),
  tooltip: { valueFormatter: (value: unknown) => (typeof value === 'number' ? formatValue(value, line.unit) : '–') },
});

/** How many lines the legend takes at this width. */
const legendLines = (lines: readonly DrawnLine[], widthPx: number): number => {
  let [rows, used] = [1, 0];
  for (const { label } of lines) {
    const width = 40 + label.length * 7;
    if (used > 0 && used + width > widthPx) [rows, used] = [rows + 1, 0];
    used += width;
  }
  return rows;
};

export const openChart = (element: HTMLElement): Chart => {
  const chart: EChartsType = init(element, undefined, { renderer: 'svg' });
  let redraw = (): void => undefined;
  new ResizeObserver(() => {
    chart.resize();
    redraw();
  }).observe(element);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => redraw());

  return {
    draw: ({ times, lines, stacked, axis }) => {
      redraw = () => {
        const color = (name: string): string => getComputedStyle(element).getPropertyValue(name);
        const text = { color: color('--quiet'), fontFamily: getComputedStyle(element).fontFamily, fontSize: 12 };
        const legend = legendLines(lines, element.clientWidth) * LEGEND_LINE_PX;
        chart.setOption(
          {
            animation: false,
            textStyle: text,
            grid: {
              left: 4,
              right: 18,
              top: 14,
              bottom: legend + 8,
              outerBoundsMode: 'same',
              outerBoundsContain: 'axisLabel',
            },
            legend: { bottom: 0, left: 0, itemWidth: 14, itemHeight: 8, icon: 'roundRect', textStyle: text },
            tooltip: {
              trigger: 'axis',
              confine: true,
              backgroundColor: color('--card'),
              borderColor: color('--edge'),
              textStyle: { ...text, color: color('--text') },
            },
            xAxis: {
              type: 'time',
              axisLabel: { ...text, hideOverlap: true },
              axisLine: { lineStyle: { color: color('--edge') } },
              axisTick: { show: false },
            },
            yAxis: {
              type: 'value',
              ...(axis.min === undefined ? {} : { min: axis.min }),
              ...(axis.max === undefined ? {} : { max: axis.max, interval: (axis.max - (axis.min ?? 0)) / 4 }),
              splitNumber: 3,
              minInterval: lines.every(({ unit }) => unit === '') ? 1 : 0,
              axisLabel: {
                ...text,
                formatter: (value: number) => formatValue(value, lines[0]?.unit ?? ''),
              },
              splitLine: { lineStyle: { color: color('--edge') } },
            },
            series: lines.map(line => seriesOf(times, line, stacked)),
          },
          { notMerge: true },
        );
      };
      redraw();
    },
  };
};
