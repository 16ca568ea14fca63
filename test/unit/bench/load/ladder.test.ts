/** The load's ladder: a knee is named only if it was reached, and failures keep their kinds. */
import { describe, expect, it } from 'vitest';
import { failuresIn, kneeOf, type Ladder, nearFloor, type Step, verdictOn } from '../../../../bench/load/ladder.ts';

const step = (rate: number, ms: number, failures = {}): Step => ({
  rate,
  ms: Array.from({ length: 20 }, () => ms),
  failures: { throttled: 0, denied: 0, broken: 0, ...failures },
  environments: 3,
});

const ladder = (...steps: readonly Step[]): Ladder => ({ condition: 'c', throughput: 500, steps });

describe('a knee', () => {
  it('is the last rate before latency leaves its floor for good', () => {
    expect(kneeOf(ladder(step(100, 2), step(200, 3), step(300, 9), step(400, 40)))?.rate).toBe(200);
  });

  it('is not one slow moment of the machine', () => {
    expect(kneeOf(ladder(step(100, 2), step(200, 50), step(300, 3), step(400, 40)))?.rate).toBe(300);
  });

  it('is not named if the highest rate was still near the floor', () => {
    const calm = ladder(step(100, 2), step(200, 3));
    expect(kneeOf(calm)).toBeUndefined();
    expect(verdictOn(calm)).toContain('no knee up to 200 requests/s, the highest rate tried');
  });
});

describe('failures', () => {
  const steps = [step(100, 2, { denied: 1 }), step(200, 2, { throttled: 4, broken: 2 }), step(300, 90, { broken: 8 })];

  it('are counted by kind and together', () => {
    expect(failuresIn(steps, ['throttled'])).toBe(4);
    expect(failuresIn(steps)).toBe(15);
  });

  it('are told by kind', () => {
    expect(verdictOn(ladder(...steps))).toContain('On the whole ladder: 4 throttled, 1 denied, 10 broken.');
  });

  it('count against the goal only near the floor', () => {
    expect(failuresIn(nearFloor(ladder(...steps)))).toBe(7);
  });
});
