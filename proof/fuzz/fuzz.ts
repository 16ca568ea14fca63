/** Fuzzes every target, two at a time, and keeps what was found. */
import { startChild } from '../../bench/bed/child.ts';
import { keepInput } from './corpus.ts';
import type { Fuzzed } from './figures.ts';
import type { FuzzAsked } from './fuzz-process.ts';

/** The targets, and how large a part of the time each gets. The parsers of texts reach all that they can soon. */
const SHARES: Readonly<Record<string, number>> = {
  'api-gateway': 4,
  cloudfront: 4,
  reply: 4,
  settings: 3,
  url: 2,
  challenge: 2,
};

/** Processes at a time. */
const PROCESSES = 2;

export interface FuzzOptions {
  /** For all targets together. */
  readonly seconds: number;
  readonly seed: number;
  /** Only this target. */
  readonly target?: string | undefined;
  /** Ends a target after so many inputs, for a run that is to be repeated exactly. */
  readonly maxInputs?: number | undefined;
  /** Adds the inputs that reached new code to the corpus in the repository. */
  readonly keepCorpus?: boolean | undefined;
}

export const TARGET_NAMES: readonly string[] = Object.keys(SHARES);

/** The figures of each target. What broke a rule is written to `proof/fuzz/found/`, where `npm test` replays it. */
export const fuzz = async ({
  seconds,
  seed,
  target,
  maxInputs,
  keepCorpus,
}: FuzzOptions): Promise<readonly Fuzzed[]> => {
  const chosen = Object.entries(SHARES).filter(([name]) => target === undefined || name === target);
  const processes = Math.min(PROCESSES, chosen.length);
  const shares = chosen.reduce((sum, [, share]) => sum + share, 0);
  const waiting = chosen.map(([name, share]) => ({
    target: name,
    seed,
    maxMs: maxInputs === undefined ? (1000 * seconds * processes * share) / shares : Number.POSITIVE_INFINITY,
    maxInputs: maxInputs ?? Number.POSITIVE_INFINITY,
  }));
  const results: Fuzzed[] = [];
  const work = async (): Promise<void> => {
    for (let asked = waiting.shift(); asked !== undefined; asked = waiting.shift()) results.push(await fuzzed(asked));
  };
  await Promise.all(Array.from({ length: processes }, work));
  for (const { target: name, findings, added } of results) {
    for (const { input, problem } of findings) keepInput('found', name, input, slug(problem));
    if (keepCorpus) for (const input of added) keepInput('corpus', name, input);
  }
  return results.toSorted((one, other) => TARGET_NAMES.indexOf(one.target) - TARGET_NAMES.indexOf(other.target));
};

/** A process of its own for each target, because coverage is that of a process. */
async function fuzzed(asked: FuzzAsked): Promise<Fuzzed> {
  const child = startChild(new URL('./fuzz-process.ts', import.meta.url));
  try {
    return (await child.ask('fuzz', asked)) as Fuzzed;
  } finally {
    await child.end();
  }
}

function slug(problem: string): string {
  return problem
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
}
