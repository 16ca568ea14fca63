/** The sections of docs/performance.md that a run writes: those whose scenarios ran. */
import { quantity, quantityBeside } from '../report/number.ts';
import type { Chapter, Report } from '../report/report.ts';
import { verdictText } from '../report/verdict.ts';
import { fleetTable } from './fleet-table.ts';
import { type Column, markdownTable, variantTable } from './markdown.ts';

export interface Section {
  /** The name in its markers. */
  readonly name: string;
  readonly content: string;
}

interface Recipe {
  readonly section: string;
  readonly chapter: string;
  readonly content: (chapter: Chapter) => string | undefined;
}

const WARM: readonly Column[] = [
  { head: 'p50, ms', metric: 'decision' },
  { head: 'of the bare call', metric: 'decision', ratio: true },
  { head: 'CPU net of the runtime, µs', metric: 'CPU per request, net of the runtime' },
  { head: 'of the bare call', metric: 'CPU per request, net of the runtime', ratio: true },
];
const COLD: readonly Column[] = [
  { head: 'init + first decision, ms', metric: 'init + first decision' },
  { head: 'of the bare call', metric: 'init + first decision', ratio: true },
  { head: 'CPU, ms', metric: 'CPU until the first answer' },
  { head: 'of the bare call', metric: 'CPU until the first answer', ratio: true },
];
const DENSE: readonly Column[] = [
  { head: 'busy, mean, ms', metric: 'mean busy time of a round' },
  { head: 'of telemetry off', metric: 'mean busy time of a round', ratio: true },
  { head: 'billed, ms', metric: 'billed per decision' },
];
const SPARSE: readonly Column[] = [
  { head: 'busy, p50, ms', metric: 'busy time' },
  { head: 'of telemetry off', metric: 'busy time', ratio: true },
  { head: 'billed, ms', metric: 'billed per decision' },
  { head: 'frozen with spans inside', metric: 'frozen with spans inside' },
];
const TRIED_COLD: readonly Column[] = [
  { head: 'init + first decision, ms', metric: 'init + first decision' },
  { head: 'of the shipped one', metric: 'init + first decision', ratio: true },
];
const TRIED_WARM: readonly Column[] = [
  { head: 'decision, ms', metric: 'decision' },
  { head: 'ratio', metric: 'decision', ratio: true },
];

const RECIPES: readonly Recipe[] = [
  {
    section: 'warm',
    chapter: 'warm',
    content: chapter => tables(['0 ms service', '20 ms service'].map(name => variantTable(chapter, name, name, WARM))),
  },
  {
    section: 'busy',
    chapter: 'busy',
    content: chapter =>
      tables([
        variantTable(chapter, 'dense traffic', 'dense traffic', DENSE),
        variantTable(chapter, 'sparse traffic', 'sparse traffic', SPARSE),
        chapter.notes.find(note => note.startsWith('Under ')),
      ]),
  },
  {
    section: 'cold',
    chapter: 'cold',
    content: chapter => tables(['Node 24', 'Node 22'].map(name => variantTable(chapter, name, name, COLD))),
  },
  {
    section: 'load',
    chapter: 'load',
    content: ({ notes }) => tables(notes.filter(note => note.includes('in a closed loop')).map(note => `- ${note}`)),
  },
  {
    section: 'outage',
    chapter: 'outage',
    content: ({ notes }) => tables(notes.filter(note => /^Calls sent|refusals/.test(note)).map(note => `- ${note}`)),
  },
  { section: 'fleet', chapter: 'fleet', content: fleetTable },
  {
    section: 'tried',
    chapter: 'tried',
    content: chapter =>
      tables([
        ...['credential from the environment', 'exporting spans'].map(name =>
          variantTable(chapter, name, name, TRIED_COLD),
        ),
        ...['warm, exporting spans', 'a new connection each time'].map(name =>
          variantTable(chapter, name, name, TRIED_WARM),
        ),
      ]),
  },
];

/** Those that this report can write. Goals, and what the run was, are written of a run of all scenarios. */
export const sectionsOf = (report: Report): readonly Section[] => [
  ...(report.partial
    ? []
    : [
        { name: 'run', content: runText(report) },
        { name: 'goals', content: goalsTable(report) },
      ]),
  ...RECIPES.flatMap(({ section, chapter, content }) => {
    const found = report.chapters.find(({ name, failure }) => name === chapter && failure === undefined);
    const text = found === undefined ? undefined : content(found);
    return text === undefined || text === '' ? [] : [{ name: section, content: text }];
  }),
];

function runText({ mode, started, seconds, machine }: Report): string {
  const { commit, uncommitted, cores, cpu, loadBefore, loadAfter, nodes } = machine;
  const changed = uncommitted === 0 ? '' : ` with ${uncommitted} files changed since`;
  return `A ${mode} run of ${started.slice(0, 10)}, ${Math.round(seconds / 60)} minutes, at commit \`${commit}\`${changed}, on ${cores} × ${cpu}, Node ${Object.values(nodes).join(' and ')}. The load average was ${loadBefore} before it and ${loadAfter} after it.`;
}

function goalsTable({ verdicts }: Report): string {
  return markdownTable(
    ['goal', 'measured', 'wanted', 'budget', ''],
    verdicts.map(verdict => {
      const { title, value, goal, budget, unit } = verdict;
      return [
        title,
        quantityBeside(value, goal, unit),
        quantity(goal, unit),
        budget === undefined ? '' : quantity(budget, unit),
        verdictText(verdict),
      ];
    }),
  );
}

function tables(parts: readonly (string | undefined)[]): string {
  const whole = parts.filter(part => part !== undefined);
  const separator = whole.every(part => part.startsWith('- ')) ? '\n' : '\n\n';
  return whole.join(separator);
}
