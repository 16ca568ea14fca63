/** The rules of the span queue: bounded, exported in batches, patient with a collector that fails, and undisturbed by freezes. */
import {
  NodeTracerProvider,
  type ReadableSpan,
  type Sampler,
  SamplingDecision,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node';
import { describe, expect, it } from 'vitest';
import { spanBuffer } from '../../../src/telemetry/span-buffer.ts';
import { fakeClock, settled } from '../fake-clock.ts';

type Result = 'takes' | 'fails' | 'hangs' | 'throws' | 'resets';

const SETTINGS = { delayMs: 1000, maxBatchSpans: 10, maxQueueSpans: 40, exportTimeoutMs: 500, problems: [] };
const RESET = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

const setUp = (sampler?: Sampler) => {
  const clock = fakeClock();
  const batches: (readonly ReadableSpan[])[] = [];
  const answers: (() => void)[] = [];
  const outcome = { lost: 0, recovered: 0 };
  let result: Result = 'takes';
  const exporter: SpanExporter = {
    export: (spans, done) => {
      batches.push(spans);
      if (result === 'throws') throw new Error('broken exporter');
      if (result === 'hangs') answers.push(() => done({ code: 0 }));
      else done(result === 'resets' ? { code: 1, error: RESET } : { code: result === 'takes' ? 0 : 1 });
    },
    shutdown: () => Promise.resolve(),
  };
  const buffer = spanBuffer(exporter, SETTINGS, clock, {
    lost: spans => {
      outcome.lost += spans;
    },
    recovered: () => {
      outcome.recovered += 1;
    },
  });
  const provider = new NodeTracerProvider({ spanProcessors: [buffer], ...(sampler === undefined ? {} : { sampler }) });
  const tracer = provider.getTracer('test');
  return {
    clock,
    batches,
    sizes: () => batches.map(({ length }) => length),
    answers,
    outcome,
    buffer,
    spans: (count: number): void => {
      for (let ended = 0; ended < count; ended += 1) tracer.startSpan('span').end();
    },
    collector: (next: Result): void => {
      result = next;
    },
  };
};

describe('an export', () => {
  it('takes what has ended since the last one, and does not happen if nothing has', async () => {
    const { spans, buffer, sizes } = setUp();
    await buffer.flush();
    spans(3);
    await buffer.flush();
    await buffer.flush();
    spans(2);
    await buffer.forceFlush();
    expect(sizes()).toEqual([3, 2]);
  });

  it('takes one batch at a time, none larger than its limit', async () => {
    const { spans, buffer, sizes } = setUp();
    spans(23);
    await buffer.exportBatch();
    expect(sizes()).toEqual([10]);
    await buffer.flush();
    expect(sizes()).toEqual([10, 10, 3]);
  });

  it('does not begin beside another', async () => {
    const { spans, buffer, collector, answers, sizes } = setUp();
    collector('hangs');
    spans(1);
    const first = buffer.exportBatch();
    spans(2);
    await buffer.exportBatch();
    await buffer.flush();
    expect(sizes()).toEqual([1]);
    answers[0]?.();
    await first;
    collector('takes');
    await buffer.flush();
    expect(sizes()).toEqual([1, 2]);
  });

  it('ends at its timeout if the collector does not answer: its spans are lost', async () => {
    const { spans, buffer, collector, clock, outcome } = setUp();
    collector('hangs');
    spans(2);
    let ended = false;
    const work = buffer.exportBatch().then(() => {
      ended = true;
    });
    await clock.advance(499);
    expect(ended).toBe(false);
    await clock.advance(1);
    await work;
    expect(outcome.lost).toBe(2);
  });

  it('leaves no timer behind if the collector answers', async () => {
    const { spans, buffer, clock } = setUp();
    spans(1);
    await buffer.flush();
    expect(clock.pending).toBe(0);
  });
});

describe('a span', () => {
  it('that is recorded but not sampled is not exported', async () => {
    const { spans, buffer, batches } = setUp({
      shouldSample: () => ({ decision: SamplingDecision.RECORD }),
      toString: () => 'record only',
    });
    spans(2);
    await buffer.flush();
    expect(batches).toEqual([]);
  });

  it('that finds the queue full is lost and counted', async () => {
    const { spans, buffer, outcome, sizes } = setUp();
    spans(46);
    expect(outcome.lost).toBe(6);
    await buffer.flush();
    expect(sizes()).toEqual([10, 10, 10, 10]);
  });

  it.each([
    ['has not waited for the delay', 999, 1, false],
    ['has waited for the delay', 1000, 1, true],
    ['makes a batch full', 0, 10, true],
  ])('is due if it %s', async (_what, waitedMs, count, due) => {
    const { spans, buffer, clock } = setUp();
    expect(buffer.due()).toBe(false);
    spans(count);
    clock.jump(waitedMs);
    expect(buffer.due()).toBe(due);
    await buffer.flush();
    expect(buffer.due()).toBe(false);
  });

  it('is due by the age of the oldest one, not of the newest', async () => {
    const { spans, buffer, clock } = setUp();
    spans(1);
    await buffer.flush();
    spans(1);
    clock.jump(900);
    spans(1);
    clock.jump(100);
    expect(buffer.due()).toBe(true);
  });
});

describe('a collector that fails', () => {
  it.each(['fails', 'throws'] as const)('(it %s) costs its spans, which are counted', async how => {
    const { spans, buffer, collector, outcome } = setUp();
    collector(how);
    spans(3);
    await buffer.flush();
    expect(outcome.lost).toBe(3);
  });

  it('is left alone for two seconds, then for four, up to a minute', async () => {
    const { spans, buffer, collector, clock, batches } = setUp();
    collector('fails');
    for (const pauseMs of [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
      spans(1);
      await buffer.flush();
      const { length } = batches;
      spans(1);
      clock.jump(pauseMs - 1);
      await buffer.flush();
      expect(batches).toHaveLength(length);
      clock.jump(1);
    }
    expect(batches).toHaveLength(7);
  });

  it('is no longer held against it once it takes spans again', async () => {
    const { spans, buffer, collector, clock, batches } = setUp();
    for (const how of ['fails', 'takes', 'fails'] as const) {
      collector(how);
      spans(1);
      await buffer.flush();
      clock.jump(2000);
    }
    spans(1);
    await buffer.flush();
    expect(batches).toHaveLength(4);
  });

  it('is not left alone for longer by a clock that was set back', async () => {
    const { spans, buffer, collector, clock, batches } = setUp();
    collector('fails');
    spans(1);
    await buffer.flush();
    clock.jump(-3_600_000);
    await clock.advance(2001);
    spans(1);
    await buffer.flush();
    expect(batches).toHaveLength(2);
  });

  it('has recovered when it takes a batch and nothing was lost beside it', async () => {
    const { spans, buffer, collector, answers, outcome } = setUp();
    collector('hangs');
    spans(1);
    const first = buffer.exportBatch();
    spans(41);
    expect(outcome.lost).toBe(1);
    answers[0]?.();
    await first;
    expect(outcome.recovered).toBe(0);
    collector('takes');
    await buffer.exportBatch();
    expect(outcome.recovered).toBe(1);
  });
});

describe('a freeze', () => {
  it('in the middle of an export costs nothing: the batch is due again, and exported once more', async () => {
    const { spans, buffer, collector, clock, outcome, sizes } = setUp();
    collector('hangs');
    spans(3);
    const frozen = buffer.exportBatch();
    clock.jump(60_000);
    await clock.advance(500);
    await frozen;
    expect([outcome.lost, buffer.unexported(), buffer.due()]).toEqual([0, 3, true]);
    collector('takes');
    await buffer.exportBatch();
    expect([outcome.lost, buffer.unexported(), buffer.due()]).toEqual([0, 0, false]);
    expect(sizes()).toEqual([3, 3]);
  });

  it('that broke the kept connection costs nothing either', async () => {
    const { spans, buffer, collector, outcome } = setUp();
    collector('resets');
    spans(3);
    await buffer.exportBatch();
    collector('takes');
    await buffer.exportBatch();
    expect([outcome.lost, buffer.unexported()]).toEqual([0, 0]);
  });

  it('is no excuse for ever: the second failure of a batch counts', async () => {
    const { spans, buffer, collector, outcome, sizes } = setUp();
    collector('resets');
    spans(3);
    await buffer.flush();
    expect([outcome.lost, buffer.unexported()]).toEqual([3, 0]);
    expect(sizes()).toEqual([3, 3]);
  });
});

describe('draining', () => {
  it('exports all batches side by side, also if the collector was left alone', async () => {
    const { spans, buffer, collector, answers, sizes } = setUp();
    collector('fails');
    spans(1);
    await buffer.flush();
    collector('hangs');
    spans(25);
    const drained = buffer.drain();
    expect(sizes()).toEqual([1, 10, 10, 5]);
    expect(buffer.unexported()).toBe(25);
    for (const answer of answers) answer();
    await drained;
    expect(buffer.unexported()).toBe(0);
  });

  it('waits for an export that is under way, and repeats what a freeze kept from the collector', async () => {
    const { spans, buffer, collector, clock, outcome, sizes } = setUp();
    collector('hangs');
    spans(2);
    void buffer.exportBatch();
    clock.jump(60_000);
    const drained = buffer.drain();
    await settled();
    collector('takes');
    await clock.advance(500);
    await drained;
    expect(sizes()).toEqual([2, 2]);
    expect([outcome.lost, buffer.unexported()]).toEqual([0, 0]);
  });
});
