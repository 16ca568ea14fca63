/** The report as data: what report.json holds and what the page and the table are made of. */
import { type Budgets, type Goal, judge, type Verdict } from '../budgets.ts';
import type { Machine } from '../machine.ts';
import type { Measurement, Mode, Scenario, ScenarioResult } from '../scenario.ts';
import { type Ratio, ratioOf, type Summary, summarise } from '../statistics.ts';
import type { Figure } from './figure.ts';

export interface Row extends Measurement {
  readonly summary: Summary;
  /** Against the control; undefined for the control itself and if there is none. */
  readonly ratio?: Ratio;
}

export interface Chapter {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly seconds: number;
  readonly notes: readonly string[];
  readonly rows: readonly Row[];
  readonly figures: readonly Figure[];
  readonly values: Readonly<Record<string, number>>;
  /** Why it has no results. */
  readonly failure?: string;
}

export interface Report {
  readonly schema: 1;
  readonly mode: Mode;
  /** Only some scenarios ran. */
  readonly partial?: true;
  readonly started: string;
  readonly seconds: number;
  readonly machine: Machine;
  readonly verdicts: readonly Verdict[];
  readonly chapters: readonly Chapter[];
}

/** A chapter from what a scenario found, or from the error that ended it. */
export const chapterOf = (scenario: Scenario, outcome: ScenarioResult | Error, seconds: number): Chapter => {
  const { name, title, question } = scenario;
  const about = { name, title, question, seconds };
  if (outcome instanceof Error) {
    return { ...about, notes: [], rows: [], figures: [], values: {}, failure: outcome.message };
  }
  const { notes, figures, values, measurements } = outcome;
  return { ...about, notes, figures, values, rows: measurements.map(measurement => rowOf(measurement, measurements)) };
};

export const verdictsOf = (
  chapters: readonly Chapter[],
  goals: readonly Goal[],
  budgets: Budgets,
): readonly Verdict[] => judge(goals, budgets, Object.assign({}, ...chapters.map(({ values }) => values)));

function rowOf(measurement: Measurement, all: readonly Measurement[]): Row {
  const { condition, metric, control } = measurement;
  const other =
    control === undefined || control === measurement.variant
      ? undefined
      : all.find(m => m.condition === condition && m.metric === metric && m.variant === control);
  return {
    ...measurement,
    summary: summarise(measurement.rounds.flat()),
    ...(other === undefined ? {} : { ratio: ratioOf(measurement, other) }),
  };
}
