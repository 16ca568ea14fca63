/** Fuzzes one target in a process of its own. Coverage is started first, so that it sees every module of src/ from its first run. */
import { answerCalls } from '../../bench/bed/child.ts';
import { type Kept, keptInputs } from './corpus.ts';
import { openCoverage } from './coverage.ts';
import type { Budget, Fuzzed } from './figures.ts';
import { fuzzTarget } from './fuzz-target.ts';

/** What a process is asked for. */
export interface FuzzAsked extends Budget {
  readonly target: string;
}

// Most inputs are refused with an error, whose stack costs more than everything else.
Error.stackTraceLimit = 0;
const coverage = await openCoverage();
const { TARGETS } = await import('./targets/index.ts');

answerCalls({ fuzz: asked => fuzz(asked as FuzzAsked) });

function fuzz({ target: name, ...budget }: FuzzAsked): Promise<Fuzzed> {
  const target = TARGETS.find(candidate => candidate.name === name);
  if (target === undefined) throw new RangeError(`there is no target ${name}`);
  const kept = (folder: Kept): readonly unknown[] => keptInputs(folder, name).map(([, input]) => input);
  return fuzzTarget(target, { corpus: kept('corpus'), found: kept('found') }, coverage, budget);
}
