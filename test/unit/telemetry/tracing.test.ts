/** The rules of the span decorators: they wrap, describe by the allow-list, and change neither result nor fault. */
import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { describe, expect, it } from 'vitest';
import { failClosed } from '../../../src/corridor/fail-closed.ts';
import type { Authorize, Outcome, Visit } from '../../../src/corridor/port.ts';
import { type Call, newFacts } from '../../../src/domain/call.ts';
import { deny } from '../../../src/domain/decision.ts';
import { AuthorizerError } from '../../../src/domain/errors.ts';
import type { AccessRequest } from '../../../src/domain/request.ts';
import { readInvocation } from '../../../src/lambda/invocation.ts';
import { propagatorsOf } from '../../../src/lambda/trace-context.ts';
import type { Pdp } from '../../../src/pdp/pdp.ts';
import type { Post, Send } from '../../../src/pdp/send.ts';
import { tracedAuthorize, tracedPdp, tracedSend } from '../../../src/telemetry/tracing.ts';
import { restHeaders } from '../../support/event-parts.ts';
import { restEvent } from '../../support/events.ts';
import { visitOf as visitOfEvent } from '../visits.ts';

const PROPAGATORS = propagatorsOf(undefined);
const POST: Post = { body: '{}', credential: 'secret', propagation: {} };
const REPLY = { status: 200, headers: {}, body: undefined };
const REQUEST: AccessRequest = Object.freeze({
  kind: 'rest',
  method: 'GET',
  url: 'https://api.test/',
  headers: [],
  sourceIp: '192.0.2.1',
});
const DENIAL = deny({ reasonCode: 'POLICY_DENIED', status: 403, reason: 'no', fromPdp: true });

const tracing = () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return { tracer: provider.getTracer('test'), spans: () => exporter.getFinishedSpans() };
};

const visitOf = (overrides: Partial<Visit> = {}): Visit =>
  visitOfEvent(restEvent(), {
    invocation: readInvocation({ awsRequestId: 'r-1' }),
    facts: newFacts('closed'),
    ...overrides,
  });

const callOf = (trace?: object): Call => ({ signal: new AbortController().signal, facts: newFacts('closed'), trace });

const traced = (authorize: Authorize) => {
  const { tracer, spans } = tracing();
  return { authorize: tracedAuthorize(tracer, PROPAGATORS, () => undefined)(authorize), spans };
};

const outcomeOf = (fault?: unknown): Outcome => ({
  decision: fault === undefined ? DENIAL : failClosed(fault),
  request: undefined,
  unapplied: [],
  fault,
});

describe('the spans', () => {
  it('hang together by what travels beside the request, whatever else goes on', async () => {
    const { tracer, spans } = tracing();
    const send = tracedSend(tracer, PROPAGATORS, new URL('https://pingone.test/v1/'))(() => Promise.resolve(REPLY));
    const pdp = tracedPdp(tracer)(async (_request, call) => {
      await send(POST, call);
      return DENIAL;
    });
    const authorize = tracedAuthorize(
      tracer,
      PROPAGATORS,
      () => undefined,
    )(async visit => {
      await pdp(REQUEST, { ...callOf(visit.trace), facts: visit.facts });
      return outcomeOf();
    });
    const visits = [visitOf(), visitOf()];
    await Promise.all(visits.map(authorize));
    for (const { facts } of visits) {
      const own = spans().filter(span => span.spanContext().traceId === facts.traceId);
      const [post, decide, root] = own;
      expect(own.map(({ name }) => name)).toEqual(['POST', 'pingone.decide', 'authorize']);
      expect(post?.parentSpanContext?.spanId).toBe(decide?.spanContext().spanId);
      expect(decide?.parentSpanContext?.spanId).toBe(root?.spanContext().spanId);
      expect(root?.parentSpanContext).toBeUndefined();
    }
  });

  it('name where PingOne is, with the port that the URL leaves out', async () => {
    const { tracer, spans } = tracing();
    const send = tracedSend(tracer, PROPAGATORS, new URL('https://pingone.test/v1/'))(() => Promise.resolve(REPLY));
    await send(POST, callOf());
    expect(spans()[0]?.attributes).toMatchObject({
      'server.address': 'pingone.test',
      'server.port': 443,
      'url.full': 'https://pingone.test/v1/sideband/request',
    });
  });
});

/** A traced PDP that posts once, and what it posted. */
const asking = (tracer: Parameters<typeof tracedPdp>[0]) => {
  const posts: Post[] = [];
  const send = tracedSend(
    tracer,
    PROPAGATORS,
    new URL('https://pingone.test/v1/'),
  )(post => {
    posts.push(post);
    return Promise.resolve(REPLY);
  });
  const pdp = tracedPdp(tracer)(async (_request, call) => {
    await send(POST, call);
    return DENIAL;
  });
  return { posts, pdp };
};

describe("the client's tracestate", () => {
  const tracestateFor = async (flags: '00' | '01', tracestate: string) => {
    const { tracer, spans } = tracing();
    const { posts, pdp } = asking(tracer);
    const authorize = tracedAuthorize(
      tracer,
      PROPAGATORS,
      () => undefined,
    )(async visit => {
      await pdp(REQUEST, callOf(visit.trace));
      return outcomeOf();
    });
    const traceparent = `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-${flags}`;
    await authorize(visitOfEvent(restEvent(restHeaders(Object.entries({ traceparent, tracestate })))));
    return { spans: spans(), passedOn: posts[0]?.propagation['tracestate'] };
  };

  it('is passed on to PingOne and is in no span: it is the value of a header', async () => {
    const { spans, passedOn } = await tracestateFor('01', 'vendor=1');
    expect(passedOn).toBe('vendor=1');
    expect(spans).toHaveLength(3);
    const contexts = spans.flatMap(span => [span.spanContext(), span.parentSpanContext]);
    expect(contexts.map(context => context?.traceState)).toEqual(Array(6).fill(undefined));
  });

  it('is passed on by an unsampled request as well', async () => {
    expect(await tracestateFor('00', 'vendor=1')).toEqual({ spans: [], passedOn: 'vendor=1' });
  });

  it('is passed on without entries that are none, and not at all without others', async () => {
    expect((await tracestateFor('01', 'none,vendor=1')).passedOn).toBe('vendor=1');
    expect((await tracestateFor('01', 'none')).passedOn).toBeUndefined();
  });
});

