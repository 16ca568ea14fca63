/** The fleet: a small one lives through the stories as the rules promise. */
import { describe, expect, it } from 'vitest';
import { recoverySeconds, total } from '../../../../bench/fleet/outcome.ts';
import type { Rules } from '../../../../bench/fleet/rules.ts';
import { type Run, simulate } from '../../../../bench/fleet/simulation.ts';
import { type Story, storiesAt } from '../../../../bench/fleet/story.ts';

const OURS: Rules = {
  name: 'ours',
  breaker: { errorThresholdPercent: 50, volumeThreshold: 3, windowMs: 30_000, resetMs: 5000 },
};
const NONE: Rules = { name: 'none' };

const [outage] = storiesAt(0.02);
/** Below a tenth there would be too few workers for a queue to build up as it does in the large. */
const [, , storm, junk] = storiesAt(0.1);

const told = (story: Story | undefined): Story => {
  if (story === undefined) throw new Error('the story is missing');
  return story;
};

const seconds = (run: Run, count: (second: Run['seconds'][number]) => number, from: number, to: number): number =>
  total(run, count, from, to);

describe('a fleet in an outage', async () => {
  const ours = await simulate(told(outage), OURS);

  it('lives the same life for the same seed', async () => {
    expect((await simulate(told(outage), OURS)).seconds).toEqual(ours.seconds);
  });

  it('permits everything while the service is well', () => {
    expect(seconds(ours, second => second.failed + second.circuitOpen, 0, 15)).toBe(0);
  });

  it('leaves a failing service alone once its breakers are open, which a simple client does not', async () => {
    const none = await simulate(told(outage), NONE);
    expect(seconds(ours, ({ calls }) => calls, 68, 75)).toBeLessThan(0.1 * seconds(none, ({ calls }) => calls, 68, 75));
  });

  it('leaves a service alone that merely stalls, which five failures in ten seconds would not', async () => {
    const none = await simulate(told(outage), NONE);
    const first = { errorThresholdPercent: 50, volumeThreshold: 5, windowMs: 10_000, resetMs: 5000 };
    const before = await simulate(told(outage), { name: 'the first defaults', breaker: first });
    const stalled = (run: Run): number => seconds(run, ({ calls }) => calls, 30, 60);
    expect(stalled(ours)).toBeLessThan(0.2 * stalled(none));
    expect(stalled(before)).toBeGreaterThan(0.9 * stalled(none));
  });

  it('serves callers again within a reset time and its jitter', () => {
    expect(recoverySeconds(ours, 75)).toBeLessThanOrEqual(7);
  });
});

describe('a fleet after a surge of cold starts', async () => {
  const ours = await simulate(told(storm), OURS);

  it('comes out of it, which a simple client never does', async () => {
    // Up to the story's second event; in the first seconds nothing has timed out yet.
    const surge = (run: Run): Run => ({ ...run, seconds: run.seconds.slice(0, 60) });
    expect(recoverySeconds(surge(ours), 20)).toBeLessThan(25);
    expect(recoverySeconds(surge(await simulate(told(storm), NONE)), 20)).toBeNaN();
  });

  it('reads a refused credential afresh at most every ten seconds in each environment', () => {
    expect(seconds(ours, ({ secrets }) => secrets, 60, 70)).toBeLessThanOrEqual(ours.maxEnvironments);
  });
});

describe('a fleet under a flood of junk tokens', async () => {
  const without = await simulate(told(junk), OURS);
  const gate = await simulate(told(junk), { ...OURS, gate: 'shape' });
  const served = (run: Run, from: number, to: number): number =>
    seconds(run, ({ permit }) => permit, from, to) /
    seconds(run, ({ permit, failed, circuitOpen }) => permit + failed + circuitOpen, from, to);

  it('refuses good users by open circuits', () => {
    expect(seconds(without, ({ circuitOpen }) => circuitOpen, 15, 60)).toBeGreaterThan(0);
    expect(served(without, 20, 60)).toBeLessThan(0.8);
  });

  it('serves every good user with the token gate', () => {
    expect(seconds(gate, ({ failed, circuitOpen }) => failed + circuitOpen, 0, 90)).toBe(0);
    expect(served(gate, 15, 60)).toBe(1);
  });

  it('asks PingOne about the good ones alone with the gate: 95 % fewer calls than requests', () => {
    const calls = seconds(gate, second => second.calls, 15, 60);
    const [permits, junkTokens] = [seconds(gate, ({ permit }) => permit, 15, 60), seconds(gate, s => s.junk, 15, 60)];
    expect(calls).toBe(permits);
    expect(calls / (permits + junkTokens)).toBeLessThan(0.055);
  });
});
