/** Rules for time that includes freezes and survives a wall clock that is set. */
import { describe, expect, it } from 'vitest';
import { steadyTime } from '../../../src/domain/steady-time.ts';
import { fakeClock } from '../fake-clock.ts';

const setUp = () => {
  const clock = fakeClock();
  const time = steadyTime(clock);
  const began = time();
  return { clock, passed: () => time() - began };
};

describe('steady time', () => {
  it('passes as both clocks do', async () => {
    const { clock, passed } = setUp();
    await clock.advance(1234);
    expect(passed()).toBe(1234);
  });

  it('includes a freeze, even if the monotonic clock stood still', async () => {
    const { clock, passed } = setUp();
    clock.jump(60_000);
    await clock.advance(1);
    expect(passed()).toBe(60_001);
  });

  it('goes on if the wall clock is set back, and keeps the freezes that it has counted', async () => {
    const { clock, passed } = setUp();
    clock.jump(60_000);
    expect(passed()).toBe(60_000);
    clock.jump(-3_600_000);
    expect(passed()).toBe(60_000);
    await clock.advance(500);
    expect(passed()).toBe(60_500);
    clock.jump(-1);
    clock.jump(7000);
    expect(passed()).toBe(67_499);
  });

  it('goes on by the monotonic clock if the wall clock was set back since the last reading', async () => {
    const { clock, passed } = setUp();
    await clock.advance(100);
    expect(passed()).toBe(100);
    await clock.advance(200);
    clock.jump(-3_600_000);
    expect(passed()).toBe(300);
  });

  it('takes a wall clock that lags by a millisecond for rounded, not for set back', async () => {
    const { clock, passed } = setUp();
    clock.jump(-1);
    await clock.advance(10);
    expect(passed()).toBe(9);
  });

  it('never goes back, not by a millisecond', () => {
    const { clock, passed } = setUp();
    clock.jump(10);
    expect(passed()).toBe(10);
    clock.jump(-1);
    expect(passed()).toBe(10);
  });

  it('does not run faster because the wall clock is rounded, however often it is read', () => {
    let elapsed = 0.7;
    const time = steadyTime({ now: () => Math.floor(elapsed), elapsed: () => elapsed });
    const began = time();
    for (let reading = 0; reading < 100_000; reading += 1) {
      elapsed += 0.013;
      time();
    }
    expect(time() - began).toBeLessThan(elapsed + 1);
    expect(time() - began).toBeGreaterThan(elapsed - 2);
  });
});
