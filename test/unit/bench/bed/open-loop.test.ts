/** The open loop: a rate that does not wait for answers, and latency from the intended start. */
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
    let calls = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    await openLoop(100, 100, () => {
      calls += 1;
      // None is answered before all have been made.
      if (calls === 10) resolve();
      return promise;
    });
    expect(calls).toBe(10);
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
