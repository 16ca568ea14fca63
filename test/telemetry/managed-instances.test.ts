/** The rules of managed instances: no extension gets events and nothing freezes, so a timer exports; traces never mix. */
import { describe, expect, it } from 'vitest';
import { httpHeaders } from '../support/event-parts.ts';
import { httpEvent } from '../support/events.ts';
import { HTTP_HOST } from '../support/golden-events.ts';
import { decisionsOf, setStage, spansOf } from './stage.ts';

const AT_ONCE = 8;
const callers = Array.from({ length: AT_ONCE }, (_, index) => {
  const time = `${index}`.padStart(8, '0');
  return {
    user: `user-${index}`,
    trace: `${time}abcdef012345678912345678`,
    traceId: `Root=1-${time}-abcdef012345678912345678;Parent=53995c3f42cd8ad${index};Sampled=1`,
  };
});

describe('a managed instance', () => {
  const options = { maxConcurrency: AT_ONCE };

  it('registers no extension and exports by a timer', async () => {
    const stage = await setStage({ options });
    expect(stage.environment.extensions).toEqual([]);
    await stage.environment.invoke(httpEvent());
    await stage.environment.invoke(httpEvent());
    await spansOf(stage, 6);
    expect(stage.collector.bodies).toHaveLength(1);
  });

  it('keeps the traces of overlapping invocations apart: spans, log lines and what PingOne is told', async () => {
    const slow = { kind: 'slow', ms: 100, behaviour: { kind: 'permit' } } as const;
    const stage = await setStage({ options, otherwise: slow });
    await Promise.all(
      callers.map(({ user, traceId }) =>
        stage.environment.invoke(
          httpEvent({
            ...httpHeaders([['Host', HTTP_HOST]]),
            rawPath: `/${user}`,
            requestContext: { requestId: user },
          }),
          { traceId },
        ),
      ),
    );
    const spans = await spansOf(stage, 3 * AT_ONCE);
    const lines = await decisionsOf(stage, AT_ONCE);
    for (const { user, trace } of callers) {
      const own = spans.filter(({ traceId }) => traceId === trace);
      expect(own.map(({ name }) => name).toSorted()).toEqual(['POST', 'authorize', 'pingone.decide']);
      const post = own.find(({ name }) => name === 'POST');
      const call = stage.pdp.calls.find(({ body }) => String(body['url']).includes(`/${user}?`));
      expect(call?.headers['traceparent']).toBe(`00-${trace}-${post?.spanId}-01`);
      expect(lines.find(line => line['requestId'] === user)?.['traceId']).toBe(trace);
    }
  });

  it('takes the parent from the context of the invocation, where the variable is not set', async () => {
    const stage = await setStage({ options });
    await stage.environment.invoke(httpEvent(), { traceId: callers[3]?.traceId ?? '' });
    const root = (await spansOf(stage, 3)).find(({ name }) => name === 'authorize');
    expect(root).toMatchObject({ traceId: callers[3]?.trace, parentSpanId: '53995c3f42cd8ad3' });
  });

  it('is not harmed by a collector that hangs', async () => {
    const stage = await setStage({ options, mood: { kind: 'hangs' }, env: { OTEL_EXPORTER_OTLP_TIMEOUT: '300' } });
    await stage.environment.invoke(httpEvent());
    await expect.poll(() => stage.collector.bodies.length, { timeout: 5000 }).toBe(1);
    await expect
      .poll(
        async () => {
          await stage.environment.invoke(httpEvent());
          return stage.environment.lines.some(line => line.includes('"droppedSpans":3'));
        },
        { timeout: 5000, interval: 100 },
      )
      .toBe(true);
    expect(stage.environment.alive).toBe(true);
  });
});
