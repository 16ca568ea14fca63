/** Spans as decorators of Authorize, Pdp and Send; the only importer of @opentelemetry/api. */
import {
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
import type { Decision } from '../domain/decision.ts';
import { AUTHORIZER_ERROR } from '../domain/errors.ts';
import { carrierOf, type Propagators, parentOf, type TraceParent } from '../lambda/trace-context.ts';
import type { Pdp } from '../pdp/pdp.ts';
import type { Send } from '../pdp/send.ts';
import { SIDEBAND_PATH } from '../sideband/wire.ts';
import { ATTRIBUTE, SPAN } from './names.ts';

/** What travels beside a request. */
interface Trace {
  readonly span: Span;
  /** The client's, for PingOne alone. A span must not hold it, because exporters export it, and it is a header's value. */
  readonly traceState: string | undefined;
}

/** The SERVER span of an invocation. Its parent is the client's, by W3C or X-Ray. */
export const tracedAuthorize =
  (tracer: Tracer, propagators: Propagators, xrayHeader: () => string | undefined) =>
  (authorize: Authorize): Authorize =>
  visit => {
    const { envelope, invocation } = visit;
    const parent = parentOf(envelope.traceHeaders, invocation.xrayHeader ?? xrayHeader(), propagators);
    const span = tracer.startSpan(SPAN.authorize, { kind: SpanKind.SERVER }, below(parent));
    visit.facts.traceId = span.spanContext().traceId;
    const traced = { ...visit, trace: { span, traceState: traceStateOf(parent) } satisfies Trace };
    if (!isSampled(span)) return authorize(traced);
    return described(
      span,
      () => authorize(traced),
      outcome => rootAttributes(visit, outcome),
    );
  };

/** The INTERNAL span of a decision, from credential to parsed reply. */
export const tracedPdp =
  (tracer: Tracer) =>
  (pdp: Pdp): Pdp =>
  (request, call) => {
    const above = traceOf(call.trace);
    if (above !== undefined && !isSampled(above.span)) return pdp(request, call);
    const span = tracer.startSpan(SPAN.decide, { kind: SpanKind.INTERNAL }, under(above));
    return described(
      span,
      () => pdp(request, { ...call, trace: { span, traceState: above?.traceState } satisfies Trace }),
      decision => (decision === undefined ? {} : decisionAttributes(decision, call.facts)),
    );
  };

/** The CLIENT span of one attempt, by the stable HTTP conventions; its context goes along to PingOne. */
export const tracedSend = (tracer: Tracer, propagators: Propagators, serviceUrl: ServiceUrl) => {
  const fixed: Allowed = {
    [ATTRIBUTE.httpRequestMethod]: 'POST',
    [ATTRIBUTE.serverAddress]: serviceUrl.hostname,
    [ATTRIBUTE.serverPort]: Number(serviceUrl.port || (serviceUrl.protocol === 'https:' ? 443 : 80)),
    [ATTRIBUTE.urlFull]: `${serviceUrl.origin}${serviceUrl.pathname.replace(/\/$/, '')}${SIDEBAND_PATH}`,
    [ATTRIBUTE.peerService]: 'pingone-authorize',
  };
  return (send: Send): Send =>
    (post, call) => {
      const above = traceOf(call.trace);
      if (above !== undefined && !isSampled(above.span)) {
        // Below an unsampled span nothing is recorded: its own context is what goes along to PingOne.
        return send({ ...post, propagation: carrierOf(placeOf(above), propagators) }, call);
      }
      const { attempts } = call.facts;
      const span = tracer.startSpan(SPAN.post, { kind: SpanKind.CLIENT }, under(above));
      const own: Trace = { span, traceState: above?.traceState };
      const propagation = carrierOf(placeOf(own), propagators);
      return described(
        span,
        () => send({ ...post, propagation }, { ...call, trace: own }),
        reply => ({
          ...fixed,
          [ATTRIBUTE.httpResendCount]: attempts > 0 ? attempts : undefined,
          [ATTRIBUTE.httpResponseStatusCode]: call.facts.pdpStatus,
          [ATTRIBUTE.errorType]: reply !== undefined && reply.status >= 400 ? String(reply.status) : undefined,
        }),
      );
    };
};

/** Only what the allow-list names. The SDK leaves out what is undefined. */
type Allowed = Readonly<
  Partial<Record<(typeof ATTRIBUTE)[keyof typeof ATTRIBUTE], string | number | boolean | undefined>>
>;

/**
 * Runs work inside a span that ends with it; what the work throws is thrown on.
 * @param attributesOf describes the span, once, when it ends; undefined if the work threw. An error type marks the span as failed.
 */
async function described<T>(
  span: Span,
  work: () => Promise<T>,
  attributesOf: (result: T | undefined) => Allowed,
): Promise<T> {
  try {
    const result = await work();
    finish(span, attributesOf(result));
    return result;
  } catch (error) {
    finish(span, { ...attributesOf(undefined), [ATTRIBUTE.errorType]: errorType(error) });
    throw error;
  }
}

function finish(span: Span, attributes: Allowed): void {
  span.setAttributes(attributes);
  if (attributes[ATTRIBUTE.errorType] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

function rootAttributes({ envelope, invocation, coldStart, facts }: Visit, outcome: Outcome | undefined): Allowed {
  const fault = outcome?.fault;
  return {
    [ATTRIBUTE.faasTrigger]: 'http',
    [ATTRIBUTE.faasColdStart]: coldStart,
    [ATTRIBUTE.faasInvocationId]: invocation.requestId,
    [ATTRIBUTE.cloudResourceId]: invocation.functionArn,
    [ATTRIBUTE.httpRoute]: envelope.route,
    [ATTRIBUTE.eventKind]: envelope.kind,
    ...(outcome === undefined ? {} : outcomeAttributes(outcome, facts)),
    [ATTRIBUTE.errorType]: fault === undefined ? undefined : errorType(fault),
  };
}

function outcomeAttributes({ decision, request, unapplied }: Outcome, facts: Facts): Allowed {
  return {
    ...decisionAttributes(decision, facts),
    [ATTRIBUTE.status]: decision.effect === 'deny' ? decision.status : undefined,
    [ATTRIBUTE.httpRequestMethod]: request?.method,
    [ATTRIBUTE.unappliedChanges]: unapplied.length,
  };
}

function decisionAttributes(decision: Decision, { attempts, breaker, cacheHit }: Facts): Allowed {
  return {
    [ATTRIBUTE.effect]: decision.effect,
    [ATTRIBUTE.reasonCode]: decision.effect === 'deny' ? decision.reasonCode : 'PERMIT',
    [ATTRIBUTE.attempts]: attempts,
    [ATTRIBUTE.breaker]: breaker,
    [ATTRIBUTE.cacheHit]: cacheHit,
    [ATTRIBUTE.correlationId]: decision.correlationId,
  };
}

/**
 * The code of a fault; what others throw is named by its class alone. Not by `instanceof`: this file is bundled apart
 * from the one that throws, with a class of its own.
 */
function errorType(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return error.name === AUTHORIZER_ERROR && 'code' in error ? String(error.code) : error.name;
}

function traceOf(value: object | undefined): Trace | undefined {
  return isTrace(value) ? value : undefined;
}

function isTrace(value: object | undefined): value is Trace {
  return value !== undefined && 'span' in value && 'traceState' in value;
}

function isSampled(span: Span): boolean {
  return (span.spanContext().traceFlags & 1) === 1;
}

function under(above: Trace | undefined): Context {
  return above === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, above.span);
}

function below(parent: TraceParent | undefined): Context {
  if (parent === undefined) return ROOT_CONTEXT;
  const { traceId, spanId, sampled } = parent;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: sampled ? 1 : 0, isRemote: true });
}

/** The entries that are well formed by W3C; undefined if there are none. */
function traceStateOf(parent: TraceParent | undefined): string | undefined {
  return parent?.traceState === undefined ? undefined : createTraceState(parent.traceState).serialize() || undefined;
}

function placeOf({ span, traceState }: Trace): TraceParent {
  const { traceId, spanId } = span.spanContext();
  return { traceId, spanId, sampled: isSampled(span), traceState };
}
