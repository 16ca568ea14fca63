/** The rules of when to export: sparse traffic at once and waited for, dense traffic in batches beside the next request. */
import { describe, expect, it } from 'vitest';
import { freezingSchedule, type Schedule, steadySchedule, tickMs } from '../../../src/telemetry/schedule.ts';
import { fakeClock } from '../fake-clock.ts';

const DELAY_MS = 1000;

const setUp = () => {
  const clock = fakeClock();
  const steps: string[] = [];
  const state = { due: false, work: Promise.resolve() };
  const step = (name: string) => (): Promise<void> => {
    steps.push(name);
    return state.work;
  };
  const buffer = { due: () => state.due, flush: step('flush'), exportBatch: step('exportBatch') };
  return { clock, steps, state, buffer, schedule: freezingSchedule(buffer, { delayMs: DELAY_MS }, clock) };
};

const request = async ({ began, afterAnswer }: Schedule): Promise<void> => {
  began();
  await afterAnswer(true);
};

/** A schedule that has served its first request, and steps that have forgotten it. */
const afterTheFirst = async () => {
  const parts = setUp();
  await request(parts.schedule);
  parts.steps.length = 0;
  return parts;
};

describe('sparse traffic', () => {
  it('is the first request of an environment: everything is exported', async () => {
    const { schedule, steps } = setUp();
    await request(schedule);
    expect(steps).toEqual(['flush']);
  });

  it('is a request after a pause longer than the delay, also one that no timer saw', async () => {
    const { schedule, steps, clock } = await afterTheFirst();
    clock.jump(DELAY_MS + 1);
    await request(schedule);
    expect(steps).toEqual(['flush']);
  });

  it('holds the environment until the collector has answered', async () => {
    const { schedule, state } = setUp();
    const work = Promise.withResolvers<void>();
    state.work = work.promise;
    let held = true;
    const wait = request(schedule).then(() => {
      held = false;
    });
    await fakeClock().advance(0);
    expect(held).toBe(true);
    work.resolve();
    await wait;
  });

  it('holds it for 300 ms at most', async () => {
    const { schedule, state, clock } = setUp();
    state.work = new Promise(() => undefined);
    let held = true;
    void request(schedule).then(() => {
      held = false;
    });
    await clock.advance(299);
    expect(held).toBe(true);
    await clock.advance(1);
    expect(held).toBe(false);
  });
});

describe('dense traffic', () => {
  it('keeps what is not due', async () => {
    const { schedule, steps, clock } = await afterTheFirst();
    clock.jump(DELAY_MS);
    await request(schedule);
    expect(steps).toEqual([]);
  });

  it('exports one batch that is due, and does not wait for the collector', async () => {
    const { schedule, steps, state } = await afterTheFirst();
    state.due = true;
    state.work = new Promise(() => undefined);
    await request(schedule);
    expect(steps).toEqual(['exportBatch']);
  });

  it('is a long request too: the pause before it counts, not its own time', async () => {
    const { schedule, steps, clock } = await afterTheFirst();
    schedule.began();
    await clock.advance(5 * DELAY_MS);
    await schedule.afterAnswer(true);
    expect(steps).toEqual([]);
  });
});

it('without an extension everything is exported after each answer, since nothing may come later', async () => {
  const { schedule, steps, state } = await afterTheFirst();
  state.work = new Promise(() => undefined);
  schedule.began();
  await schedule.afterAnswer(false);
  expect(steps).toEqual(['flush']);
});

describe('the timer', () => {
  it('exports what is due while nothing freezes the environment', async () => {
    const { schedule, steps, state, clock } = await afterTheFirst();
    schedule.tick();
    expect(steps).toEqual([]);
    state.due = true;
    clock.jump(tickMs(DELAY_MS));
    schedule.tick();
    expect(steps).toEqual(['flush']);
  });

  it('leaves a request alone: its answer is followed by an export', async () => {
    const { schedule, steps, state } = await afterTheFirst();
    state.due = true;
    schedule.began();
    schedule.tick();
    expect(steps).toEqual([]);
    await schedule.afterAnswer(true);
    schedule.tick();
    expect(steps).toEqual(['exportBatch', 'flush']);
  });

  it('does nothing when a thaw lets it fire late: a request is about to come', async () => {
    const { schedule, steps, state, clock } = await afterTheFirst();
    state.due = true;
    clock.jump(60_000);
    schedule.tick();
    expect(steps).toEqual([]);
    clock.jump(tickMs(DELAY_MS));
    schedule.tick();
    expect(steps).toEqual(['flush']);
  });

  it.each([
    [5000, 1250],
    [1000, 250],
    [0, 100],
  ])('with a delay of %d ms fires every %d ms', (delayMs, everyMs) => {
    expect(tickMs(delayMs)).toBe(everyMs);
  });
});

describe('a managed instance', () => {
  it('exports what is due, by the timer and after an answer, also while other requests are under way', async () => {
    const { buffer, steps, state } = setUp();
    const schedule = steadySchedule(buffer, true);
    schedule.began();
    schedule.tick();
    await schedule.afterAnswer(false);
    expect(steps).toEqual([]);
    state.due = true;
    schedule.tick();
    await schedule.afterAnswer(false);
    expect(steps).toEqual(['flush', 'flush']);
  });

  it('without signals (a worker thread) exports everything by the timer while no request is under way', async () => {
    const { buffer, steps, state } = setUp();
    const schedule = steadySchedule(buffer, false);
    schedule.began();
    schedule.began();
    await schedule.afterAnswer(false);
    schedule.tick();
    expect(steps).toEqual([]);
    await schedule.afterAnswer(false);
    expect(steps).toEqual([]);
    schedule.tick();
    expect(steps).toEqual(['flush']);
    state.due = true;
    schedule.began();
    schedule.tick();
    expect(steps).toEqual(['flush', 'flush']);
  });
});
