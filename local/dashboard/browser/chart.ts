/// <reference lib="dom" />
/** One chart with echarts: stacked bars for counts, lines for times. */
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Line } from '../lines.ts';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export type Chart = { readonly draw: (times: readonly number[], lines: readonly Line[]) => void };

/** The y axis has so many steps of one size. */
const STEPS = 4;
const LEGEND_LINE_PX = 22;

export const openChart = (element: HTMLElement, type: 'bar' | 'line'): Chart => {
  const chart = init(element, undefined, { renderer: 'svg' });
  let redraw = (): void => undefined;
  new ResizeObserver(() => {
    chart.resize();
    redraw();
  }).observe(element);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => redraw());
  return {
    draw: (times, lines) => {
      redraw = () => void chart.setOption(optionsOf(element, type, times, lines), { notMerge: true });
      redraw();
    },
  };
};

function optionsOf(element: HTMLElement, type: 'bar' | 'line', times: readonly number[], lines: readonly Line[]) {
  const style = getComputedStyle(element);
  const text = { color: style.getPropertyValue('--quiet'), fontFamily: style.fontFamily, fontSize: 12 };
  const edge = { lineStyle: { color: style.getPropertyValue('--edge') } };
  const step = stepOf(type, lines);
  return {
    animation: false,
    textStyle: text,
    grid: { left: 44, right: 16, top: 12, bottom: 26 + LEGEND_LINE_PX * legendLines(lines, element.clientWidth) },
    legend: { bottom: 0, left: 0, itemWidth: 14, itemHeight: 8, icon: 'roundRect', textStyle: text },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: style.getPropertyValue('--card'),
      borderColor: style.getPropertyValue('--edge'),
      textStyle: { ...text, color: style.getPropertyValue('--text') },
    },
    xAxis: {
      type: 'category',
      data: times.map(time => new Date(time).toLocaleTimeString()),
      axisLabel: { ...text, ...labelsOf(times), hideOverlap: false },
      axisLine: edge,
      axisTick: { show: false },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: step * STEPS,
      interval: step,
      axisLabel: { ...text, formatter: (value: number) => value.toLocaleString('en') },
      splitLine: edge,
    },
    series: lines.map(({ label, color, values }) => ({
      type,
      name: label,
      data: [...values],
      color,
      ...(type === 'bar'
        ? { stack: 'all', barCategoryGap: '25%' }
        : { connectNulls: true, showAllSymbol: true, symbol: 'circle', symbolSize: 4 }),
    })),
  };
}

/** The smallest round step with which the axis holds the largest value. Counts have whole steps. */
function stepOf(type: 'bar' | 'line', lines: readonly Line[]): number {
  const values = (lines[0]?.values ?? []).map((_, index) => {
    const here = lines.map(line => line.values[index] ?? 0);
    return type === 'bar' ? here.reduce((sum, value) => sum + value, 0) : Math.max(...here);
  });
  const wanted = Math.max(type === 'bar' ? 1 : 0.25, ...values.map(value => value / STEPS));
  const power = 10 ** Math.floor(Math.log10(wanted));
  const round = type === 'bar' && power === 1 ? [1, 2, 3, 5, 10] : [1, 2, 2.5, 5, 10];
  return power * (round.find(factor => factor * power >= wanted) ?? 10);
}

/** Labels at equal distances, counted back from now. */
function labelsOf(times: readonly number[]) {
  const [first = 0, second = 0] = times;
  const periodMs = second - first;
  const spanMs = periodMs * times.length;
  const every = spanMs / (spanMs > 120_000 ? 5 : 4) / periodMs;
  const back = (index: number): number => times.length - 1 - index;
  return {
    interval: (index: number) => back(index) % every === 0,
    formatter: (_: string, index: number) => {
      const seconds = (back(index) * periodMs) / 1000;
      if (seconds === 0) return 'now';
      return spanMs > 120_000 ? `−${seconds / 60} min` : `−${seconds} s`;
    },
  };
}

/** The number of lines that the legend takes at this width. */
function legendLines(lines: readonly Line[], widthPx: number): number {
  let [rows, used] = [1, 0];
  for (const { label } of lines) {
    const width = 40 + label.length * 7;
    if (used > 0 && used + width > widthPx) [rows, used] = [rows + 1, 0];
    used += width;
  }
  return rows;
}
