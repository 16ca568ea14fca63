/** Fuzzes one target: mutates its inputs, keeps those that reach new code, and collects what breaks a rule. */
import { seeded } from '../../bench/fleet/virtual-time.ts';
import { jsonOf } from '../../src/domain/json.ts';
import { wholeNumber } from '../simulation/chance.ts';
import type { Coverage, Taken } from './coverage.ts';
import type { Budget, Finding, Fuzzed, KeptInputs } from './figures.ts';
import { minimised } from './minimise.ts';
import { mutated } from './mutate.ts';
import { picked } from './mutate-text.ts';
import { judged, type Target } from './target.ts';

const MAX_FINDINGS = 8;
/**
 * An input that takes longer is a finding, its judging included, in ms of CPU time: a base, and so much for each 1000 characters.
 * The slowest ordinary inputs take a quarter of this; work that grows with the square of a long text takes seconds.
 */
const BASE_MS = 30;
const THOUSAND_MS = 3;
/** Nothing but the work itself takes this much longer than its budget: it is not timed again. */
const CERTAIN_FACTOR = 10;
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
  const pool = target.seeds.map(copied);
  const findings = new Map<string, Finding>();
  const added: unknown[] = [];
  const slowest = { ms: 0, length: 0 };
  let inputs = 0;
  let { maxLength } = target;

  const problemsOf = async (input: unknown): Promise<readonly string[]> => {
    const { problems, ms } = await timed(target, input);
    const budget = budgetOf(input);
    if (ms <= slowest.ms && ms <= budget) return problems;
    const steady = await leastMs(target, input, ms);
    if (steady > slowest.ms) Object.assign(slowest, { ms: steady, length: JSON.stringify(input).length });
    return steady > budget ? [...problems, TOO_SLOW] : problems;
  };

  const run = async (input: unknown): Promise<void> => {
    inputs += 1;
    for (const problem of await problemsOf(input)) {
      const kind = kindOf(problem);
      if (findings.has(kind) || findings.size >= MAX_FINDINGS) continue;
      const [afterInputs, afterMs] = [inputs, performance.now() - started];
      findings.set(kind, { problem, input, afterInputs, afterMs });
      const breaks = async (candidate: unknown): Promise<boolean> => (await kindsOf(target, candidate)).has(kind);
      const smallest = await minimised(input, breaks);
      findings.set(kind, { problem, input: smallest, afterInputs, afterMs });
      // Others as long would be as slow, and leave no time for anything else.
      if (problem === TOO_SLOW) maxLength = Math.min(maxLength, JSON.stringify(input).length / 8);
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

  for (const input of [...target.seeds, ...corpus, ...target.trials].map(copied)) {
    if (JSON.stringify(input).length > MAX_KEPT) continue;
    await run(input);
    // One by one, because V8 tells two blocks apart only in a reading in which one of them did not run.
    const taken = await coverage.take();
    if (taken.isNew) pool.push(input);
    taken.keep();
  }

  while (inputs < maxInputs && performance.now() - started < maxMs) {
    const batch: unknown[] = [];
    while (batch.length < target.batch) {
      const input = next(pool, { ...target, maxLength }, random);
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

/** A mutation of a seed, of one of the newest inputs, or of any other, each as likely. Undefined if it is too large. */
function next(pool: readonly unknown[], { seeds, words, maxLength }: Target, random: () => number): unknown {
  const input = mutated(picked(picked([pool, pool.slice(0, seeds.length), pool.slice(-20)], random), random), {
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

/** One run, in ms of CPU time, which does not depend on how busy the machine is. */
async function timed(target: Target, input: unknown) {
  const before = process.cpuUsage();
  const problems = await judged(target, input);
  const { user, system } = process.cpuUsage(before);
  return { problems, ms: (user + system) / 1000 };
}

function budgetOf(input: unknown): number {
  return BASE_MS + (THOUSAND_MS * JSON.stringify(input).length) / 1000;
}

/** The least of five runs, because some of them collect garbage or compile. */
async function leastMs(target: Target, input: unknown, firstMs: number): Promise<number> {
  let least = firstMs;
  for (let run = 0; run < 4 && firstMs < CERTAIN_FACTOR * budgetOf(input); run += 1) {
    least = Math.min(least, (await timed(target, input)).ms);
  }
  return least;
}

async function kindsOf(target: Target, input: unknown): Promise<ReadonlySet<string>> {
  const { problems, ms } = await timed(target, input);
  const budget = budgetOf(input);
  const slow = ms > budget && (await leastMs(target, input, ms)) > budget;
  return new Set([...problems, ...(slow ? [TOO_SLOW] : [])].map(kindOf));
}

/** One finding a kind: the sentence without its numbers and quotations. */
function kindOf(problem: string): string {
  return problem.replace(/"[^"]*"|'[^']*'|\d+/g, '_').slice(0, 120);
}
