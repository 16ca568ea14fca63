/** The bench's collectors: they count decisions, and keep their distance. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCollectors } from '../../../../bench/bed/collectors.ts';

/** What an exporter sends for two decisions: each has one span of kind SERVER (2). */
const SPANS = JSON.stringify({
  resourceSpans: [{ scopeSpans: [{ spans: [{ kind: 2 }, { kind: 1 }, { kind: 3 }, { kind: 2 }] }] }],
});

const collectors = async () => {
  const started = await startCollectors();
  onTestFinished(started.close);
  const send = (collector: keyof typeof started.origins): Promise<Response> =>
    fetch(`${started.origins[collector]}/v1/traces`, { method: 'POST', body: SPANS });
  return { ...started, send };
};

describe('a collector', () => {
  it('counts decisions by their first spans, each collector its own', async () => {
    const { send, taken } = await collectors();
    await send('near');
    expect(taken().near).toEqual({ requests: 1, bytes: SPANS.length, decisions: 2 });
    expect(taken().ms20.requests).toBe(0);
  });

  it('that hangs takes a request and does not answer it, also when a later one to another is answered', async () => {
    const { send, taken } = await collectors();
    let answered = false;
    send('hangs').then(
      () => {
        answered = true;
      },
      () => undefined,
    );
    await expect.poll(() => taken().hangs.decisions).toBe(2);
    await send('ms20');
    expect(answered).toBe(false);
  });
});
