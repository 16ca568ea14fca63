/** Rules for the envelope: the event's kind, and the ARN that an answer may name. */
import { describe, expect, it } from 'vitest';
import { readEnvelope } from '../../../src/gateway/envelope.ts';
import {
  httpEvent,
  httpNamedStageEvent,
  httpProxyEvent,
  httpV1Event,
  restEvent,
  restProxyEvent,
  restTestInvokeEvent,
  tokenEvent,
  websocketEvent,
} from '../../support/events.ts';
import { HTTP_ARN, REST_ARN, WEBSOCKET_ARN } from '../../support/golden-events.ts';
import { hostileEvents } from '../../support/hostile-events.ts';

const UNKNOWN = { kind: undefined, arn: '*' };

describe('an envelope', () => {
  it.each([
    ['rest', restEvent(), REST_ARN],
    ['http-2.0', httpEvent(), HTTP_ARN],
    ['http-2.0', httpNamedStageEvent(), HTTP_ARN.replace('$default', 'dev')],
    ['http-1.0', httpV1Event(), HTTP_ARN],
    ['websocket', websocketEvent(), WEBSOCKET_ARN],
    ['rest', restTestInvokeEvent(), 'arn:aws:execute-api:us-east-1:123456789012:api1/ESTestInvoke-stage/GET/'],
  ])('of kind %s has the event’s exact ARN', (kind, event, arn) => {
    expect(readEnvelope(event)).toMatchObject({ kind, arn });
  });

  it('has API, stage and the route’s template for telemetry', () => {
    expect(readEnvelope(restEvent())).toMatchObject({ apiId: 'api1', stage: 'dev', route: '/products/{productId}' });
    expect(readEnvelope(httpEvent())).toMatchObject({
      apiId: 'api2',
      stage: '$default',
      route: 'GET /products/{productId}',
    });
    expect(readEnvelope(websocketEvent())).toMatchObject({ apiId: 'api3', stage: 'dev', route: '$connect' });
    expect(readEnvelope(httpEvent({ requestContext: { routeKey: undefined } })).route).toBe(
      'GET /products/{productId}',
    );
    expect(readEnvelope(restEvent()).requestId).toBe('c6af9ac6-7b61-11e6-9a41-93e8deadbeef');
  });

  it('has the headers of a trace in order, and no other header', () => {
    const headers = { TraceParent: '00-a', Host: 'x', tracestate: 'b=c', 'x-traceparent': 'd', traceparent: 1 };
    expect(readEnvelope(httpEvent({ headers })).traceHeaders).toEqual([
      ['TraceParent', '00-a'],
      ['tracestate', 'b=c'],
    ]);
    expect(readEnvelope(httpEvent({ headers: null })).traceHeaders).toEqual([]);
  });

  it('without a usable ARN still has all that a log line needs', () => {
    for (const methodArn of [undefined, 'x']) {
      expect(readEnvelope(restEvent({ methodArn }))).toEqual({
        kind: undefined,
        arn: '*',
        apiId: undefined,
        stage: undefined,
        route: '/products/{productId}',
        requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
        traceHeaders: [],
      });
    }
  });

  it.each([
    ['$connect', 'CONNECT', 'websocket'],
    ['$connect', undefined, 'websocket'],
    [null, 'CONNECT', 'websocket'],
    [undefined, undefined, 'rest'],
    [null, null, 'rest'],
    ['send', 'CONNECT', undefined],
    ['send', null, undefined],
    ['$connect', 'MESSAGE', undefined],
    [null, 'MESSAGE', undefined],
  ])('with the route key %j and the event type %j is of kind %s', (routeKey, eventType, kind) => {
    expect(readEnvelope(restEvent({ requestContext: { routeKey, eventType } })).kind).toBe(kind);
  });

  it.each([
    [null, 'rest'],
    ['3.0', undefined],
    ['', undefined],
    [1, undefined],
  ])('with a method ARN and the version %j is of kind %s', (version, kind) => {
    expect(readEnvelope(restEvent({ version })).kind).toBe(kind);
  });

  it.each([
    ['text before it', `x${REST_ARN}`],
    ['a line break after it', `${REST_ARN}\n`],
    ['a control character in its path', `${REST_ARN}\u0085x`],
    ['a wildcard for the stage', 'arn:aws:execute-api:us-east-1:123456789012:api1/*/GET/'],
    ['a wildcard for the method', 'arn:aws:execute-api:us-east-1:123456789012:api1/dev/*/'],
    ['a wildcard for the API', 'arn:aws:execute-api:us-east-1:123456789012:*/dev/GET/'],
    ['another service', 'arn:aws:lambda:us-east-1:123456789012:api1/dev/GET/'],
  ])('names no ARN with %s', (_, methodArn) => {
    expect(readEnvelope(restEvent({ methodArn }))).toMatchObject(UNKNOWN);
  });

  it.each(['aws', 'aws-cn', 'aws-us-gov', 'aws-iso-b'])('accepts the partition %s', partition => {
    const arn = REST_ARN.replace(':aws:', `:${partition}:`);
    expect(readEnvelope(restEvent({ methodArn: arn }))).toMatchObject({ kind: 'rest', arn });
  });

  it.each(['/GET/a:b:c', '/GET/', '/GET//', '/GET/%2F/é', '/GET/a?b*', '/$connect'])(
    'accepts an ARN that ends in %s',
    tail => {
      const arn = `arn:aws:execute-api:eu-west-1:123456789012:abc/dev${tail}`;
      expect(readEnvelope(restEvent({ methodArn: arn })).arn).toBe(arn);
    },
  );

  it.each([
    ['a TOKEN event', tokenEvent()],
    ['a REST proxy event', restProxyEvent()],
    ['an HTTP proxy event', httpProxyEvent()],
    ['an unknown version', httpEvent({ version: '3.0' })],
    ['a WebSocket message', websocketEvent({ requestContext: { eventType: 'MESSAGE', routeKey: 'send' } })],
    [
      'a WebSocket disconnect',
      websocketEvent({ requestContext: { eventType: 'DISCONNECT', routeKey: '$disconnect' } }),
    ],
  ])('has no kind for %s', (_, event) => {
    expect(readEnvelope(event).kind).toBeUndefined();
  });

  it('names no ARN longer than API Gateway’s own limit', () => {
    const arn = (length: number): string => `${REST_ARN}/${'x'.repeat(length - REST_ARN.length - 1)}`;
    expect(readEnvelope(restEvent({ methodArn: arn(1600) })).arn).toHaveLength(1600);
    expect(readEnvelope(restEvent({ methodArn: arn(1601) }))).toMatchObject(UNKNOWN);
  });

  it('of an event that is no object, or cannot be read, holds nothing, and the wildcard for a denial', () => {
    const unreadable = new Proxy(
      {},
      {
        get: () => {
          throw new Error('unreadable');
        },
        getOwnPropertyDescriptor: () => {
          throw new Error('unreadable');
        },
        has: () => true,
      },
    );
    for (const event of [undefined, null, 'event', [restEvent()], unreadable]) {
      expect(readEnvelope(event)).toStrictEqual({
        kind: undefined,
        arn: '*',
        apiId: undefined,
        stage: undefined,
        route: undefined,
        requestId: undefined,
        traceHeaders: [],
      });
    }
  });

  it.each(hostileEvents)('is read without throwing of: %s', (_, event) => {
    expect(readEnvelope(event)).toMatchObject({ arn: expect.any(String) });
  });
});
