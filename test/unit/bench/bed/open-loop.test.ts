/** The open loop: a rate that does not wait for answers, and latency from the intended start. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openLoop } from '../../../../bench/bed/open-loop.ts';

describe('an open loop', () => {
  it('makes exactly as many calls as the rate asks for', async () => {
    let calls = 0;
    await openLoop(200, 100, () => {
      calls += 1;
      return Promise.resolve();
    });
    expect(calls).toBe(20);
  });

  it('goes on calling while answers are late', async () => {
    let [running, most] = [0, 0];
    await openLoop(100, 100, async () => {
      running += 1;
      most = Math.max(most, running);
      await delay(150);
      running -= 1;
    });
    expect(most).toBe(10);
  });

  it('counts what a call waited before it could start', async () => {
    const timed = await openLoop(100, 100, () => {
      // Holds up the generator itself, as a busy machine does.
      for (const until = performance.now() + 20; performance.now() < until; );
      return Promise.resolve();
    });
    expect(timed.at(-1)?.ms).toBeGreaterThan(50);
  });
});
