/** The figures of docs/performance.md: each scenario that ran writes its section, and nothing else changes. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sectionsOf } from '../../../../bench/document/sections.ts';
import { DOCUMENT, writeFigures } from '../../../../bench/document/write-figures.ts';
import { chapterOf, type Report } from '../../../../bench/report/report.ts';
import type { Measurement } from '../../../../bench/scenario.ts';
import { reportOf } from '../sample.ts';

const of = (condition: string, variant: string, metric: string, value: number, control?: string): Measurement => ({
  condition,
  variant,
  metric,
  unit: 'ms',
  rounds: [[value]],
  ...(control === undefined ? {} : { control }),
});

const reportWith = (name: string, measurements: readonly Measurement[], notes: readonly string[] = []): Report => {
  const scenario = { name, title: 'T', question: '?', run: () => Promise.reject(new Error()) };
  const chapter = chapterOf(scenario, { notes, measurements, figures: [], values: {} }, 1);
  return { ...reportOf(), partial: true, chapters: [chapter] };
};

const warm = reportWith('warm', [
  of('0 ms service', 'bare', 'decision', 0.5, 'bare'),
  of('0 ms service', 'ours', 'decision', 0.9, 'bare'),
]);

const documentWith = async (text: string): Promise<URL> => {
  const folder = await mkdtemp(join(tmpdir(), 'figures-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'performance.md');
  await writeFile(file, text);
  return pathToFileURL(file);
};

describe('a section', () => {
  it('has a line for each variant, with its median and its ratio to the control', () => {
    const [section] = sectionsOf(warm);
    expect(section?.name).toBe('warm');
    expect(section?.content).toContain('| bare | 0.500 |  |');
    expect(section?.content).toContain('| ours | 0.900 | 1.80× |');
  });

  it('of goals, and of what the run was, is written only of a run of all scenarios', () => {
    const goal = { id: 'a', title: 'the goal', unit: '×', goal: 1.25, value: 1.2504, met: false, withinBudget: true };
    const names = sectionsOf({ ...warm, verdicts: [goal] }).map(({ name }) => name);
    expect(names).toEqual(['warm']);
    const { partial: _, ...whole } = { ...warm, verdicts: [{ ...goal, budget: 1.5 }] };
    const [run, goals] = sectionsOf(whole);
    expect(run?.content).toContain('at commit `abc`');
    expect(goals?.content).toContain('| the goal | 1.2504× | 1.25× | 1.50× | missed, within budget |');
  });

  it('of a scenario that failed is left as it is', () => {
    const chapters = warm.chapters.map(chapter => ({ ...chapter, failure: 'broken' }));
    expect(sectionsOf({ ...warm, chapters })).toEqual([]);
  });

  it('of the load says what each ladder showed', () => {
    const notes = ['c: 500 requests/s in a closed loop, no knee up to 200 requests/s', 'Something else.'];
    expect(sectionsOf(reportWith('load', [], notes))[0]?.content).toBe(`- ${notes[0]}`);
  });

  it('of the fleet writes "never" for a recovery that does not come, also from a report that was a file', () => {
    const condition = 'Outage and return, a tenth of the size, median of 5 seeds';
    const report = reportWith('fleet', [
      of(condition, 'our rules', 'time to recovery', 4),
      of(condition, 'a simple client', 'time to recovery', Number.POSITIVE_INFINITY),
    ]);
    for (const read of [report, JSON.parse(JSON.stringify(report)) as Report]) {
      const content = sectionsOf(read)[0]?.content ?? '';
      expect(content).toContain('| our rules |  |  | 4.00 s |');
      expect(content).toContain('| a simple client |  |  | never |');
    }
  });
});

describe('the document', () => {
  it('gets its sections between their markers and keeps the rest', async () => {
    const document = await documentWith('before\n<!-- warm:start -->\nold\n<!-- warm:end -->\nafter\n');
    expect(await writeFigures(warm, document)).toEqual(['warm']);
    const text = await readFile(document, 'utf8');
    expect(text).toMatch(/^before\n<!-- warm:start -->\n\| 0 ms service \|[\s\S]*\n<!-- warm:end -->\nafter\n$/);
    expect(text).not.toContain('old');
  });

  it('is not written if it lacks the markers of a section', async () => {
    const document = await documentWith('nothing');
    await expect(writeFigures(warm, document)).rejects.toThrow('lacks the markers of the section "warm"');
    expect(await readFile(document, 'utf8')).toBe('nothing');
  });

  it('of this repository has a place for every section', async () => {
    const text = await readFile(DOCUMENT, 'utf8');
    for (const name of ['run', 'goals', 'warm', 'busy', 'cold', 'load', 'outage', 'fleet', 'tried']) {
      expect(text).toMatch(new RegExp(`<!-- ${name}:start -->[\\s\\S]*<!-- ${name}:end -->`));
    }
  });
});
