/** The rules of batches: dense traffic shares its exports and never waits for them, and what is left leaves on SIGTERM. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { answerOf, recordsOf } from '../fault/answers.ts';
import { restEvent } from '../support/events.ts';
import { THOROUGH } from '../support/thorough.ts';
import type { Mood } from './collector.ts';
import { decisionsOf, type Stage, setStage } from './stage.ts';

/** Variables under which no span is ever too old: all traffic but the first request is dense. */
const DENSE = { OTEL_BSP_SCHEDULE_DELAY: '600000' };

const decide = async ({ environment }: Stage, times = 1): Promise<void> => {
  for (let done = 0; done < times; done += 1)
    expect(answerOf(await environment.invoke(restEvent())).gets).toBe('PERMIT');
};

const exportsOf = ({ collector }: Stage): readonly number[] =>
  collector.bodies.map(body => body.split('"traceId"').length - 1);

const distinct = ({ collector }: Stage): number => new Set(collector.spans.map(({ spanId }) => spanId)).size;

const droppedOf = async (stage: Stage, decisions: number): Promise<number> =>
  (await decisionsOf(stage, decisions)).reduce((sum, line) => sum + Number(line['droppedSpans'] ?? 0), 0);

describe('dense traffic', () => {
  it('is exported in batches, each when it is full', async () => {
    const stage = await setStage({ env: { ...DENSE, OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '30' } });
    for (let times = 0; times < 41; times += 1) {
      await decide(stage);
      await stage.environment.idle();
      // No answer finds the export before it still under way, so that each batch is counted out.
      await expect.poll(() => stage.collector.answered).toBe(stage.collector.bodies.length);
    }
    expect(exportsOf(stage)).toEqual([3, 30, 30, 30, 30]);
    expect(stage.collector.violations).toEqual([]);
  });

  it('is exported when its oldest span has waited for the delay', async () => {
    const stage = await setStage({ env: { OTEL_BSP_SCHEDULE_DELAY: '300' } });
    await expect
      .poll(
        async () => {
          await decide(stage);
          return exportsOf(stage).length;
        },
        { interval: 20, timeout: 10_000 },
      )
      .toBeGreaterThanOrEqual(3);
    expect(Math.max(...exportsOf(stage))).toBeGreaterThan(3);
  });

  it('does not hold the environment for the collector', async () => {
    const stage = await setStage({
      mood: { kind: 'slow', ms: 150 },
      env: { ...DENSE, OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '3' },
    });
    await decide(stage);
    await stage.environment.idle();
    expect(stage.collector.answered).toBe(1);
    await decide(stage);
    await stage.environment.idle();
    // Idle, so that Lambda may send the next request; and the collector has the batch, and has not answered.
    expect(stage.collector.answered).toBe(1);
    await expect.poll(() => stage.collector.bodies.length).toBe(2);
  });

  it('is exported by a timer too, as long as nothing freezes the environment', async () => {
    const stage = await setStage({ env: { OTEL_BSP_SCHEDULE_DELAY: '400' } });
    await decide(stage, 2);
    await expect.poll(() => stage.collector.spans.length, { timeout: 5000 }).toBe(6);
  });
});

