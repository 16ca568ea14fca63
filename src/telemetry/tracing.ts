/** Spans as decorators of Authorize, Pdp and Send; the only importer of @opentelemetry/api. */
import {
  type Attributes,
  type Context,
  createTraceState,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { ServiceUrl } from '../config/service-url.ts';
import type { Authorize, Outcome, Visit } from '../corridor/port.ts';
import type { Facts } from '../domain/call.ts';
import { AUTHORIZER_ERROR } from '../domain/errors.ts';
import { carrierOf, type Propagators, parentOf } from '../lambda/trace-context.ts';
import type { Pdp } from '../pdp/pdp.ts';
import type { Send } from '../pdp/send.ts';
import { SIDEBAND_PATH } from '../sideband/wire.ts';
import { ATTRIBUTE, SPAN } from './names.ts';

type AttributeKey = keyof typeof ATTRIBUTE;
type Allowed = Partial<Readonly<Record<AttributeKey, string | number | boolean | undefined>>>;

const isAttribute = (key: string): key is AttributeKey => Object.hasOwn(ATTRIBUTE, key);

/** Only what the allow-list names, and only what is known. */
const attributes = (allowed: Allowed): Attributes => {
  const known: Attributes = {};
  for (const key in allowed) {
    const value = isAttribute(key) ? allowed[key] : undefined;
    if (isAttribute(key) && value !== undefined) known[ATTRIBUTE[key]] = value;
  }
  return known;
};

const isSpan = (value: object): value is Span => 'spanContext' in value && 'end' in value;

const under = (parent: object | undefined): Context =>
  parent !== undefined && isSpan(parent) ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT;

/**
 * The code of a fault; what others throw is named by its class alone. Not by `instanceof`: this file is bundled apart
 * from the one that throws, with a class of its own.
 */
const errorType = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  return error.name === AUTHORIZER_ERROR && 'code' in error ? String(error.code) : error.name;
};

const fail = (span: Span, type: string): void => {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttributes(attributes({ errorType: type }));
};

/** Runs work inside a span that ends with it; what the work throws is thrown on. */
const inSpan = async <T>(span: Span, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    fail(span, errorType(error));
    throw error;
  } finally {
    span.end();
  }
};

const outcomeOf = ({ decision, request, unapplied }: Outcome, facts: Facts): Allowed => ({
  effect: decision.effect,
  reasonCode: decision.effect === 'deny' ? decision.reasonCode : 'PERMIT',
  status: decision.effect === 'deny' ? decision.status : undefined,
  httpRequestMethod: request?.method,
  attempts: facts.attempts,
  breaker: facts.breaker,
  cacheHit: facts.cacheHit,
  correlationId: decision.correlationId,
  unappliedChanges: unapplied.length,
});

const startOf = ({ envelope, invocation, coldStart }: Visit): Allowed => ({
  faasTrigger: 'http',
  faasColdStart: coldStart,
  faasInvocationId: invocation.requestId,
  cloudResourceId: invocation.functionArn,
  httpRoute: envelope.route,
  eventKind: envelope.kind,
});

/** The SERVER span of an invocation. Its parent is the client's, by W3C or X-Ray. */
export const tracedAuthorize =
  (tracer: Tracer, propagators: Propagators, xrayHeader: () => string | undefined) =>
  (authorize: Authorize): Authorize =>
  async visit => {
    const { envelope, facts, invocation } = visit;
    const parent = parentOf(envelope.traceHeaders, invocation.xrayHeader ?? xrayHeader(), propagators);
    const context =
      parent === undefined
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, {
            traceId: parent.traceId,
            spanId: parent.spanId,
            traceFlags: parent.sampled ? 1 : 0,
            isRemote: true,
            ...(parent.traceState === undefined ? {} : { traceState: createTraceState(parent.traceState) }),
          });
    const options = { kind: SpanKind.SERVER, attributes: attributes(startOf(visit)) };
    const span = tracer.startSpan(SPAN.authorize, options, context);
    facts.traceId = span.spanContext().traceId;
    return inSpan(span, async () => {
      const outcome = await authorize({ ...visit, trace: span });
      if (span.isRecording()) {
        span.setAttributes(attributes(outcomeOf(outcome, facts)));
        if (outcome.fault !== undefined) fail(span, errorType(outcome.fault));
      }
      return outcome;
    });
  };

/** The INTERNAL span of a decision, from credential to parsed reply. */
export const tracedPdp =
  (tracer: Tracer) =>
  (pdp: Pdp): Pdp =>
  (request, call) => {
    const span = tracer.startSpan(SPAN.decide, { kind: SpanKind.INTERNAL }, under(call.trace));
    return inSpan(span, async () => {
      const decision = await pdp(request, { ...call, trace: span });
      const { facts } = call;
      span.setAttributes(
        attributes({
          effect: decision.effect,
          reasonCode: decision.effect === 'deny' ? decision.reasonCode : 'PERMIT',
          attempts: facts.attempts,
          breaker: facts.breaker,
          cacheHit: facts.cacheHit,
          correlationId: decision.correlationId,
        }),
      );
      return decision;
    });
  };

/** The CLIENT span of one attempt, by the stable HTTP conventions; its context goes along to PingOne. */
export const tracedSend = (tracer: Tracer, propagators: Propagators, serviceUrl: ServiceUrl) => {
  const fixed: Allowed = {
    httpRequestMethod: 'POST',
    serverAddress: serviceUrl.hostname,
    serverPort: Number(serviceUrl.port || (serviceUrl.protocol === 'https:' ? 443 : 80)),
    urlFull: `${serviceUrl.origin}${serviceUrl.pathname.replace(/\/$/, '')}${SIDEBAND_PATH}`,
    peerService: 'pingone-authorize',
  };
  return (send: Send): Send =>
    (post, call) => {
      const { facts } = call;
      const resend = { httpResendCount: facts.attempts > 0 ? facts.attempts : undefined };
      const options = { kind: SpanKind.CLIENT, attributes: attributes({ ...fixed, ...resend }) };
      const span = tracer.startSpan(SPAN.post, options, under(call.trace));
      const { traceId, spanId, traceFlags, traceState } = span.spanContext();
      const self = { traceId, spanId, sampled: (traceFlags & 1) === 1, traceState: traceState?.serialize() };
      return inSpan(span, async () => {
        try {
          const reply = await send({ ...post, propagation: carrierOf(self, propagators) }, { ...call, trace: span });
          if (reply.status >= 400) fail(span, String(reply.status));
          return reply;
        } finally {
          span.setAttributes(attributes({ httpResponseStatusCode: facts.pdpStatus }));
        }
      });
    };
};
