/** Mutation testing: each mutant changes one place of the code, and a test ought to fail. Stryker makes and runs them. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { type Room, testsOf } from './rooms.ts';

export interface Survivor {
  /** Below the project, with forward slashes. */
  readonly file: string;
  readonly line: number;
  /** The code that was replaced, on one line. */
  readonly code: string;
  readonly becomes: string;
}

export interface Mutated {
  readonly mutants: number;
  /** A test failed, or the mutant ran until it was stopped. */
  readonly killed: number;
  readonly survivors: readonly Survivor[];
}

type Mutants = Awaited<ReturnType<Stryker['runMutationTest']>>;
type Mutant = Mutants[number];

/** Others never ran: a mutant that cannot be loaded says nothing about the tests. */
const COUNTED: ReadonlySet<string> = new Set(['Killed', 'Timeout', 'Survived', 'NoCoverage']);

/**
 * The mutants of some files of a room face the room's tests.
 * @param files globs, each maybe with a range of lines behind it (`file.ts:3-5`), as Stryker reads them
 * @param memory a file in which Stryker keeps the results, to run no mutant again while neither its file nor a test that
 * reaches it has changed
 * @throws whatever Stryker throws, such as for a test that fails without a mutant
 */
export const mutate = async (room: Room, files: readonly string[], memory?: string): Promise<Mutated> => {
  const mutants = await face(testsOf(room), files, memory);
  const survivors = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  return {
    mutants: mutants.length,
    killed: mutants.length - survivors.length,
    survivors: survivors.map(mutant => ({
      file: path.relative(process.cwd(), mutant.fileName).replaceAll(path.sep, '/'),
      line: mutant.location.start.line,
      code: onOneLine(codeOf(mutant)),
      becomes: onOneLine(mutant.replacement),
    })),
  };
};

async function face(tests: readonly string[], files: readonly string[], memory: string | undefined): Promise<Mutants> {
  process.env['MUTANTS_FACE'] = tests.join(' ');
  const stryker = new Stryker({
    configFile: 'proof/mutation/stryker.config.mjs',
    mutate: [...files],
    concurrency: availableParallelism(),
    ...(memory === undefined ? {} : { incremental: true, incrementalFile: memory }),
  });
  return (await stryker.runMutationTest()).filter(({ status }) => COUNTED.has(status));
}

/** Lines and columns count from 1. */
function codeOf({ fileName, location: { start, end } }: Mutant): string {
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, index) => line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined))
    .join('\n');
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
