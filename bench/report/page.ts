/** The report as one HTML file without scripts, fonts or pictures of its own: verdicts first, then a chapter a scenario. */
import type { Verdict } from '../budgets.ts';
import { FORMATS } from './drawing.ts';
import type { Figure } from './figure.ts';
import { legendOf } from './legend.ts';
import { quantity, quantityBeside } from './number.ts';
import { plot } from './plot.ts';
import type { Chapter, Report } from './report.ts';
import { STYLE } from './style.ts';
import { type Cell, type Table, tablesOf } from './table.ts';
import { VERDICTS, type VerdictText, verdictMark, verdictText } from './verdict.ts';

/** The whole page. */
export const pageOf = (report: Report): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Benchmark of the PingOne Lambda authorizer</title><style>${STYLE}</style></head>
<body><main><header><h1>PingOne Lambda authorizer, measured</h1>
<p>Every number was taken in one run on one machine, side by side with its control; ratios hold elsewhere, milliseconds do not.</p>
${machineHtml(report)}</header>
${verdictsHtml(report.verdicts)}
<nav>${report.chapters.map(({ name, title }) => `<a href="#${name}">${escaped(title)}</a>`).join('')}</nav>
${report.chapters.map(chapterHtml).join('\n')}
</main></body></html>
`;

function machineHtml({ machine, mode, started, seconds }: Report): string {
  const facts: readonly (readonly [string, string])[] = [
    ['run', `${mode}, ${started.slice(0, 16).replace('T', ' ')} UTC, ${seconds.toFixed(0)} s`],
    ['machine', `${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.os}`],
    ['load average', `${machine.loadBefore} before, ${machine.loadAfter} after`],
    ['Node', Object.values(machine.nodes).join(', ')],
    ['commit', `${machine.commit}${machine.uncommitted === 0 ? '' : `, ${machine.uncommitted} files changed since`}`],
  ];
  return `<dl>${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${escaped(value)}</dd></div>`).join('')}</dl>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, character => `&#${character.codePointAt(0)};`);
}

function verdictsHtml(verdicts: readonly Verdict[]): string {
  return verdicts.length === 0
    ? ''
    : `<section><h2>Goals and budgets</h2>
<p class="question">A goal is what the project set out to reach. A budget is what no change may exceed.</p>
${tallyHtml(verdicts)}
<div class="scroll"><table class="goals">
<thead><tr><th></th><th>measured</th><th>goal</th><th>budget</th><th></th><th></th></tr></thead>
<tbody>${verdicts.map(verdictHtml).join('\n')}</tbody></table></div></section>`;
}

function tallyHtml(verdicts: readonly Verdict[]): string {
  const groups = Map.groupBy(verdicts, verdictText);
  const entries = VERDICTS.map(text => {
    const count = groups.get(text)?.length ?? 0;
    return `<li class="${count === 0 ? 'none' : classOf(text)}"><b>${count}</b> ${text}</li>`;
  });
  return `<ul class="tally">${entries.join('')}</ul>`;
}

function verdictHtml(verdict: Verdict): string {
  const { title, value, goal, budget, unit } = verdict;
  const text = verdictText(verdict);
  const limit = budget === undefined ? '' : `≤ ${quantity(budget, unit)}`;
  return `<tr class="${classOf(text)}"><th scope="row">${escaped(title)}</th>
<td class="value">${quantityBeside(value, goal, unit)}</td><td data-label="goal">≤ ${quantity(goal, unit)}</td><td data-label="budget">${limit}</td><td class="gauge">${gaugeHtml(verdict)}</td><td class="said">${verdictMark(verdict)} ${text}</td></tr>`;
}

/** The value as a bar, the goal as a line across it; a goal of none has no length. */
function gaugeHtml({ value, goal }: Verdict): string {
  if (goal === 0 || !Number.isFinite(value)) return '';
  const full = 1.1 * Math.max(value, goal);
  const percent = (part: number): string => `${((100 * part) / full).toFixed(1)}%`;
  return `<span class="track"><i style="width: ${percent(value)}"></i><b style="left: ${percent(goal)}"></b></span>`;
}

function classOf(verdict: VerdictText): string {
  return { met: 'met', 'missed, within budget': 'missed', 'over budget': 'exceeded' }[verdict];
}

function chapterHtml(chapter: Chapter): string {
  const tables = tablesOf(chapter.rows).map(tableHtml).join('\n');
  return `<section id="${chapter.name}"><h2>${escaped(chapter.title)}</h2>
<p class="question">${escaped(chapter.question)}</p>
${chapter.failure === undefined ? '' : `<p class="failure">This scenario failed: ${escaped(chapter.failure)}</p>`}
${chapter.figures.map((figure, index) => figureHtml(figure, `${chapter.name}${index}`)).join('\n')}
${tables === '' ? '' : `<details><summary>All numbers of this scenario</summary>${tables}</details>`}
${chapter.notes.length === 0 ? '' : `<ul class="notes">${chapter.notes.map(note => `<li>${escaped(note)}</li>`).join('')}</ul>`}
</section>`;
}

function tableHtml({ title, head, rows }: Table): string {
  return `<div class="scroll"><table>
<thead><tr><th>${escaped(title)}</th>${head.map(name => `<th>${escaped(name)}</th>`).join('')}</tr></thead>
<tbody>${rows.map(({ name, cells }) => `<tr><th scope="row">${escaped(name)}</th>${cells.map(cellHtml).join('')}</tr>`).join('\n')}</tbody></table></div>`;
}

function cellHtml({ text, note }: Cell): string {
  return `<td>${text}${note === undefined ? '' : `<small>${note}</small>`}</td>`;
}

function figureHtml(figure: Figure, id: string): string {
  return `<figure>
<h3>${escaped(figure.title)}</h3>${legendHtml(figure)}
${FORMATS.map(format => `<div class="plot ${format.name}" role="img" aria-label="${escaped(figure.title)}">${plot(figure, format, `${id}-${format.name}`)}</div>`).join('\n')}
<figcaption>${escaped(figure.caption)}</figcaption></figure>`;
}

function legendHtml(figure: Figure): string {
  const entries = legendOf(figure).map(
    ({ name, role, dashed }) =>
      `<li${dashed ? ' class="dashed"' : ''} style="--swatch: var(--${role})">${escaped(name)}</li>`,
  );
  return entries.length === 0 ? '' : `<ul class="legend">${entries.join('')}</ul>`;
}
