/** Virtual time: in order, exact, repeatable, and never ahead of an unsettled promise. */
import { describe, expect, it } from 'vitest';
import { clockOf, virtualTime } from '../../../../bench/fleet/virtual-time.ts';

describe('virtual time', () => {
  it('runs what is planned in its order, at its moment, and at once', async () => {
    const time = virtualTime(1);
    const seen: string[] = [];
    for (const ms of [3_600_000, 20, 10, 10]) time.after(ms, () => seen.push(`${ms} at ${time.now()}`));
    await time.run(3_600_001);
    expect(seen).toEqual(['10 at 10', '10 at 10', '20 at 20', '3600000 at 3600000']);
  });

  it('does not run what was cancelled', async () => {
    const time = virtualTime(1);
    let ran = false;
    time.after(5, () => {
      ran = true;
    })();
    await time.run(10);
    expect(ran).toBe(false);
  });

  it('settles every promise of a moment before the next one comes', async () => {
    const time = virtualTime(1);
    let settledAt = -1;
    time.after(5, () => {
      let chain = Promise.resolve();
      for (let link = 0; link < 50; link += 1) chain = chain.then(() => undefined);
      void chain.then(() => {
        settledAt = time.now();
      });
    });
    time.after(6, () => undefined);
    await time.run(10);
    expect(settledAt).toBe(5);
  });

  it('draws the same chances for the same seed', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, virtualTime(seed).random);
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('takes the jitter out of a clock that is to have none', () => {
    expect(clockOf(virtualTime(1), false).random()).toBe(0.5);
  });
});
