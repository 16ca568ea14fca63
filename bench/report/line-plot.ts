/** Lines and areas over a shared x axis, in panels one above the other, with named stretches shaded. */
import type { Drawing, Format } from './drawing.ts';
import type { Axis, LineFigure } from './figure.ts';
import { roleOfOutcome, roleOfSeries, standIn } from './palette.ts';
import { axisStyle, FIXED_BOUNDS, FONT, isNarrow, tickText } from './plot-style.ts';

type Panel = LineFigure['panels'][number];

export const lineOption = (figure: LineFigure, format: Format): Drawing => {
  const narrow = isNarrow(format);
  const [panelHeight, gap] = [narrow ? 130 : 160, 40];
  const topOf = (panel: number): number => 30 + panel * (panelHeight + gap);
  const last = figure.panels.length - 1;
  return {
    height: topOf(last) + panelHeight + 46,
    option: {
      title: figure.panels.map(({ name = '' }, panel) => ({
        text: name,
        left: 0,
        top: topOf(panel) - 24,
        textStyle: { fontFamily: FONT, fontSize: 12, fontWeight: 600, color: standIn('ink') },
      })),
      grid: figure.panels.map((_, panel) => ({
        ...FIXED_BOUNDS,
        top: topOf(panel),
        height: panelHeight,
        left: 64,
        right: 20,
      })),
      xAxis: figure.panels.map((_, panel) => ({
        gridIndex: panel,
        ...axisStyle(panel === last ? figure.x.name : ''),
        ...scaleOf(figure.x),
        axisLabel: { ...axisStyle('').axisLabel, show: panel === last, formatter: tickText },
        splitLine: { show: false },
      })),
      yAxis: figure.panels.map(({ y }, panel) => ({
        gridIndex: panel,
        ...axisStyle(y.name),
        nameGap: 50,
        nameMoveOverlap: false,
        splitNumber: 4,
        ...scaleOf(y),
        axisLabel: { ...axisStyle('').axisLabel, formatter: tickText },
      })),
      series: seriesOf(figure, narrow),
    },
  };
};

function scaleOf(axis: Axis) {
  return {
    type: axis.log ? ('log' as const) : ('value' as const),
    ...(axis.min === undefined ? {} : { min: axis.min }),
    ...(axis.max === undefined ? {} : { max: axis.max }),
    ...(axis.min === undefined || axis.max !== 100 ? {} : { interval: 25 }),
  };
}

function seriesOf(figure: LineFigure, narrow: boolean) {
  return figure.panels.flatMap((panel, panelIndex) =>
    panel.lines.map((line, index) => ({
      type: 'line' as const,
      name: line.name,
      xAxisIndex: panelIndex,
      yAxisIndex: panelIndex,
      showSymbol: false,
      color: colourOf(panel, index),
      lineStyle: { width: panel.stacked ? 0 : 2, type: line.dashed ? ('dashed' as const) : ('solid' as const) },
      ...(panel.stacked ? { stack: `panel ${panelIndex}`, areaStyle: { opacity: 0.75 } } : {}),
      ...(index === 0 ? { markArea: bandsOf(figure, panelIndex === 0, narrow) } : {}),
      data: line.points.map(({ x, y }) => [x, y]),
    })),
  );
}

function colourOf(panel: Panel, line: number): string {
  return standIn(panel.outcomes ? roleOfOutcome(line) : roleOfSeries(line));
}

function bandsOf(figure: LineFigure, first: boolean, narrow: boolean) {
  return {
    silent: true,
    itemStyle: { color: standIn('band'), opacity: 0.12 },
    label: {
      show: first,
      position: 'insideTop' as const,
      fontFamily: FONT,
      fontSize: narrow ? 10 : 12,
      color: standIn('muted'),
    },
    data: (figure.spans ?? []).map(
      ({ name, from, to }) =>
        [{ name, xAxis: from }, { xAxis: to }] as [{ name: string; xAxis: number }, { xAxis: number }],
    ),
  };
}
