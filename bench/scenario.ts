/** What a scenario is given and what it hands back: raw samples, figures as data, values that goals are held against. */
import type { Figure } from './report/figure.ts';

export type Mode = 'quick' | 'full';

/** One quantity of one variant, under one condition. */
export interface Measurement {
  /** The condition that variants are compared under, such as `0 ms service`. */
  readonly condition: string;
  readonly variant: string;
  readonly metric: string;
  readonly unit: string;
  /** The variant of the same condition and metric that this one is divided by. */
  readonly control?: string;
  /** Shown in the page, left out of the terminal. */
  readonly detail?: boolean;
  /** Raw samples, a list for each interleaved round. */
  readonly rounds: readonly (readonly number[])[];
}

export interface ScenarioResult {
  /** How it was measured and what limits that, a sentence each. */
  readonly notes: readonly string[];
  readonly measurements: readonly Measurement[];
  readonly figures: readonly Figure[];
  /** Values for the goals in budgets.json, by their id. */
  readonly values: Readonly<Record<string, number>>;
}

export interface Bench {
  readonly mode: Mode;
  /** One or the other, by the mode. */
  readonly pick: <T>(quick: T, full: T) => T;
  /** Where the zip and the bundled controls are: a LAMBDA_TASK_ROOT. */
  readonly taskRoot: string;
  /** Says what is being done, on the terminal. */
  readonly say: (progress: string) => void;
  /** Registers what must be ended, also if the scenario fails; ended in reverse order. */
  readonly defer: (end: () => unknown) => void;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** One sentence: the question that it answers. */
  readonly question: string;
  readonly run: (bench: Bench) => Promise<ScenarioResult>;
}
