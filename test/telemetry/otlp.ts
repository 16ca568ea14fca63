/** OTLP/JSON trace requests as the protocol's JSON mapping has them: read strictly, so that what passes is valid. */
import { isRecord } from '../../local/loopback.ts';

export type AttributeValue = string | number | boolean;

export interface Span {
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client';
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined for the root of a trace. */
  readonly parentSpanId: string | undefined;
  readonly durationMs: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly resource: Readonly<Record<string, AttributeValue>>;
}

const KINDS: Readonly<Record<number, Span['kind']>> = { 1: 'internal', 2: 'server', 3: 'client' };
const ERROR_STATUS = 2;

const invalid = (what: string): Error => new Error(`not valid OTLP/JSON: ${what}`);

const record = (value: unknown, what: string): Readonly<Record<string, unknown>> => {
  if (!isRecord(value)) throw invalid(`${what} is not an object`);
  return value;
};

const list = (value: unknown, what: string): readonly unknown[] => {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalid(`${what} is not an array`);
  return value;
};

const matching = (value: unknown, pattern: RegExp, what: string): string => {
  if (typeof value !== 'string' || !pattern.test(value)) throw invalid(`${what} does not match ${pattern}`);
  return value;
};

const attributeValue = (value: unknown, key: string): AttributeValue => {
  const { stringValue, intValue, doubleValue, boolValue } = record(value, `the value of ${key}`);
  const given = [stringValue, intValue, doubleValue, boolValue].filter(each => each !== undefined);
  if (given.length !== 1) throw invalid(`${key} has ${given.length} values`);
  if (intValue !== undefined) return Number(intValue);
  const [only] = given;
  if (typeof only === 'string' || typeof only === 'number' || typeof only === 'boolean') return only;
  throw invalid(`${key} is no scalar`);
};

const attributes = (value: unknown, what: string): Readonly<Record<string, AttributeValue>> => {
  const pairs = list(value, what).map((each): [string, AttributeValue] => {
    const pair = record(each, what);
    const key = matching(pair['key'], /^\S+$/, `a key of ${what}`);
    return [key, attributeValue(pair['value'], key)];
  });
  if (new Set(pairs.map(([key]) => key)).size !== pairs.length) throw invalid(`${what} repeat a key`);
  return Object.fromEntries(pairs);
};

const nanos = (value: unknown, what: string): bigint => BigInt(matching(value, /^\d{19}$/, what));

/** Nothing but names and attributes may say anything: no event, no link, no message beside the status, no tracestate of the client's. */
const refuseFreeText = (span: Readonly<Record<string, unknown>>, status: Readonly<Record<string, unknown>>): void => {
  for (const member of ['events', 'links']) {
    if (list(span[member], member).length > 0) throw invalid(`a span has ${member}, which no allow-list covers`);
  }
  if ((span['traceState'] ?? '') !== '') throw invalid('a span has a traceState, which no allow-list covers');
  if ((status['message'] ?? '') !== '') throw invalid('a status has a message, which no allow-list covers');
};

const readSpan = (value: unknown, resource: Span['resource']): Span => {
  const span = record(value, 'a span');
  const status = record(span['status'] ?? {}, 'a status');
  refuseFreeText(span, status);
  const kind = KINDS[Number(span['kind'])];
  if (kind === undefined) throw invalid(`kind ${String(span['kind'])} is not one of ours`);
  const [start, end] = [nanos(span['startTimeUnixNano'], 'start'), nanos(span['endTimeUnixNano'], 'end')];
  if (end < start) throw invalid('a span ends before it starts');
  const parent = span['parentSpanId'];
  return {
    name: matching(span['name'], /^\S+$/, 'a name'),
    kind,
    traceId: matching(span['traceId'], /^(?!0+$)[\da-f]{32}$/, 'traceId'),
    spanId: matching(span['spanId'], /^(?!0+$)[\da-f]{16}$/, 'spanId'),
    parentSpanId: parent === undefined || parent === '' ? undefined : matching(parent, /^[\da-f]{16}$/, 'parentSpanId'),
    durationMs: Number(end - start) / 1e6,
    failed: status['code'] === ERROR_STATUS,
    attributes: attributes(span['attributes'], 'span attributes'),
    resource,
  };
};

/** The spans of one export request. */
export const readTraces = (body: unknown): readonly Span[] =>
  list(record(body, 'the body')['resourceSpans'], 'resourceSpans').flatMap(each => {
    const { resource, scopeSpans } = record(each, 'resourceSpans');
    const about = attributes(record(resource, 'resource')['attributes'], 'resource attributes');
    return list(scopeSpans, 'scopeSpans').flatMap(scope =>
      list(record(scope, 'scopeSpans')['spans'], 'spans').map(span => readSpan(span, about)),
    );
  });
