/** The rules of the trace: whose child a request is, what PingOne is told, and which variables have a say. */
import { describe, expect, it } from 'vitest';
import { httpHeaders, restHeaders } from '../support/event-parts.ts';
import { httpEvent, restEvent } from '../support/events.ts';
import { BEARER, HTTP_HOST } from '../support/golden-events.ts';
import { byName, decisionsOf, type Setting, type Stage, setStage, spansOf } from './stage.ts';

const W3C = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' };
const XRAY = { trace: '67891233abcdef012345678912345678', span: '53995c3f42cd8ad8' };
const traceparent = (flags: string): string => `00-${W3C.trace}-${W3C.span}-${flags}`;
const xray = (sampled: '0' | '1'): string =>
  `Root=1-67891233-abcdef012345678912345678;Parent=${XRAY.span};Sampled=${sampled}`;

interface Arriving {
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly xray?: string;
}

const arrive = async ({ environment }: Stage, { xray: traceId, ...headers }: Arriving): Promise<void> => {
  const lines = Object.entries({ Host: HTTP_HOST, authorization: BEARER, ...headers });
  await environment.invoke(restEvent(restHeaders(lines)), traceId === undefined ? {} : { traceId });
};

const rootOf = async (arriving: Arriving, setting: Setting = {}): Promise<{ trace?: string; parent?: string }> => {
  const stage = await setStage(setting);
  await arrive(stage, arriving);
  const [root] = byName(await spansOf(stage, 3), 'authorize');
  return {
    ...(root === undefined ? {} : { trace: root.traceId }),
    ...(root?.parentSpanId === undefined ? {} : { parent: root.parentSpanId }),
  };
};

const fresh = { trace: expect.not.stringMatching(`${W3C.trace}|${XRAY.trace}`) };

describe('the parent of a request', () => {
  it('is the span of a W3C traceparent', async () => {
    expect(await rootOf({ traceparent: traceparent('01') })).toEqual({ trace: W3C.trace, parent: W3C.span });
  });

  it('is found in the lower-case headers of an HTTP API as well', async () => {
    const stage = await setStage();
    await stage.environment.invoke(
      httpEvent(
        httpHeaders([
          ['TraceParent', traceparent('01')],
          ['host', HTTP_HOST],
        ]),
      ),
    );
    expect(byName(await spansOf(stage, 3), 'authorize')[0]).toMatchObject({
      traceId: W3C.trace,
      parentSpanId: W3C.span,
    });
  });

  it('is the segment of a sampled X-Ray header where there is no traceparent', async () => {
    expect(await rootOf({ xray: xray('1') })).toEqual({ trace: XRAY.trace, parent: XRAY.span });
  });

  it('is W3C before X-Ray, as the word of the client itself', async () => {
    expect(await rootOf({ traceparent: traceparent('01'), xray: xray('1') })).toEqual({
      trace: W3C.trace,
      parent: W3C.span,
    });
  });

  it('is nobody where X-Ray says Sampled=0: active tracing is off, and we are not', async () => {
    expect(await rootOf({ xray: xray('0') })).toEqual(fresh);
  });

  it.each([
    'garbage',
    `00-${'0'.repeat(32)}-${W3C.span}-01`,
    `00-${W3C.trace}-${'0'.repeat(16)}-01`,
    `ff-${W3C.trace}-${W3C.span}-01`,
    `00-${W3C.trace.toUpperCase()}-${W3C.span}-01`,
  ])('is nobody where the traceparent is %s', async text => {
    expect(await rootOf({ traceparent: text })).toEqual(fresh);
  });

  it('is read again for each invocation', async () => {
    const stage = await setStage();
    await arrive(stage, { xray: xray('1') });
    await arrive(stage, { traceparent: traceparent('01') });
    await arrive(stage, { xray: xray('0') });
    const roots = (await spansOf(stage, 9)).filter(({ name }) => name === 'authorize');
    expect(roots.map(({ parentSpanId }) => parentSpanId)).toEqual([XRAY.span, W3C.span, undefined]);
  });
});

