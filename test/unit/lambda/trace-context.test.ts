/** Rules for trace headers: which traceparent or X-Ray header is the parent, and which headers PingOne gets. */
import { describe, expect, it } from 'vitest';
import type { HeaderLine } from '../../../src/domain/request.ts';
import { carrierOf, isTraceHeader, parentOf, propagatorsOf, traceIdOf } from '../../../src/lambda/trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const XRAY_TRACE = '67891233abcdef012345678912345678';
const XRAY_SPAN = '53995c3f42cd8ad8';
const ROOT = 'Root=1-67891233-abcdef012345678912345678';
const BOTH = { w3c: true, xray: true };

const w3c = (value: string): readonly HeaderLine[] => [['Traceparent', value]];
const parent = (value: string) => parentOf(w3c(value), undefined, BOTH);
const xrayParent = (header: string) => parentOf([], header, BOTH);

describe('a traceparent', () => {
  it.each([
    [`00-${TRACE}-${SPAN}-01`, true],
    [`00-${TRACE}-${SPAN}-00`, false],
    [`00-${TRACE}-${SPAN}-03`, true],
    // A later version may have more fields after the flags.
    [`cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`, true],
  ])('%s is a parent', (value, sampled) => {
    expect(parent(value)).toEqual({ traceId: TRACE, spanId: SPAN, sampled, traceState: undefined });
  });

  it('may have ids that begin with zeros', () => {
    const [traceId, spanId] = [`00${TRACE.slice(2)}`, `0${SPAN.slice(1)}`];
    expect(parent(`00-${traceId}-${spanId}-01`)).toMatchObject({ traceId, spanId });
  });

  it.each([
    '',
    '00',
    `a00-${TRACE}-${SPAN}-01`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.slice(1)}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-1`,
    `00-${TRACE}-${SPAN}-01x`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  ])('%j is not a parent', value => expect(parent(value)).toBeUndefined());

  it('is ignored if it was sent twice', () => {
    const value = `00-${TRACE}-${SPAN}-01`;
    expect(parentOf([...w3c(value), ...w3c(value)], undefined, BOTH)).toBeUndefined();
  });

  const withState = (...states: readonly string[]) =>
    parentOf([...w3c(`00-${TRACE}-${SPAN}-01`), ...states.map((s): HeaderLine => ['TraceState', s])], undefined, BOTH)
      ?.traceState;

  it('comes with its joined tracestate, unless that is too long', () => {
    expect(withState('a=1', 'b=2')).toBe('a=1,b=2');
    expect(withState('a'.repeat(512))).toHaveLength(512);
    expect(withState('a'.repeat(513))).toBeUndefined();
  });

  it('comes without a tracestate that holds a token', () => {
    const header = Buffer.from('{"alg":"RS256"}').toString('base64url');
    expect(withState(`a=${header}.e30.c2lnbmF0dXJl`, 'b=2')).toBeUndefined();
    expect(parent(`00-${TRACE}-${SPAN}-01`)).toMatchObject({ traceId: TRACE });
  });
});

describe('an X-Ray header', () => {
  it('is the parent if it is sampled, whatever the order of its fields and whatever else it holds', () => {
    for (const header of [
      `${ROOT};Parent=${XRAY_SPAN};Sampled=1`,
      `Sampled=1;Parent=${XRAY_SPAN};${ROOT};Lineage=1:a:0`,
      `Parent=${XRAY_SPAN.toUpperCase()}; Sampled=1; ${ROOT.toUpperCase()}`,
      `Sampled=1; ${ROOT}; Parent=${XRAY_SPAN}`,
    ]) {
      expect(xrayParent(header), header).toEqual({
        traceId: XRAY_TRACE,
        spanId: XRAY_SPAN,
        sampled: true,
        traceState: undefined,
      });
    }
  });

  it.each([
    `${ROOT};Parent=${XRAY_SPAN};Sampled=0`,
    `${ROOT};Parent=${XRAY_SPAN}`,
    `${ROOT};Sampled=1`,
    `Parent=${XRAY_SPAN};Sampled=1`,
    `Old${ROOT};Parent=${XRAY_SPAN};Sampled=1`,
    `${ROOT};OldParent=${XRAY_SPAN};Sampled=1`,
    `${ROOT};Parent=${XRAY_SPAN};NotSampled=1`,
    'Root=1-2-3',
    '',
  ])('%j is not a parent', header => expect(xrayParent(header)).toBeUndefined());

  it('is used only if there is no traceparent', () => {
    const header = `${ROOT};Parent=${XRAY_SPAN};Sampled=1`;
    expect(parentOf(w3c(`00-${TRACE}-${SPAN}-00`), header, BOTH)?.traceId).toBe(TRACE);
    expect(parentOf(w3c('broken'), header, BOTH)?.traceId).toBe(XRAY_TRACE);
  });
});

describe('propagators', () => {
  it.each([
    [undefined, BOTH],
    [' ', BOTH],
    ['tracecontext,baggage', { w3c: true, xray: false }],
    ['xray', { w3c: false, xray: true }],
    [' xray-lambda , tracecontext ', BOTH],
    ['none', { w3c: false, xray: false }],
    ['b3', { w3c: false, xray: false }],
  ])('are read from %j', (names, propagators) => expect(propagatorsOf(names)).toEqual(propagators));

  it('decide which headers are read and which are passed on', () => {
    const header = `${ROOT};Parent=${XRAY_SPAN};Sampled=1`;
    const lines = w3c(`00-${TRACE}-${SPAN}-01`);
    expect(parentOf(lines, header, { w3c: false, xray: true })?.traceId).toBe(XRAY_TRACE);
    expect(parentOf(lines, header, { w3c: true, xray: false })?.traceId).toBe(TRACE);
    expect(parentOf(lines, header, { w3c: false, xray: false })).toBeUndefined();
  });

  it.each([
    [BOTH, { traceparent: `00-${XRAY_TRACE}-${SPAN}-01`, tracestate: 'a=1' }],
    [{ w3c: false, xray: true }, { 'x-amzn-trace-id': `${ROOT};Parent=${SPAN};Sampled=1` }],
    [{ w3c: false, xray: false }, {}],
  ])('%j carry', (propagators, carrier) => {
    const span = { traceId: XRAY_TRACE, spanId: SPAN, sampled: true, traceState: 'a=1' };
    expect(carrierOf(span, propagators)).toEqual(carrier);
  });

  it('tell PingOne that a span is not sampled, and send no empty tracestate', () => {
    const span = { traceId: XRAY_TRACE, spanId: SPAN, sampled: false, traceState: undefined };
    expect(carrierOf(span, BOTH)).toStrictEqual({ traceparent: `00-${XRAY_TRACE}-${SPAN}-00` });
    expect(carrierOf(span, { w3c: false, xray: true })).toStrictEqual({
      'x-amzn-trace-id': `${ROOT};Parent=${SPAN};Sampled=0`,
    });
  });
});

it('trace headers are traceparent and tracestate in any case, and no header whose name only contains one', () => {
  const names = ['traceparent', 'TraceState', 'x-traceparent', 'tracestate-2', 'trace', 'X-Amzn-Trace-Id'];
  expect(names.filter(isTraceHeader)).toEqual(['traceparent', 'TraceState']);
});

it('a log line has the trace id of either header, sampled or not', () => {
  expect(traceIdOf(w3c(`00-${TRACE}-${SPAN}-00`), `${ROOT};Sampled=0`)).toBe(TRACE);
  expect(traceIdOf([], `${ROOT};Sampled=0`)).toBe(XRAY_TRACE);
  expect(traceIdOf([], 'Root=nonsense')).toBeUndefined();
  expect(traceIdOf([], undefined)).toBeUndefined();
});
