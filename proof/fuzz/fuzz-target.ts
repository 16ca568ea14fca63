/** Fuzzes one target: mutates its inputs, keeps those that reach new code, and collects what breaks a rule. */
import { seeded } from '../../bench/fleet/virtual-time.ts';
import { jsonOf } from '../../src/domain/json.ts';
import { wholeNumber } from '../simulation/chance.ts';
import type { BlockCount, Coverage, Taken } from './coverage.ts';
import { minimised } from './minimise.ts';
import { mutated } from './mutate.ts';
import { picked } from './mutate-text.ts';
import { judged, type Target } from './target.ts';

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

const MAX_FINDINGS = 8;
/**
 * An input that takes longer is a finding, its judging included. The largest inputs take a tenth of this when the work grows
 * with their length; work that grows with its square takes seconds.
 */
const BUDGET_MS = 250;
/** How often a slow input is tried in a smaller form. Each try may take seconds. */
const SLOW_TRIES = 12;
/** A larger input is not kept to mutate: it would make all that come after it slow. */
const MAX_KEPT = 12_000;

/** Fuzzes. The same seed and corpus give the same inputs in the same order; only the number of them depends on the time. */
export const fuzzTarget = async (
  target: Target,
  { corpus, found }: KeptInputs,
  coverage: Coverage,
  { seed, maxInputs, maxMs }: Budget,
): Promise<Fuzzed> => {
  const started = performance.now();
  const random = seeded(seed);
  const pool = [...target.seeds, ...corpus].filter(input => JSON.stringify(input).length <= MAX_KEPT).map(copied);
  const findings = new Map<string, Finding>();
  const added: unknown[] = [];
  const slowest = { ms: 0, length: 0 };
  let inputs = 0;

  const problemsOf = async (input: unknown): Promise<readonly string[]> => {
    const before = performance.now();
    const problems = await judged(target, input);
    const ms = performance.now() - before;
    if (ms <= slowest.ms) return problems;
    const steady = await leastMs(target, input, ms);
    if (steady > slowest.ms) Object.assign(slowest, { ms: steady, length: JSON.stringify(input).length });
    return steady > BUDGET_MS ? [...problems, TOO_SLOW] : problems;
  };

  const run = async (input: unknown): Promise<void> => {
    inputs += 1;
    for (const problem of await problemsOf(input)) {
      const kind = kindOf(problem);
      if (findings.has(kind) || findings.size >= MAX_FINDINGS) continue;
      const [afterInputs, afterMs] = [inputs, performance.now() - started];
      findings.set(kind, { problem, input, afterInputs, afterMs });
      const breaks = async (candidate: unknown): Promise<boolean> => (await kindsOf(target, candidate)).has(kind);
      const smallest = await minimised(input, breaks, problem === TOO_SLOW ? SLOW_TRIES : undefined);
      findings.set(kind, { problem, input: smallest, afterInputs, afterMs });
    }
  };

  const explored = async (batch: readonly unknown[]): Promise<Taken> => {
    for (const input of batch) await judged(target, input);
    return coverage.take();
  };

  /** Finds the inputs of a batch that ran new code, by halves. */
  const keepNew = async (batch: readonly unknown[]): Promise<void> => {
    const taken = await explored(batch);
    if (!taken.isNew) return;
    const [only] = batch;
    if (batch.length > 1) {
      await keepNew(batch.slice(0, batch.length / 2));
      await keepNew(batch.slice(batch.length / 2));
    } else {
      const smallest = await minimised(only, async candidate => (await explored([candidate])).includes(taken), 25);
      pool.push(smallest);
      added.push(smallest);
    }
    taken.keep();
  };

  for (const input of pool) {
    await run(input);
    // One by one, because V8 tells two blocks apart only in a reading in which one of them did not run.
    (await coverage.take()).keep();
  }

  while (inputs < maxInputs && performance.now() - started < maxMs) {
    const batch: unknown[] = [];
    while (batch.length < target.batch) {
      const input = next(pool, target, random);
      if (input !== undefined) batch.push(input);
    }
    for (const input of batch) await run(input);
    const taken = await coverage.take();
    if (taken.isNew) await keepNew(batch.filter(input => JSON.stringify(input).length <= MAX_KEPT));
    // What does not run again in the same way would be looked for in vain after each batch.
    taken.keep();
  }
  for (const input of found) await run(input);
  return {
    target: target.name,
    seed,
    inputs,
    ms: performance.now() - started,
    blocks: coverage.count(target.files),
    added,
    slowestMs: slowest.ms,
    slowestLength: slowest.length,
    findings: [...findings.values()],
  };
};

const TOO_SLOW = 'took longer than its budget';

/** A mutation of one of the pool; of the newest ones as often as of all others together. Undefined if it is too large. */
function next(pool: readonly unknown[], { words, maxLength }: Target, random: () => number): unknown {
  const newest = pool.slice(-20);
  const input = mutated(picked(random() < 0.5 ? newest : pool, random), {
    random,
    words,
    other: () => pool[wholeNumber(random, 0, pool.length - 1)],
  });
  const text = JSON.stringify(input);
  return text.length > maxLength ? undefined : jsonOf(text);
}

function copied(input: unknown): unknown {
  return jsonOf(JSON.stringify(input));
}

/** The least of five runs, because the machine is busy with other work. */
async function leastMs(target: Target, input: unknown, firstMs: number): Promise<number> {
  let least = firstMs;
  for (let run = 0; run < 4; run += 1) {
    const before = performance.now();
    await judged(target, input);
    least = Math.min(least, performance.now() - before);
  }
  return least;
}

async function kindsOf(target: Target, input: unknown): Promise<ReadonlySet<string>> {
  const before = performance.now();
  const problems = await judged(target, input);
  const slow = performance.now() - before > BUDGET_MS && (await leastMs(target, input, Infinity)) > BUDGET_MS;
  return new Set([...problems, ...(slow ? [TOO_SLOW] : [])].map(kindOf));
}

/** One finding a kind: the sentence without its numbers and quotations. */
function kindOf(problem: string): string {
  return problem.replace(/"[^"]*"|'[^']*'|\d+/g, '_').slice(0, 120);
}
