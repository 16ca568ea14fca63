/** What a parser costs at doubling sizes: CPU time, memory that it allocates while it runs, and memory that its result holds. */
import { GCProfiler } from 'node:v8';
import { PARSERS, type Prepare } from './parsers.ts';

/** What an input of one size costs. */
export interface Cost {
  /** About so many characters. */
  readonly size: number;
  /** CPU time, in ms. */
  readonly ms: number;
  /** All that was allocated, in bytes: the heap's peak is never higher. */
  readonly allocated: number;
  /** What stays as long as somebody holds the result, in bytes. */
  readonly retained: number;
}

/** One parser at sizes of which each is twice the one before. */
export interface ParserGrowth {
  readonly parser: string;
  readonly costs: readonly Cost[];
}

const DOUBLINGS = [1, 2, 4, 8] as const;
/** Runs of each size. The cheapest one counts, because nothing but noise makes a run dearer. */
const TIMED_RUNS = 7;
const WEIGHED_RUNS = 3;

/** Measures every parser. The process must run with `--expose-gc`. */
export const measureParsers = (): readonly ParserGrowth[] =>
  PARSERS.map(([parser, prepare, size]) => ({ parser, costs: costsOf(prepare, size) }));

/** @param size the least of the sizes. */
export const costsOf = (prepare: Prepare, size: number): readonly Cost[] => {
  const works = DOUBLINGS.map(times => ({ size: size * times, read: prepare(size * times) }));
  for (const { read } of works) read();
  return works.map(work => {
    const ms = least(Array.from({ length: TIMED_RUNS }, () => cpuMsOf(work.read)));
    const weights = Array.from({ length: WEIGHED_RUNS }, () => weightOf(work.read));
    return {
      size: work.size,
      ms,
      allocated: least(weights.map(({ allocated }) => allocated)),
      retained: least(weights.map(({ retained }) => retained)),
    };
  });
};

/** Collects garbage twice: the first collection may only unlink what the second one frees. */
export const collectGarbage = (): void => {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  for (let time = 0; time < 2; time += 1) globalThis.gc();
};

/** Bytes on the heap, and outside it in buffers. */
export const bytesHeld = (): number => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

function cpuMsOf(read: () => unknown): number {
  const before = process.cpuUsage();
  read();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function weightOf(read: () => unknown): Pick<Cost, 'allocated' | 'retained'> {
  collectGarbage();
  const before = bytesHeld();
  const profiler = new GCProfiler();
  profiler.start();
  const holder = { result: read() };
  const after = bytesHeld();
  const freed = profiler.stop().statistics.reduce((sum, collection) => sum + freedBy(collection), 0);
  collectGarbage();
  const retained = bytesHeld() - before;
  // Used after the measurement: the engine would let it go before it otherwise.
  Reflect.deleteProperty(holder, 'result');
  return { allocated: after - before + freed, retained };
}

interface Collection {
  readonly beforeGC: { readonly heapStatistics: { readonly usedHeapSize: number } };
  readonly afterGC: { readonly heapStatistics: { readonly usedHeapSize: number } };
}

function freedBy({ beforeGC, afterGC }: Collection): number {
  return beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize;
}

/** Never below zero: what the engine itself lets go of meanwhile is none of the parser's. */
function least(values: readonly number[]): number {
  return Math.max(0, Math.min(...values));
}
