/** The stages of the proof by name, and what each of them gives. */

export const STAGE_NAMES = ['lives', 'models', 'inputs', 'growth', 'mutants'] as const;

export type StageName = (typeof STAGE_NAMES)[number];

export type Thoroughness = 'quick' | 'whole';

/** Figures as the terminal and docs/assurance.md show them; the first column has names, the others have numbers. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Proved {
  /** One sentence over the tables. */
  readonly title: string;
  readonly tables: readonly Table[];
  /** One sentence for each promise that was broken. */
  readonly broken: readonly string[];
}
