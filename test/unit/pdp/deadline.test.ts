/** Rules of the one time budget of a request. */
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/domain/clock.ts';
import { budgetMs, endingWith, startDeadline } from '../../../src/pdp/deadline.ts';
import { fakeClock } from '../fake-clock.ts';
import { faultOf } from '../faults.ts';

const never = (): Promise<never> => new Promise(() => undefined);

describe('the budget', () => {
  it('is what is configured, and never more than the remaining Lambda time less a margin', () => {
    expect(budgetMs(5000, undefined)).toBe(5000);
    expect(budgetMs(5000, 30_000)).toBe(5000);
    expect(budgetMs(5000, 3000)).toBe(2700);
    expect(budgetMs(5000, 300)).toBe(150);
    expect(budgetMs(5000, 0)).toBe(0);
    expect(budgetMs(5000, -1)).toBe(0);
    expect(budgetMs(5000, Number.NaN)).toBe(5000);
  });
});

describe('a deadline', () => {
  it('tells the work by its signal first, and answers for it a moment later', async () => {
    const clock = fakeClock();
    const deadline = startDeadline(1000, clock);
    let code = '';
    deadline.bound(never()).catch((error: { code: string }) => {
      code = error.code;
    });
    await clock.advance(999);
    expect(deadline.signal.aborted).toBe(false);
    await clock.advance(1);
    expect([deadline.signal.aborted, code]).toEqual([true, '']);
    expect(deadline.signal.reason).toMatchObject({ message: 'the request is over' });
    await clock.advance(100);
    expect(code).toBe('PDP_TIMEOUT');
  });

  it('leaves the work its own reason where it ends in that moment', async () => {
    const clock = fakeClock();
    const deadline = startDeadline(10, clock);
    const work = new Promise<never>((_, reject) => {
      deadline.signal.addEventListener('abort', () => reject(new Error('my own reason')));
    });
    const bound = deadline.bound(work);
    const told = expect(bound).rejects.toThrow('my own reason');
    await clock.advance(100);
    await told;
  });

  it('settles as the work does, and then never aborts: nothing runs for a request that has its answer', async () => {
    const clock = fakeClock();
    const deadline = startDeadline(1000, clock);
    expect(await deadline.bound(Promise.resolve('done'))).toBe('done');
    deadline.end();
    expect(clock.pending).toBe(0);
    await clock.advance(2000);
    expect(deadline.signal.aborted).toBe(false);
  });

  it('leaves neither timers nor listeners, also of work without an end', async () => {
    const clock = fakeClock();
    const deadline = startDeadline(10, clock);
    const bound = faultOf(() => deadline.bound(never()));
    expect(getEventListeners(deadline.signal, 'abort')).toHaveLength(1);
    await clock.advance(100);
    expect((await bound).code).toBe('PDP_TIMEOUT');
    expect([clock.pending, getEventListeners(deadline.signal, 'abort')]).toEqual([0, []]);
  });

  it('counts as unhealthiness of PingOne', async () => {
    const clock = fakeClock();
    const fault = faultOf(() => startDeadline(1, clock).bound(never()));
    await clock.advance(100);
    expect(await fault).toMatchObject({ code: 'PDP_TIMEOUT', unhealthy: true, retryable: false });
  });
});

describe('work that is to end with a signal', () => {
  const setUp = () => {
    const clock = fakeClock();
    const controller = new AbortController();
    const ending = (work: Promise<unknown>) => endingWith(controller.signal, work, 10, clock);
    return { clock, controller, ending };
  };

  it('settles as it does, and leaves no timer behind', async () => {
    const { clock, controller, ending } = setUp();
    expect(await ending(Promise.resolve('done'))).toBe('done');
    await expect(ending(Promise.reject(new Error('own')))).rejects.toThrow('own');
    controller.abort();
    await expect(ending(Promise.reject(new Error('own, late')))).rejects.toThrow('own, late');
    expect(clock.pending).toBe(0);
  });

  it('is a timeout of PingOne’s where it does not end in the moment after the signal', async () => {
    const { clock, controller, ending } = setUp();
    const before = faultOf(() => ending(never()));
    await clock.advance(60_000);
    controller.abort();
    const after = faultOf(() => ending(never()));
    await clock.advance(9);
    expect(clock.pending).toBe(2);
    await clock.advance(1);
    for (const fault of [before, after]) expect(await fault).toMatchObject({ code: 'PDP_TIMEOUT', unhealthy: true });
  });
});

describe('the system clock', () => {
  it('has two times, chance, and timers that can be cancelled', async () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
    const before = systemClock.elapsed();
    const ran: string[] = [];
    const cancel = systemClock.after(1, () => ran.push('cancelled'));
    cancel();
    await new Promise<void>(resolve => {
      systemClock.after(5, resolve);
    });
    expect(ran).toEqual([]);
    expect(systemClock.elapsed()).toBeGreaterThan(before);
    const chance = systemClock.random();
    expect(chance >= 0 && chance < 1).toBe(true);
  });
});
