/** The rules of exporting: it follows the answer, and a collector in any state costs spans and nothing else. */
import { describe, expect, it } from 'vitest';
import { answerOf } from '../fault/answers.ts';
import { restEvent } from '../support/events.ts';
import type { Mood } from './collector.ts';
import { decisionsOf, type Stage, setStage, spansOf } from './stage.ts';

/** What a flush may keep the environment busy: `FLUSH_CAP_MS` of span-buffer.ts, and what a busy machine adds. */
const CAP_MS = 200;
const SLACK_MS = 400;

const decide = async ({ environment }: Stage): Promise<string> => answerOf(await environment.invoke(restEvent())).gets;

/** The time of one answer, and of the environment's way back to idleness. */
const timed = async (stage: Stage): Promise<{ readonly answerMs: number; readonly idleMs: number }> => {
  const started = performance.now();
  expect(await decide(stage)).toBe('PERMIT');
  const answered = performance.now();
  await stage.environment.idle();
  return { answerMs: answered - started, idleMs: performance.now() - answered };
};

const least = (values: readonly number[]): number => Math.min(...values);

describe('the internal extension', () => {
  it('registers during init', async () => {
    const { environment } = await setStage();
    expect(environment.extensions).toEqual(['pingone-authorizer-telemetry']);
  });

  it('gets the spans out before the environment is frozen', async () => {
    const stage = await setStage();
    for (let round = 1; round <= 5; round += 1) {
      stage.environment.thaw();
      await decide(stage);
      await stage.environment.idle();
      stage.environment.freeze();
      await spansOf(stage, 3 * round);
    }
    stage.environment.thaw();
  });

  it('waits for a slow collector only after the answer', async () => {
    const stage = await setStage({ mood: { kind: 'slow', ms: 150 } });
    const rounds = [await timed(stage), await timed(stage), await timed(stage)];
    await spansOf(stage, 9);
    expect(least(rounds.map(({ answerMs }) => answerMs))).toBeLessThan(100);
    expect(least(rounds.map(({ idleMs }) => idleMs))).toBeGreaterThan(100);
  });

  it('keeps the environment busy no longer than its cap', async () => {
    const stage = await setStage({ mood: { kind: 'hangs' } });
    const { idleMs } = await timed(stage);
    expect(idleMs).toBeGreaterThan(CAP_MS * 0.8);
    expect(idleMs).toBeLessThan(CAP_MS + SLACK_MS);
  });
});

describe('a collector', () => {
  const MOODS: readonly { readonly state: string; readonly mood: Mood; readonly gone?: boolean }[] = [
    { state: 'hangs', mood: { kind: 'hangs' } },
    { state: 'answers 500', mood: { kind: 'answers', status: 500 } },
    { state: 'answers 429', mood: { kind: 'answers', status: 429 } },
    { state: 'refuses connections', mood: { kind: 'takes' }, gone: true },
  ];

  it.each(MOODS)('that $state costs no decision and no time, and its spans are counted', async ({ mood, gone }) => {
    const stage = await setStage({ mood, env: { OTEL_EXPORTER_OTLP_TIMEOUT: '300' } });
    if (gone) await stage.collector.stop();
    const rounds = [await timed(stage)];
    const dropped = async (): Promise<number> =>
      (await decisionsOf(stage, rounds.length)).reduce((sum, line) => sum + Number(line['droppedSpans'] ?? 0), 0);
    await expect
      .poll(
        async () => {
          rounds.push(await timed(stage));
          return dropped();
        },
        { timeout: 10_000, interval: 20 },
      )
      .toBeGreaterThanOrEqual(3);
    expect(least(rounds.map(({ answerMs }) => answerMs))).toBeLessThan(CAP_MS / 2);
    expect(Math.max(...rounds.slice(1).map(({ answerMs }) => answerMs))).toBeLessThan(CAP_MS + SLACK_MS);
    expect(stage.environment.alive).toBe(true);
  });

  it('that comes back is found again', async () => {
    const stage = await setStage({ mood: { kind: 'answers', status: 500 } });
    await timed(stage);
    stage.collector.become({ kind: 'takes' });
    await expect
      .poll(
        async () => {
          await timed(stage);
          return stage.collector.spans.length;
        },
        { timeout: 10_000, interval: 100 },
      )
      .toBeGreaterThan(0);
  });

  it('that failed is left alone for a while', async () => {
    const stage = await setStage({ mood: { kind: 'answers', status: 500 } });
    for (let round = 0; round < 10; round += 1) await timed(stage);
    expect(stage.collector.bodies).toHaveLength(1);
  });

  it('that never answers fills a bounded queue: the rest is dropped, and counted to the last span', async () => {
    const stage = await setStage({ mood: { kind: 'hangs' }, env: { OTEL_EXPORTER_OTLP_TIMEOUT: '60000' } });
    const rounds = 400;
    for (let round = 0; round < rounds; round += 1) await decide(stage);
    const lines = await decisionsOf(stage, rounds);
    const dropped = lines.reduce((sum, line) => sum + Number(line['droppedSpans'] ?? 0), 0);
    // The first three are with the collector; 1,024 wait.
    expect(dropped).toBe(3 * (rounds - 1) - 1024);
    expect(lines[0]).not.toHaveProperty('droppedSpans');
    expect(stage.collector.bodies).toHaveLength(1);
  });

  it('that hangs leaves the median answer where it is without telemetry', async () => {
    const hanging = await setStage({ mood: { kind: 'hangs' }, env: { OTEL_EXPORTER_OTLP_TIMEOUT: '60000' } });
    const silent = await setStage({ env: { OTEL_SDK_DISABLED: 'true' } });
    const answers: { readonly on: number[]; readonly off: number[] } = { on: [], off: [] };
    for (let round = 0; round < 60; round += 1) {
      answers.on.push((await timed(hanging)).answerMs);
      answers.off.push((await timed(silent)).answerMs);
    }
    const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[30] ?? Number.NaN;
    // A flush on the reply path would add the cap; a busy machine may add a few milliseconds to either.
    expect(median(answers.on) - median(answers.off)).toBeLessThan(CAP_MS / 10);
  });
});
