/** Rules for time as a parameter. */
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { systemClock, until } from '../../../src/domain/clock.ts';

const never = (): Promise<never> => new Promise(() => undefined);

describe('the system clock', () => {
  it('runs an action once after its time, unless it is cancelled', async () => {
    const ran: string[] = [];
    systemClock.after(1, () => ran.push('cancelled'))();
    await new Promise<void>(resolve => {
      systemClock.after(5, () => {
        ran.push('due');
        resolve();
      });
    });
    expect(ran).toEqual(['due']);
  });

  it('gives random numbers from 0 up to 1, and monotonic time that never goes back', () => {
    const drawn = Array.from({ length: 100 }, systemClock.random);
    expect(drawn.every(value => value >= 0 && value < 1)).toBe(true);
    const [first, second] = [systemClock.elapsed(), systemClock.elapsed()];
    expect(second).toBeGreaterThanOrEqual(first);
  });
});

describe('waiting until a signal', () => {
  const reason = (): Error => new Error('nobody waits');

  it('ends as the work does, or as soon as the signal is aborted', async () => {
    const controller = new AbortController();
    expect(await until(controller.signal, Promise.resolve('done'), reason)).toBe('done');
    await expect(until(controller.signal, Promise.reject(new Error('own')), reason)).rejects.toThrow('own');
    const waiting = until(controller.signal, never(), reason);
    controller.abort();
    await expect(waiting).rejects.toThrow('nobody waits');
    await expect(until(controller.signal, never(), reason)).rejects.toThrow('nobody waits');
  });

  it('leaves no listener on the signal, whatever came first', async () => {
    const controller = new AbortController();
    await until(controller.signal, Promise.resolve('done'), reason);
    await expect(until(controller.signal, Promise.reject(new Error('own')), reason)).rejects.toThrow('own');
    const waiting = until(controller.signal, never(), reason);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort();
    await expect(waiting).rejects.toThrow('nobody waits');
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});
