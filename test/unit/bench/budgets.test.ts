/** Goals, budgets and the verdicts on them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { budgetFor, judge, readBudgets, readGoals } from '../../../bench/budgets.ts';

const goal = { id: 'a', title: 'A', unit: '×', goal: 1 };

const fileWith = async (value: unknown): Promise<URL> => {
  const folder = await mkdtemp(join(tmpdir(), 'budgets-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'file.json');
  await writeFile(file, JSON.stringify(value));
  return pathToFileURL(file);
};

describe('a verdict', () => {
  it.each([
    [1, true, true],
    [1.2, false, true],
    [1.6, false, false],
    [Number.NaN, false, false],
  ])('on %s: goal met %s, within budget %s', (value, met, withinBudget) => {
    expect(judge([goal], { a: 1.5 }, { a: value })).toEqual([{ ...goal, budget: 1.5, value, met, withinBudget }]);
  });

  it('is not given where nothing was measured', () => {
    expect(judge([goal], { a: 1.5 }, { b: 1 })).toEqual([]);
  });

  it('exceeds no budget where there is none', () => {
    expect(judge([goal], {}, { a: 9 })).toEqual([{ ...goal, value: 9, met: false, withinBudget: true }]);
  });
});

describe('a budget made of a measured value', () => {
  it.each([
    ['×', 2, 2.4],
    ['%', 4, 5.2],
    ['ms', 2, 3],
    ['', 3, 3],
  ])('has room for the noise of its unit: of %s %s becomes %s', (unit, value, budget) => {
    expect(budgetFor({ goal: 1, unit, value })).toBe(budget);
  });

  it('is not tighter than the goal', () => {
    expect(budgetFor({ goal: 5, unit: '×', value: 1 })).toBe(5);
  });
});

describe('the files', () => {
  it('have one goal for each id, and a budget for each goal that is not tighter', async () => {
    const [goals, budgets] = [await readGoals(), await readBudgets()];
    expect(new Set(goals.map(({ id }) => id)).size).toBe(goals.length);
    expect(Object.keys(budgets).sort()).toEqual(goals.map(({ id }) => id).sort());
    for (const { id, goal: wanted } of goals) expect(budgets[id]).toBeGreaterThanOrEqual(wanted);
  });

  it('are refused where an entry lacks something, by its name', async () => {
    await expect(readGoals(await fileWith([goal, { ...goal, goal: '1' }]))).rejects.toThrow(
      'entry 1 needs id, title, unit and goal',
    );
    await expect(readBudgets(await fileWith({ a: 'b' }))).rejects.toThrow('a must be a number');
  });
});
