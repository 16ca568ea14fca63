/** The rules of exporting: it follows the answer, and a collector in any state costs spans and nothing else. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { answerOf } from '../fault/answers.ts';
import { restEvent } from '../support/events.ts';
import type { Mood } from './collector.ts';
import { decisionsOf, type Stage, setStage } from './stage.ts';

/** For how long an export may keep the environment busy: `LONGEST_WAIT_MS` of schedule.ts. */
const CAP_MS = 300;
/** Variables under which traffic is sparse if `pause` stands between two requests. */
const SPARSE = { OTEL_BSP_SCHEDULE_DELAY: '50' };
const pause = (): Promise<void> => delay(100);

const decide = async ({ environment }: Stage): Promise<string> => answerOf(await environment.invoke(restEvent())).gets;

/** One round: how many requests the collector had answered when the client had its answer, and how long both took. */
const round = async (stage: Stage) => {
  const started = performance.now();
  expect(await decide(stage)).toBe('PERMIT');
  const answerMs = performance.now() - started;
  const collected = stage.collector.answered;
  await stage.environment.idle();
  return { answerMs, collected, idleMs: performance.now() - started };
};

describe('the internal extension', () => {
  it('registers during init', async () => {
    const { environment } = await setStage();
    expect(environment.extensions).toEqual(['pingone-authorizer-telemetry']);
  });

  it.each<{ readonly state: string; readonly mood: Mood }>([
    { state: 'answers at once', mood: { kind: 'takes' } },
    { state: 'answers in 20 ms', mood: { kind: 'slow', ms: 20 } },
    { state: 'answers in 100 ms', mood: { kind: 'slow', ms: 100 } },
  ])('gets sparse spans out before the environment is frozen, if the collector $state', async ({ mood }) => {
    const stage = await setStage({ env: SPARSE, mood });
    for (let times = 1; times <= 12; times += 1) {
      await decide(stage);
      await stage.environment.idle();
      stage.environment.freeze();
      expect(stage.collector.spans).toHaveLength(3 * times);
      expect(stage.collector.answered).toBe(times);
      await pause();
      stage.environment.thaw();
    }
    expect(stage.collector.violations).toEqual([]);
  });

  it('waits for a slow collector only after the answer', async () => {
    const stage = await setStage({ mood: { kind: 'slow', ms: 150 }, env: SPARSE });
    const rounds = [];
    for (let times = 0; times < 3; times += 1) {
      rounds.push(await round(stage));
      await pause();
    }
    // Each answer comes while the collector still has the spans of its own round.
    expect(rounds.map(({ collected }) => collected)).toEqual([0, 1, 2]);
    expect(stage.collector).toMatchObject({ answered: 3, violations: [] });
  });

  it('keeps the environment busy no longer than its cap', async () => {
    const stage = await setStage({ mood: { kind: 'hangs' }, env: { OTEL_EXPORTER_OTLP_TIMEOUT: '60000' } });
    // Idle at all, with a collector that has not answered: only the cap can have ended the wait.
    const { idleMs } = await round(stage);
    expect(idleMs).toBeGreaterThan(CAP_MS * 0.8);
    expect(stage.collector).toMatchObject({ answered: 0, bodies: [expect.any(String)] });
  });
});

describe('a collector', () => {
  const MOODS: readonly { readonly state: string; readonly mood: Mood; readonly gone?: boolean }[] = [
    { state: 'hangs', mood: { kind: 'hangs' } },
    { state: 'answers 500', mood: { kind: 'answers', status: 500 } },
    { state: 'answers 429', mood: { kind: 'answers', status: 429 } },
    { state: 'refuses connections', mood: { kind: 'takes' }, gone: true },
  ];

  it.each(MOODS)('that $state costs no decision, and its spans are counted', async ({ mood, gone }) => {
    const stage = await setStage({ mood, env: { OTEL_EXPORTER_OTLP_TIMEOUT: '300' } });
    if (gone) await stage.collector.stop();
    const rounds = [await round(stage)];
    const dropped = async (): Promise<number> =>
      (await decisionsOf(stage, rounds.length)).reduce((sum, line) => sum + Number(line['droppedSpans'] ?? 0), 0);
    await expect
      .poll(
        async () => {
          rounds.push(await round(stage));
          return dropped();
        },
        { timeout: 10_000, interval: 20 },
      )
      .toBeGreaterThanOrEqual(3);
    expect(stage.environment.alive).toBe(true);
  });

  it('that comes back is found again', async () => {
    const stage = await setStage({ mood: { kind: 'answers', status: 500 } });
    await round(stage);
    stage.collector.become({ kind: 'takes' });
    await expect
      .poll(
        async () => {
          await round(stage);
          return stage.collector.spans.length;
        },
        { timeout: 10_000, interval: 100 },
      )
      .toBeGreaterThan(0);
  });

  it('that failed is left alone for a while', async () => {
    const stage = await setStage({ mood: { kind: 'answers', status: 500 }, env: { OTEL_BSP_SCHEDULE_DELAY: '0' } });
    for (let times = 0; times < 10; times += 1) await round(stage);
    expect(stage.collector.bodies).toHaveLength(1);
  });

  it('that never answers fills a bounded queue: the rest is dropped, and counted to the last span', async () => {
    const stage = await setStage({ mood: { kind: 'hangs' }, env: { OTEL_EXPORTER_OTLP_TIMEOUT: '60000' } });
    const rounds = 750;
    for (let times = 0; times < rounds; times += 1) await decide(stage);
    const lines = await decisionsOf(stage, rounds);
    const dropped = lines.reduce((sum, line) => sum + Number(line['droppedSpans'] ?? 0), 0);
    // The first three are with the collector; 2,048 wait.
    expect(dropped).toBe(3 * (rounds - 1) - 2048);
    expect(lines[0]).not.toHaveProperty('droppedSpans');
    expect(stage.collector.bodies).toHaveLength(1);
  });

  it('that hangs leaves the median answer where it is without telemetry', async () => {
    const hanging = await setStage({ mood: { kind: 'hangs' }, env: { OTEL_EXPORTER_OTLP_TIMEOUT: '60000' } });
    const silent = await setStage({ env: { OTEL_SDK_DISABLED: 'true' } });
    const answers: { readonly on: number[]; readonly off: number[] } = { on: [], off: [] };
    for (let times = 0; times < 60; times += 1) {
      answers.on.push((await round(hanging)).answerMs);
      answers.off.push((await round(silent)).answerMs);
    }
    const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[30] ?? Number.NaN;
    // A flush on the reply path would add the cap; whatever a busy machine adds, it adds to both.
    expect(median(answers.on) - median(answers.off)).toBeLessThan(CAP_MS / 2);
  });
});