describe('OTEL_PROPAGATORS', () => {
  const both = { traceparent: traceparent('01'), xray: xray('1') };

  it.each([
    { names: 'tracecontext', found: { trace: W3C.trace, parent: W3C.span } },
    { names: 'tracecontext,baggage', found: { trace: W3C.trace, parent: W3C.span } },
    { names: 'xray', found: { trace: XRAY.trace, parent: XRAY.span } },
    { names: 'xray-lambda', found: { trace: XRAY.trace, parent: XRAY.span } },
    { names: 'none', found: fresh },
  ])('$names decides what is read', async ({ names, found }) => {
    expect(await rootOf(both, { env: { OTEL_PROPAGATORS: names } })).toEqual(found);
  });

  it('decides what PingOne is told', async () => {
    const told = async (names: string): Promise<readonly string[]> => {
      const stage = await setStage({ env: { OTEL_PROPAGATORS: names } });
      await arrive(stage, both);
      return Object.keys(stage.pdp.calls[0]?.headers ?? {}).filter(name => /trace/.test(name));
    };
    expect(await told('tracecontext')).toEqual(['traceparent']);
    expect(await told('xray')).toEqual(['x-amzn-trace-id']);
    expect(await told('none')).toEqual([]);
  });
});

describe('PingOne', () => {
  it('is told the CLIENT span as its parent, of each attempt its own', async () => {
    const stage = await setStage({ script: [{ kind: 'reply', status: 502 }] });
    await arrive(stage, { traceparent: traceparent('01'), tracestate: 'vendor=1' });
    const posts = (await spansOf(stage, 4)).filter(({ name }) => name === 'POST');
    expect(stage.pdp.calls.map(({ headers }) => headers['traceparent'])).toEqual(
      posts.map(({ spanId }) => `00-${W3C.trace}-${spanId}-01`),
    );
  });

  it('is told the X-Ray way where that is the only one', async () => {
    const stage = await setStage({ env: { OTEL_PROPAGATORS: 'xray' } });
    await arrive(stage, { xray: xray('1') });
    const [post] = byName(await spansOf(stage, 3), 'POST');
    expect(stage.pdp.calls[0]?.headers['x-amzn-trace-id']).toBe(
      `Root=1-67891233-abcdef012345678912345678;Parent=${post?.spanId};Sampled=1`,
    );
  });

  it('is passed the tracestate of the client', async () => {
    const stage = await setStage();
    await arrive(stage, { traceparent: traceparent('01'), tracestate: 'vendor=1' });
    expect(stage.pdp.calls[0]?.headers['tracestate']).toBe('vendor=1');
    await spansOf(stage, 3);
  });

  it('is told nothing where nothing is traced', async () => {
    const stage = await setStage({ env: { OTEL_SDK_DISABLED: 'true' } });
    await arrive(stage, { traceparent: traceparent('01') });
    expect(stage.pdp.calls[0]?.headers).not.toHaveProperty('traceparent');
  });
});

describe('OTEL_TRACES_SAMPLER', () => {
  const unsampled = { traceparent: traceparent('00') };
  const sampled = { traceparent: traceparent('01') };

  it.each([
    { sampler: {}, arriving: unsampled, spans: 0 },
    { sampler: { OTEL_TRACES_SAMPLER: 'always_on' }, arriving: unsampled, spans: 3 },
    { sampler: { OTEL_TRACES_SAMPLER: 'always_off' }, arriving: sampled, spans: 0 },
    { sampler: { OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, arriving: sampled, spans: 3 },
    { sampler: { OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, arriving: {}, spans: 0 },
    { sampler: { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, arriving: sampled, spans: 0 },
    { sampler: { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '1' }, arriving: sampled, spans: 3 },
  ])('$sampler.OTEL_TRACES_SAMPLER keeps $spans spans', async ({ sampler, arriving, spans }) => {
    const stage = await setStage({ env: sampler });
    await arrive(stage, arriving);
    await stage.environment.idle();
    await spansOf(stage, spans);
    const flags = stage.pdp.calls[0]?.headers['traceparent']?.slice(-2);
    expect(flags).toBe(spans === 0 ? '00' : '01');
    expect((await decisionsOf(stage, 1))[0]?.['traceId']).toMatch(/^[\da-f]{32}$/);
  });
});
