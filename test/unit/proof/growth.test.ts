/** Rules of measuring growth: what grows with the square of its input, or with each request, is seen. */
import { afterAll, describe, expect, it } from 'vitest';
import { startChild } from '../../../bench/bed/child.ts';
import type { Cost } from '../../../proof/growth/measure.ts';
import { factorOf, growthBroken, type HandlerFloors, leastGrowth } from '../../../proof/growth/prove-growth.ts';

const child = startChild(new URL('./planted-growth.ts', import.meta.url), ['--expose-gc']);
afterAll(() => child.end());

const costs = (...bytes: readonly number[]): readonly Cost[] =>
  bytes.map((allocated, index) => ({ size: 1000 * 2 ** index, ms: 1, allocated, retained: 0 }));

const KIB = 1024;
const floors = (heldKib: readonly number[], change: Partial<HandlerFloors['floors'][number]> = {}): HandlerFloors => ({
  handler: 'planted',
  floors: heldKib.map((held, index) => ({
    requests: (index + 1) * 1000,
    held: held * KIB,
    timers: 0,
    connections: 10,
    answers: {},
    ...(index === 2 ? change : {}),
  })),
});

describe('a parser', () => {
  it('is seen to be linear, or to grow with the square, in what it allocates and in what it keeps', async () => {
    const linear = (await child.ask('linear')) as readonly Cost[];
    const quadratic = (await child.ask('quadratic')) as readonly Cost[];
    const factors = (of: (cost: Cost) => number): readonly number[] => [factorOf(linear, of), factorOf(quadratic, of)];
    for (const [small = 0, large = 0] of [factors(({ allocated }) => allocated), factors(({ retained }) => retained)]) {
      expect(small).toBeGreaterThan(4);
      expect(small).toBeLessThan(12);
      expect(large).toBeGreaterThan(30);
    }
    const broken = growthBroken({ parsers: [{ parser: 'planted', costs: quadratic }], handlers: [] }).join('\n');
    expect(broken).toMatch(/planted: eight times the input costs \d\d\.\d times the memory while it runs/);
    expect(broken).toMatch(/times the memory of its result/);
  });

  it('breaks nothing if it needs too little to be told from noise', () => {
    expect(
      growthBroken({ parsers: [{ parser: 'small', costs: costs(100, 800, 9000, 60_000) }], handlers: [] }),
    ).toEqual([]);
  });

  it('breaks its promise if its time grows with the square', () => {
    const slow = costs(1, 1, 1, 1).map((cost, index) => ({ ...cost, ms: 4 ** index }));
    expect(growthBroken({ parsers: [{ parser: 'slow', costs: slow }], handlers: [] })).toEqual([
      'slow: eight times the input costs 64.0 times the CPU time',
    ]);
  });
});

describe('a handler', () => {
  it('keeps its promise if its memory comes back to its floor once', () => {
    expect(leastGrowth(floors([100, 500, 510, 900]).floors)).toBeCloseTo(10.24);
    expect(growthBroken({ parsers: [], handlers: [floors([100, 500, 510, 900])] })).toEqual([]);
  });

  it('breaks it if something stays of each request', () => {
    expect(growthBroken({ parsers: [], handlers: [floors([100, 200, 310, 420])] })).toEqual([
      'handler planted: 102 bytes stay of each request',
    ]);
  });

  it('breaks it if timers or connections stay', () => {
    const flat = [100, 100, 100];
    expect(
      growthBroken({ parsers: [], handlers: [floors(flat, { timers: 1 }), floors(flat, { connections: 41 })] }),
    ).toEqual([
      'handler planted: 1 timers and 10 connections are left',
      'handler planted: 0 timers and 41 connections are left',
    ]);
  });
});
