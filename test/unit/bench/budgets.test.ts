/** Budgets and the verdicts on them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { judge, readBudgets } from '../../../bench/budgets.ts';

const budget = { id: 'a', title: 'A', unit: '×', goal: 1, budget: 1.5 };

const fileWith = async (text: string): Promise<URL> => {
  const folder = await mkdtemp(join(tmpdir(), 'budgets-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'budgets.json');
  await writeFile(file, text);
  return pathToFileURL(file);
};

describe('a verdict', () => {
  it.each([
    [1, true, true],
    [1.2, false, true],
    [1.6, false, false],
  ])('on %s: goal met %s, within budget %s', (value, met, withinBudget) => {
    expect(judge([budget], { a: value })).toEqual([{ ...budget, value, met, withinBudget }]);
  });

  it('is not given where nothing was measured', () => {
    expect(judge([budget], { b: 1 })).toEqual([]);
  });

  it('on something that is no number is that it is missed', () => {
    expect(judge([budget], { a: Number.NaN })[0]).toMatchObject({ met: false, withinBudget: false });
  });
});

describe('budgets.json', () => {
  it('has one entry for each id and no budget tighter than its goal', async () => {
    const budgets = await readBudgets();
    expect(new Set(budgets.map(({ id }) => id)).size).toBe(budgets.length);
    for (const { goal, budget: limit } of budgets) expect(limit).toBeGreaterThanOrEqual(goal);
  });

  it('is refused where an entry lacks something, with its number', async () => {
    const file = await fileWith(JSON.stringify([budget, { ...budget, goal: '1' }]));
    await expect(readBudgets(file)).rejects.toThrow('entry 1 needs id, title, unit, goal and budget');
  });
});
