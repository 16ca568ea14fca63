/** Draws a figure as SVG with echarts on the server side: the page needs no script. */
import { init } from 'echarts';
import { barOption } from './bar-plot.ts';
import type { Drawing, Format } from './drawing.ts';
import type { Figure } from './figure.ts';
import { lineOption } from './line-plot.ts';
import { themed } from './palette.ts';
import { percentileOption } from './percentile-plot.ts';

/** The figure as an SVG element whose colours are CSS variables. */
export const plot = (figure: Figure, format: Format, id: string): string => {
  const { option, height } = drawingOf(figure, format);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: format.width, height });
  chart.setOption({ animation: false, backgroundColor: 'transparent', ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return unique(themed(still(svg)), id);
};

function drawingOf(figure: Figure, format: Format): Drawing {
  if (figure.kind === 'percentiles') return percentileOption(figure, format);
  return figure.kind === 'bars' ? barOption(figure, format) : lineOption(figure, format);
}

/** The id prefixes that echarts gives to clip paths and classes repeat from drawing to drawing. */
function unique(svg: string, id: string): string {
  return svg.replace(/\bzr\d+-/g, `${id}-`);
}

/** echarts styles what the pointer is over, in colours of its own; nothing here answers to a pointer. */
function still(svg: string): string {
  return svg.replace(/<style[^>]*>[\s\S]*?<\/style>/g, '');
}