describe('SIGTERM', () => {
  it.each<{ readonly state: string; readonly mood: Mood; readonly decisions: number }>([
    { state: 'answers at once', mood: { kind: 'takes' }, decisions: 500 },
    { state: 'answers in 20 ms', mood: { kind: 'slow', ms: 20 }, decisions: 500 },
    { state: 'answers in 200 ms', mood: { kind: 'slow', ms: 200 }, decisions: 500 },
    // Three times the queue's bound in spans, and a dozen batches.
    ...(THOROUGH ? [{ state: 'answers at once', mood: { kind: 'takes' } as const, decisions: 2000 }] : []),
  ])(
    'after $decisions decisions loses nothing, if the collector $state',
    { timeout: 180_000 },
    async ({ mood, decisions }) => {
      const stage = await setStage({ mood, env: { LOG_LEVEL: 'WARN', METRICS: 'none' } });
      await decide(stage, decisions);
      await stage.environment.close();
      expect(stage.collector.spans).toHaveLength(3 * decisions);
      expect(distinct(stage)).toBe(3 * decisions);
      expect(Math.max(...exportsOf(stage))).toBeLessThanOrEqual(512);
      expect(stage.collector.bodies.length).toBeLessThan(decisions / 2);
      expect(recordsOf(stage.environment.lines, 'telemetry')).toEqual([]);
      expect(stage.environment.endedBy).toBe('SIGTERM');
    },
  );

  it('reaches an environment that is frozen with its spans', async () => {
    const stage = await setStage({ env: DENSE });
    await decide(stage, 3);
    await stage.environment.idle();
    stage.environment.freeze();
    expect(stage.collector.spans).toHaveLength(3);
    await stage.environment.close();
    expect(stage.collector.spans).toHaveLength(9);
  });

  it('ends the process in time even if the collector hangs, and the log tells what was lost', async () => {
    const stage = await setStage({ env: DENSE });
    await decide(stage);
    await stage.environment.idle();
    stage.collector.become({ kind: 'hangs' });
    await decide(stage, 3);
    await stage.environment.close();
    // Lambda would have sent SIGKILL after 500 ms.
    expect(stage.environment.endedBy).toBe('SIGTERM');
    expect(recordsOf(stage.environment.lines, 'telemetry')).toMatchObject([
      { level: 'WARN', state: 'ended', lostSpans: 9 },
    ]);
  });

  it('ends the process at once if nothing is left', async () => {
    const stage = await setStage();
    await decide(stage);
    await stage.environment.idle();
    await stage.environment.close();
    expect(stage.environment.endedBy).toBe('SIGTERM');
    expect(stage.collector.bodies).toHaveLength(1);
  });
});

describe('a freeze in the middle of an export', () => {
  it('costs no span: what the collector may not have got is sent once more', async () => {
    const timeoutMs = 300;
    const stage = await setStage({
      mood: { kind: 'hangs' },
      env: { OTEL_EXPORTER_OTLP_TIMEOUT: `${timeoutMs}`, OTEL_BSP_SCHEDULE_DELAY: '50' },
    });
    await decide(stage);
    await expect.poll(() => stage.collector.bodies.length).toBe(1);
    stage.environment.freeze();
    await delay(2 * timeoutMs);
    stage.collector.become({ kind: 'takes' });
    stage.environment.thaw();
    await decide(stage);
    await stage.environment.idle();
    expect(distinct(stage)).toBe(6);
    expect(await droppedOf(stage, 2)).toBe(0);
    expect(recordsOf(stage.environment.lines, 'telemetry')).toEqual([]);
  });
});

describe('an outage of the collector', () => {
  it('is two log lines, however many spans it costs: one when it begins and one when it ends', async () => {
    const stage = await setStage({ mood: { kind: 'answers', status: 400 }, env: { OTEL_BSP_SCHEDULE_DELAY: '0' } });
    await decide(stage, 20);
    await stage.environment.idle();
    stage.collector.become({ kind: 'takes' });
    await expect
      .poll(
        async () => {
          await decide(stage);
          return recordsOf(stage.environment.lines, 'telemetry').length;
        },
        { interval: 100, timeout: 10_000 },
      )
      .toBe(2);
    expect(recordsOf(stage.environment.lines, 'telemetry')).toMatchObject([
      { level: 'WARN', state: 'losing', problem: '400' },
      { level: 'INFO', state: 'recovered', lostSpans: 3 },
    ]);
  });
});

it('a variable that cannot be used is ignored, and the log names it without its value', async () => {
  const stage = await setStage({ env: { OTEL_BSP_SCHEDULE_DELAY: 'soon' } });
  await decide(stage);
  await stage.environment.idle();
  expect(stage.collector.spans).toHaveLength(3);
  expect(recordsOf(stage.environment.lines, 'telemetry')).toEqual([
    expect.objectContaining({ level: 'WARN', state: 'on', problem: expect.stringMatching(/^OTEL_BSP_SCHEDULE_DELAY/) }),
  ]);
  expect(stage.environment.lines.join()).not.toContain('soon');
});