describe('an unsampled request', () => {
  it('makes no span but the context that goes along to PingOne and into the log', async () => {
    const started: string[] = [];
    const spanIds: string[] = [];
    const provider = new NodeTracerProvider({ sampler: new AlwaysOffSampler() });
    const sdk = provider.getTracer('test');
    const tracer: Pick<typeof sdk, 'startSpan' | 'startActiveSpan'> = {
      startSpan: (name, ...rest) => {
        started.push(name);
        const span = sdk.startSpan(name, ...rest);
        spanIds.push(span.spanContext().spanId);
        return span;
      },
      startActiveSpan: () => {
        throw new Error('not used');
      },
    };
    const { posts, pdp } = asking(tracer);
    const visit = visitOf();
    await tracedAuthorize(
      tracer,
      PROPAGATORS,
      () => undefined,
    )(async traced => {
      await pdp(REQUEST, { ...callOf(traced.trace), facts: visit.facts });
      return outcomeOf();
    })(visit);
    expect(started).toEqual(['authorize']);
    expect(visit.facts.traceId).toMatch(/^[\da-f]{32}$/);
    expect(posts).toEqual([{ ...POST, propagation: { traceparent: `00-${visit.facts.traceId}-${spanIds[0]}-00` } }]);
  });
});

describe('a decorator', () => {
  it('gives on what the work gives, the very same', async () => {
    const { tracer } = tracing();
    const outcome = outcomeOf();
    expect(await traced(() => Promise.resolve(outcome)).authorize(visitOf())).toBe(outcome);
    expect(await tracedPdp(tracer)(() => Promise.resolve(DENIAL))(REQUEST, callOf())).toBe(DENIAL);
    const send: Send = () => Promise.resolve(REPLY);
    expect(await tracedSend(tracer, PROPAGATORS, new URL('https://pingone.test'))(send)(POST, callOf())).toBe(REPLY);
  });

  it('throws on what the work throws, the very same, and ends its span', async () => {
    const { tracer, spans } = tracing();
    const fault = new AuthorizerError('PDP_TIMEOUT');
    const pdp: Pdp = () => Promise.reject(fault);
    const send: Send = () => Promise.reject(fault);
    await expect(tracedPdp(tracer)(pdp)(REQUEST, callOf())).rejects.toBe(fault);
    await expect(tracedSend(tracer, PROPAGATORS, new URL('https://pingone.test'))(send)(POST, callOf())).rejects.toBe(
      fault,
    );
    expect(spans().map(({ attributes }) => attributes['error.type'])).toEqual(['PDP_TIMEOUT', 'PDP_TIMEOUT']);
  });

  it('adds the trace context and leaves the rest of the call alone', async () => {
    const { tracer, spans } = tracing();
    const seen: Post[] = [];
    const send: Send = post => {
      seen.push(post);
      return Promise.resolve(REPLY);
    };
    await tracedSend(tracer, PROPAGATORS, new URL('https://pingone.test'))(send)(POST, callOf());
    const { traceId, spanId } = spans()[0]?.spanContext() ?? {};
    expect(seen).toEqual([{ ...POST, propagation: { traceparent: `00-${traceId}-${spanId}-01` } }]);
  });

  it('counts a resend from the attempts before it', async () => {
    const { tracer, spans } = tracing();
    const send = tracedSend(
      tracer,
      PROPAGATORS,
      new URL('https://pingone.test'),
    )((_post, { facts }) => {
      facts.attempts += 1;
      return Promise.resolve(REPLY);
    });
    const call = callOf();
    for (let attempt = 0; attempt < 3; attempt += 1) await send(POST, call);
    expect(spans().map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([undefined, 1, 2]);
  });
});

describe('a fault', () => {
  it.each([
    ['our own', new AuthorizerError('PDP_ERROR'), 'PDP_ERROR'],
    // The file that throws is bundled apart from the one that names: two classes of one name.
    [
      'our own from another bundle',
      Object.assign(new Error('x'), { name: 'AuthorizerError', code: 'PDP_ERROR' }),
      'PDP_ERROR',
    ],
    ['a bug', new TypeError('holds secret'), 'TypeError'],
    ['no error at all', 'secret', 'unknown'],
  ])('is named by its code or class, never by its words: %s', async (_what, fault, type) => {
    const { authorize, spans } = traced(() => Promise.resolve(outcomeOf(fault)));
    await authorize(visitOf());
    const [span] = spans();
    expect(span?.attributes['error.type']).toBe(type);
    expect(span?.status).toEqual({ code: 2 });
    expect(JSON.stringify([span?.attributes, span?.events])).not.toContain('secret');
  });

  it('is none where PingOne said no', async () => {
    const { authorize, spans } = traced(() => Promise.resolve(outcomeOf()));
    await authorize(visitOf());
    expect(spans()[0]?.status.code).toBe(0);
    expect(spans()[0]?.attributes).not.toHaveProperty('error.type');
  });
});
