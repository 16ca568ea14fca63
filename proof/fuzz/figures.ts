/** What a run of the fuzzing is given, and its figures. */
import type { BlockCount } from './coverage.ts';

export interface Budget {
  readonly seed: number;
  /** Ends after the batch in which this many inputs have run. */
  readonly maxInputs: number;
  /** Ends after the batch in which this time is over, in ms. */
  readonly maxMs: number;
}

export interface Finding {
  /** What was broken, one sentence. */
  readonly problem: string;
  /** The smallest input that breaks it. */
  readonly input: unknown;
  /** How many inputs had run, and how many ms had passed, when it was found. */
  readonly afterInputs: number;
  readonly afterMs: number;
}

/** What the repository holds of a target. */
export interface KeptInputs {
  /** To begin with. */
  readonly corpus: readonly unknown[];
  /** Inputs that broke a rule once. They are run last, so that they change nothing of what the seed gives. */
  readonly found: readonly unknown[];
}

/** The figures of one target. */
export interface Fuzzed {
  readonly target: string;
  readonly seed: number;
  readonly inputs: number;
  readonly ms: number;
  /** Of the target's own files. */
  readonly blocks: BlockCount;
  /** Minimised inputs that reached code which seeds and corpus do not. */
  readonly added: readonly unknown[];
  readonly slowestMs: number;
  /** The size of the slowest input, in characters of JSON. */
  readonly slowestLength: number;
  readonly findings: readonly Finding[];
}
