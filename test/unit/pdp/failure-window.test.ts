/** Rules of the window in which finished calls are counted. */
import { describe, expect, it } from 'vitest';
import type { BreakerSettings } from '../../../src/config/configuration.ts';
import { failureWindow } from '../../../src/pdp/failure-window.ts';

const setUp = (settings: Partial<BreakerSettings> = {}) => {
  let now = 0;
  const window = failureWindow(
    { errorThresholdPercent: 50, volumeThreshold: 4, windowMs: 1000, ...settings },
    () => now,
  );
  return {
    window,
    pass: (ms: number) => {
      now += ms;
    },
    add: async (calls: string): Promise<string> => {
      const reached: boolean[] = [];
      for (const call of calls) reached.push(await window.add(call === '-'));
      return reached.map(is => (is ? 'x' : '.')).join('');
    },
  };
};

describe('the threshold', () => {
  it('is reached by the failure that makes the share at least that, once there are calls enough', async () => {
    expect(await setUp().add('----')).toBe('...x');
    expect(await setUp().add('++--')).toBe('...x');
    expect(await setUp().add('+++--+--')).toBe('.......x');
    expect(await setUp({ errorThresholdPercent: 100 }).add('+----')).toBe('.....');
  });

  it('is reached by no success', async () => {
    expect(await setUp().add('---+')).toBe('....');
  });

  it('empties the window', async () => {
    expect(await setUp().add('--------')).toBe('...x...x');
  });
});

describe('the window', () => {
  it('forgets what is older than itself, a tenth at a time', async () => {
    const { add, pass } = setUp();
    await add('---');
    pass(999);
    expect(await add('-')).toBe('x');
    await add('---');
    pass(1000);
    expect(await add('-')).toBe('.');
    pass(500);
    await add('-');
    pass(500);
    expect(await add('--')).toBe('..');
    expect(await add('-')).toBe('x');
  });

  it('is emptied when it is told to', async () => {
    const { add, window } = setUp();
    await add('---');
    window.clear();
    expect(await add('---')).toBe('...');
  });
});
