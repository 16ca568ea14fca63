/** Reads and writes trace headers, W3C `traceparent` and X-Ray. It needs no SDK, so log lines have a trace id without one. */
import { type HeaderLine, headerValues } from '../domain/request.ts';
import { holdsToken } from '../domain/token-shape.ts';

export interface TraceParent {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  readonly sampled: boolean;
  /** Undefined also if it is longer than 512 characters or holds a token. */
  readonly traceState: string | undefined;
}

export interface Propagators {
  readonly w3c: boolean;
  readonly xray: boolean;
}

/** Version, trace id, span id and flags, each of fixed length in every version. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-|$)/;

const XRAY_ROOT = /(?:^|;)\s*Root=1-(?<time>[\da-f]{8})-(?<id>[\da-f]{24})(?:;|$)/i;
const XRAY_PARENT = /(?:^|;)\s*Parent=(?<span>[\da-f]{16})(?:;|$)/i;
const XRAY_SAMPLED = /(?:^|;)\s*Sampled=1(?:;|$)/i;

/** Whether a header carries W3C trace context. */
export const isTraceHeader = (name: string): boolean => /^trace(?:parent|state)$/i.test(name);

/** Reads `OTEL_PROPAGATORS`. If it is not set, both formats are read, since on Lambda the parent may only be in the X-Ray header. */
export const propagatorsOf = (names: string | undefined): Propagators => {
  if (names === undefined || names.trim() === '') return { w3c: true, xray: true };
  const listed = names.split(',').map(name => name.trim());
  return { w3c: listed.includes('tracecontext'), xray: listed.includes('xray') || listed.includes('xray-lambda') };
};

/** The parent of our spans: from W3C headers if there are any, since the client sent them, else from X-Ray. */
export const parentOf = (
  headers: readonly HeaderLine[],
  xrayHeader: string | undefined,
  propagators: Propagators,
): TraceParent | undefined =>
  (propagators.w3c ? fromW3c(headers) : undefined) ??
  (propagators.xray && xrayHeader !== undefined ? fromXray(xrayHeader) : undefined);

function fromW3c(headers: readonly HeaderLine[]): TraceParent | undefined {
  const [parent = '', another] = headerValues(headers, 'traceparent');
  if (another !== undefined || !TRACEPARENT.test(parent)) return undefined;
  const state = headerValues(headers, 'tracestate').join(',');
  return {
    traceId: parent.slice(3, 35),
    spanId: parent.slice(36, 52),
    sampled: (Number.parseInt(parent.slice(53, 55), 16) & 1) === 1,
    traceState: state === '' || state.length > 512 || holdsToken(state) ? undefined : state,
  };
}

/** Undefined for `Sampled=0`, which may only mean that active tracing is off: it must not turn off our own spans. */
function fromXray(header: string): TraceParent | undefined {
  const traceId = xrayTraceId(header);
  const parent = XRAY_PARENT.exec(header)?.groups;
  if (traceId === undefined || parent === undefined || !XRAY_SAMPLED.test(header)) return undefined;
  return { traceId, spanId: `${parent['span']}`.toLowerCase(), sampled: true, traceState: undefined };
}

function xrayTraceId(header: string): string | undefined {
  const root = XRAY_ROOT.exec(header)?.groups;
  return root === undefined ? undefined : `${root['time']}${root['id']}`.toLowerCase();
}

/** The trace id for a log line if no spans of ours are exported. */
export const traceIdOf = (headers: readonly HeaderLine[], xrayHeader: string | undefined): string | undefined =>
  fromW3c(headers)?.traceId ?? (xrayHeader === undefined ? undefined : xrayTraceId(xrayHeader));

/** The headers that tell PingOne our span. Their names are in lower case. */
export const carrierOf = (span: TraceParent, propagators: Propagators): Readonly<Record<string, string>> => ({
  ...(propagators.w3c ? { traceparent: `00-${span.traceId}-${span.spanId}-${span.sampled ? '01' : '00'}` } : {}),
  ...(propagators.w3c && span.traceState !== undefined ? { tracestate: span.traceState } : {}),
  ...(propagators.xray && !propagators.w3c
    ? {
        'x-amzn-trace-id': `Root=1-${span.traceId.slice(0, 8)}-${span.traceId.slice(8)};Parent=${span.spanId};Sampled=${span.sampled ? '1' : '0'}`,
      }
    : {}),
});
