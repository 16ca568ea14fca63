/** The rules of the span queue: bounded, exported when told, never waited for beyond its cap, patient with a collector that fails. */
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

type Result = 'takes' | 'fails' | 'hangs' | 'throws';

const setUp = (sampler?: Sampler) => {
  const clock = fakeClock();
  const batches: (readonly ReadableSpan[])[] = [];
  const answers: (() => void)[] = [];
  const lost = { spans: 0 };
  let result: Result = 'takes';
  const exporter: SpanExporter = {
    export: (spans, done) => {
      batches.push(spans);
      if (result === 'throws') throw new Error('broken exporter');
      if (result === 'hangs') answers.push(() => done({ code: 0 }));
      else done({ code: result === 'takes' ? 0 : 1 });
    },
    shutdown: () => Promise.resolve(),
  };
  const buffer = spanBuffer(exporter, clock, spans => {
    lost.spans += spans;
  });
  const provider = new NodeTracerProvider({ spanProcessors: [buffer], ...(sampler === undefined ? {} : { sampler }) });
  const tracer = provider.getTracer('test');
  return {
    clock,
    batches,
    answers,
    lost,
    buffer,
    spans: (count: number): void => {
      for (let ended = 0; ended < count; ended += 1) tracer.startSpan('span').end();
    },
    collector: (next: Result): void => {
      result = next;
    },
  };
};

describe('a flush', () => {
  it('exports what has ended since the last one, and nothing where nothing has', async () => {
    const { spans, buffer, batches } = setUp();
    await buffer.flush();
    spans(3);
    await buffer.flush();
    await buffer.flush();
    spans(2);
    await buffer.forceFlush();
    expect(batches.map(batch => batch.length)).toEqual([3, 2]);
  });

  it('ends at its cap where the collector does not answer, and leaves no timer behind', async () => {
    const { spans, buffer, collector, clock } = setUp();
    collector('hangs');
    spans(1);
    let ended = false;
    const flushed = buffer.flush().then(() => {
      ended = true;
    });
    await clock.advance(199);
    expect(ended).toBe(false);
    await clock.advance(1);
    await flushed;
    expect(clock.pending).toBe(0);
  });

  it('leaves no timer behind where the collector answers', async () => {
    const { spans, buffer, clock } = setUp();
    spans(1);
    await buffer.flush();
    expect(clock.pending).toBe(0);
  });

  it('does not begin a second export, nor waits for the first one again', async () => {
    const { spans, buffer, collector, clock, answers, batches } = setUp();
    collector('hangs');
    spans(1);
    const first = buffer.flush();
    await clock.advance(200);
    await first;
    spans(2);
    await buffer.flush();
    expect(batches).toHaveLength(1);
    answers[0]?.();
    await settled();
    collector('takes');
    await buffer.flush();
    expect(batches.map(batch => batch.length)).toEqual([1, 2]);
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
    const { spans, buffer, batches, lost } = setUp();
    spans(1030);
    expect(lost.spans).toBe(6);
    await buffer.flush();
    expect(batches[0]).toHaveLength(1024);
  });
});

describe('a collector that fails', () => {
  it.each(['fails', 'throws'] as const)('(it %s) costs its spans, which are counted', async how => {
    const { spans, buffer, collector, lost } = setUp();
    collector(how);
    spans(3);
    await buffer.flush();
    expect(lost.spans).toBe(3);
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

  it('is not left alone for ever by a clock that was set back', async () => {
    const { spans, buffer, collector, clock, batches } = setUp();
    collector('fails');
    spans(1);
    await buffer.flush();
    clock.jump(-3_600_000);
    spans(1);
    await buffer.flush();
    expect(batches).toHaveLength(2);
  });
});
