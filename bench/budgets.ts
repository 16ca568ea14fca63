/** The goals of docs/performance.md and the budgets that `--check` holds, read from budgets.json and joined with what was measured. */
import { readFile } from 'node:fs/promises';

export interface Budget {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** What the issue asks for. */
  readonly goal: number;
  /** What no change may exceed; where a goal is missed it is looser than the goal, and never looser than it need be. */
  readonly budget: number;
}

export interface Verdict extends Budget {
  readonly value: number;
  readonly met: boolean;
  readonly withinBudget: boolean;
}

const isBudget = (value: unknown): value is Budget =>
  typeof value === 'object' &&
  value !== null &&
  ['id', 'title', 'unit'].every(name => typeof Reflect.get(value, name) === 'string') &&
  ['goal', 'budget'].every(name => typeof Reflect.get(value, name) === 'number');

/** Reads the budgets. Throws, naming the entry, where the file is not as it should be. */
export const readBudgets = async (file = new URL('./budgets.json', import.meta.url)): Promise<readonly Budget[]> => {
  const entries: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (!Array.isArray(entries)) throw new Error('budgets.json must hold a list');
  return entries.map((entry, index) => {
    if (!isBudget(entry)) throw new Error(`budgets.json: entry ${index} needs id, title, unit, goal and budget`);
    return entry;
  });
};

/** A verdict for every budget that has a value; those of scenarios that did not run have none. */
export const judge = (budgets: readonly Budget[], values: Readonly<Record<string, number>>): readonly Verdict[] =>
  budgets.flatMap(budget => {
    const value = values[budget.id];
    if (value === undefined) return [];
    return [{ ...budget, value, met: value <= budget.goal, withinBudget: value <= budget.budget }];
  });
