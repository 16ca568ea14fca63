/**
 * Which blocks of src/ ran, from V8's own block coverage in this process.
 *
 * Why not a fuzzer from npm: Jazzer.js 4.0.0's prebuilt binary needs glibc 2.38, and 3.x and 2.1.0 did not run on a machine with
 * 2.36 either. Why not instrumented code: measured on Node 24, the corridor runs 14,400 times a second without coverage, 9,400
 * with V8's, and 6,900 when instrumented by istanbul-lib-instrument, which also brings 44 packages, needs 2.3 s to instrument and
 * 0.17 ms an input to read its counters. Taking V8's coverage costs 1.3 to 2.9 ms, so it is taken after a batch of inputs.
 */
import { Session } from 'node:inspector/promises';

const SRC = new URL('../../src/', import.meta.url).href;

export interface BlockCount {
  readonly covered: number;
  /** Blocks that V8 tells apart. A function that never ran counts as one. */
  readonly known: number;
}

export interface Coverage {
  /** Reads what ran since the last reading. */
  readonly take: () => Promise<Taken>;
  /** The blocks of some files, as paths below src/. Throws for a file that nothing has loaded: it may have a new name. */
  readonly count: (files: readonly string[]) => BlockCount;
}

export interface Taken {
  /** Whether a block ran that was never kept. */
  readonly isNew: boolean;
  /** Whether it ran every block that another reading was the first to run. */
  readonly includes: (other: Taken) => boolean;
  /** Counts its blocks as covered from now on. */
  readonly keep: () => void;
  readonly fresh: ReadonlyMap<string, readonly number[]>;
}

interface Script {
  /** By offset in the source: 1 if the block that holds it has run. */
  covered: Uint8Array;
  /** Offsets at which blocks begin or end. */
  readonly borders: Set<number>;
}

/** Starts coverage. Only modules that are loaded afterwards are covered block by block from their first run. */
export const openCoverage = async (): Promise<Coverage> => {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', {
    callCount: false,
    detailed: true,
    allowTriggeredUpdates: false,
  });
  const scripts = new Map<string, Script>();

  return {
    take: async () => {
      const { result } = await session.post('Profiler.takePreciseCoverage');
      const fresh = new Map<string, readonly number[]>();
      for (const { url, functions } of result) {
        if (!url.startsWith(SRC)) continue;
        const path = url.slice(SRC.length);
        const ranges = functions.flatMap(each => each.ranges);
        const script = grown(scripts, path, Math.max(...ranges.map(({ endOffset }) => endOffset)));
        const starts = freshIn(script, ranges);
        if (starts.length > 0) fresh.set(path, starts);
      }
      return taken(scripts, fresh);
    },
    count: files => {
      let [covered, known] = [0, 0];
      for (const file of files) {
        const script = scripts.get(file);
        if (script === undefined) throw new RangeError(`src/${file} was never loaded: a target names it`);
        for (const border of script.borders) {
          if (border >= script.covered.length) continue;
          known += 1;
          covered += script.covered[border] ?? 0;
        }
      }
      return { covered, known };
    },
  };
};

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

/** The offsets that ran and are not kept. V8 lists an outer range before the ranges inside it, so that the innermost counts. */
function freshIn({ covered, borders }: Script, ranges: readonly Range[]): readonly number[] {
  const ran = new Uint8Array(covered.length);
  for (const { startOffset, endOffset, count } of ranges) {
    borders.add(startOffset).add(endOffset);
    ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  }
  const fresh: number[] = [];
  for (let at = 0; at < ran.length; at += 1) if (ran[at] === 1 && covered[at] === 0) fresh.push(at);
  return fresh;
}

function taken(scripts: ReadonlyMap<string, Script>, fresh: ReadonlyMap<string, readonly number[]>): Taken {
  return {
    isNew: fresh.size > 0,
    fresh,
    includes: other =>
      [...other.fresh].every(([path, offsets]) => {
        const own = new Set(fresh.get(path));
        return offsets.every(offset => own.has(offset));
      }),
    keep: () => {
      for (const [path, offsets] of fresh)
        for (const offset of offsets) scripts.get(path)?.covered.fill(1, offset, offset + 1);
    },
  };
}

function grown(scripts: Map<string, Script>, path: string, length: number): Script {
  const script = scripts.get(path) ?? { covered: new Uint8Array(length), borders: new Set<number>() };
  if (script.covered.length < length) {
    const longer = new Uint8Array(length);
    longer.set(script.covered);
    script.covered = longer;
  }
  scripts.set(path, script);
  return script;
}
