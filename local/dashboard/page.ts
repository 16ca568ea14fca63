/** The page's HTML: the dashboard's rows and texts, with a place for each chart, number and table that the script fills. */
import { escapeHtml, markdownToHtml } from './markdown.ts';
import type { Widget } from './overview.ts';

/** Height of one unit of CloudWatch's grid. */
const UNIT_PX = 48;

/** What Lambda counts itself exists in AWS alone. */
const needsLambda = (widget: Widget): boolean =>
  'lines' in widget && widget.lines.some(line => 'metric' in line && line.metric.namespace.startsWith('AWS/'));

const emptyHtml = (widget: Widget): string => {
  if (widget.type === 'singleValue') return '';
  const text = needsLambda(widget)
    ? 'Lambda itself counts this, in AWS only.'
    : 'Nothing of this kind in this run yet.';
  return `<p class="empty">${text}</p>`;
};

const widgetHtml = (widget: Widget, index: number): string => {
  const style = `--columns: ${widget.width}; --height: ${widget.height * UNIT_PX}px`;
  if (widget.type === 'text') return `<div class="text" style="${style}">${markdownToHtml(widget.markdown)}</div>`;
  const title = escapeHtml(widget.title);
  return [
    `<section class="card ${widget.type}" style="${style}" data-widget="${index}" aria-label="${title}">`,
    `<h3>${title}</h3>`,
    `<div class="drawing"${widget.type === 'table' ? ' tabindex="0"' : ''}></div>`,
    emptyHtml(widget),
    '</section>',
  ].join('');
};

const rowsOf = (widgets: readonly Widget[]): string =>
  [...Map.groupBy(widgets.entries(), ([, { y }]) => y).values()]
    .map(row => `<div class="row">${row.map(([index, widget]) => widgetHtml(widget, index)).join('')}</div>`)
    .join('\n');

export const pageHtml = (widgets: readonly Widget[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>PingOne authorizer: local dashboard</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="page.css">
</head>
<body>
<header>
<p id="status" role="status">Connecting</p>
<label for="function">Function</label>
<select id="function"><option value="">All functions</option></select>
</header>
<p class="note">A local run: drawn from the metrics in its log lines, 5 seconds a point instead of 5 minutes, for the last 10 minutes.</p>
<main>
${rowsOf(widgets)}
</main>
<script src="page.js"></script>
</body>
</html>
`;
