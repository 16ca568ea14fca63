/** Goals, which say what the project set out to reach, and budgets, which say what no change may exceed; both held against a run. */
import { readFile } from 'node:fs/promises';

export interface Goal {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly goal: number;
}

/** By the id of a goal. */
export type Budgets = Readonly<Record<string, number>>;

export interface Verdict extends Goal {
  readonly value: number;
  readonly met: boolean;
  /** Undefined if nothing was measured yet that a budget could be made of. */
  readonly budget?: number;
  readonly withinBudget: boolean;
}

/** How far a value may be above the one that its budget is made of. A count has no room. */
const ROOM: Readonly<Record<string, number>> = { '×': 1.2, '%': 1.3, ms: 1.5 };

export const GOALS_FILE = new URL('./goals.json', import.meta.url);
export const BUDGETS_FILE = new URL('./budgets.json', import.meta.url);

/** Reads the goals. Throws, naming the entry, if the file is not as it should be. */
export const readGoals = async (file = GOALS_FILE): Promise<readonly Goal[]> => {
  const entries: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (!Array.isArray(entries)) throw new Error('goals.json must hold a list');
  return entries.map((entry, index) => {
    if (!isGoal(entry)) throw new Error(`goals.json: entry ${index} needs id, title, unit and goal`);
    return entry;
  });
};

/** Reads the budgets. Throws, naming the entry, if one is not a number. */
export const readBudgets = async (file = BUDGETS_FILE): Promise<Budgets> => {
  const entries: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (typeof entries !== 'object' || entries === null) throw new Error('budgets.json must hold an object');
  return Object.fromEntries(
    Object.entries(entries).map(([id, budget]) => {
      if (typeof budget !== 'number') throw new Error(`budgets.json: ${id} must be a number`);
      return [id, budget];
    }),
  );
};

/** A verdict for every goal that has a value; those of scenarios that did not run have none. */
export const judge = (
  goals: readonly Goal[],
  budgets: Budgets,
  values: Readonly<Record<string, number>>,
): readonly Verdict[] =>
  goals.flatMap(goal => {
    const value = values[goal.id];
    if (value === undefined) return [];
    const met = value <= goal.goal;
    const budget = budgets[goal.id];
    return [
      budget === undefined
        ? { ...goal, value, met, withinBudget: true }
        : { ...goal, value, met, budget, withinBudget: value <= budget },
    ];
  });

/** The budget that a measured value makes: with room for the noise of another run, and never tighter than the goal. */
export const budgetFor = ({ goal, unit, value }: Pick<Verdict, 'goal' | 'unit' | 'value'>): number =>
  Math.max(goal, Math.ceil(value * (ROOM[unit] ?? 1) * 100) / 100);

function isGoal(value: unknown): value is Goal {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['id', 'title', 'unit'].every(name => typeof Reflect.get(value, name) === 'string') &&
    typeof Reflect.get(value, 'goal') === 'number'
  );
}
