/** The fixtures are what they claim to be: right shapes, enough hostility, every reply playable. */
import { describe, expect, it } from 'vitest';
import { overridden } from '../../support/event-parts.ts';
import {
  httpBareEvent,
  httpEvent,
  httpNamedStageEvent,
  httpV1Event,
  restCustomDomainEvent,
  restEdgeEvent,
  restEvent,
  restTestInvokeEvent,
  tokenEvent,
  websocketEvent,
} from '../../support/events.ts';
import { startFakePdp } from '../../support/fake-pdp.ts';
import { hostileEvents } from '../../support/hostile-events.ts';
import { ECHO } from '../../support/hostile-reply.ts';
import { hostileReplies, permittingReply } from '../../support/replies.ts';

const keys = (event: object): string[] => Object.keys(event).sort();

describe('golden events', () => {
  it('have the top-level members that AWS sends, and no other', () => {
    const rest =
      'headers,httpMethod,methodArn,multiValueHeaders,multiValueQueryStringParameters,path,pathParameters,queryStringParameters,requestContext,resource,stageVariables,type';
    expect(keys(restEvent()).join()).toBe(rest);
    expect(keys(restEdgeEvent()).join()).toBe(rest);
    expect(keys(restCustomDomainEvent()).join()).toBe(rest);
    expect(keys(httpV1Event())).toEqual([...rest.split(','), 'authorizationToken', 'identitySource', 'version'].sort());
    expect(keys(httpBareEvent()).join()).toBe(
      'headers,identitySource,rawPath,rawQueryString,requestContext,routeArn,routeKey,type,version',
    );
    expect(keys(websocketEvent()).join()).toBe(
      'headers,methodArn,multiValueHeaders,multiValueQueryStringParameters,queryStringParameters,requestContext,stageVariables,type',
    );
    expect(keys(tokenEvent()).join()).toBe('authorizationToken,methodArn,type');
  });

  it('are JSON, and survive it', () => {
    for (const event of [restEvent(), restTestInvokeEvent(), httpEvent(), httpNamedStageEvent(), websocketEvent()]) {
      expect(JSON.parse(JSON.stringify(event))).toEqual(event);
    }
  });

  it('split cookies, keep the raw query and join what repeats, for HTTP 2.0', () => {
    expect(httpEvent()).toMatchObject({
      cookies: ['session=abc', 'theme=dark'],
      rawQueryString: 'fields=name&fields=price&q=a%20b',
      queryStringParameters: { fields: 'name,price', q: 'a b' },
      headers: { authorization: expect.stringContaining('Bearer ') },
    });
    expect(httpEvent()).not.toHaveProperty('headers.cookie');
  });

  it('take overrides: merged inside requestContext, replaced elsewhere, removed by undefined', () => {
    const event = restEvent({ headers: { a: 'b' }, path: undefined, requestContext: { identity: { sourceIp: 'x' } } });
    expect(event).toMatchObject({ headers: { a: 'b' }, requestContext: { stage: 'dev', identity: { sourceIp: 'x' } } });
    expect(event).not.toHaveProperty('path');
    expect(overridden({ a: { b: 1 } }, { a: { c: 2 } })).toEqual({ a: { c: 2 } });
    expect(restEvent()).toHaveProperty('path');
  });
});

describe('hostile events', () => {
  it('are at least 60, of different titles', () => {
    expect(hostileEvents.length).toBeGreaterThanOrEqual(60);
    expect(new Set(hostileEvents.map(([title]) => title)).size).toBe(hostileEvents.length);
  });

  it.each(hostileEvents.filter(([, , { json }]) => json))('%s can be written as JSON', (_, event) => {
    const copy: unknown = JSON.parse(JSON.stringify(event));
    expect(copy).toEqual(event);
  });
});

describe('hostile replies', () => {
  it('are at least 80, of different titles', () => {
    expect(hostileReplies.length).toBeGreaterThanOrEqual(80);
    expect(new Set(hostileReplies.map(([title]) => title)).size).toBe(hostileReplies.length);
  });

  it('are none of them the permitting reply', () => {
    expect(permittingReply.body).toBe(JSON.stringify(ECHO));
    for (const [, { status, body }] of hostileReplies) {
      expect([status, body.toString()]).not.toEqual([200, permittingReply.body]);
    }
  });

  it('travel over the wire with their status and bytes', async () => {
    const bodiless = new Set([204, 205, 304]);
    const playable = hostileReplies.filter(
      ([, { status, headers }]) =>
        !bodiless.has(status) && status < 600 && !headers?.some(([name]) => name === 'Content-Encoding'),
    );
    const pdp = await startFakePdp({ script: playable.map(([, reply]) => ({ kind: 'reply', ...reply })) });
    try {
      for (const [title, { status, body }] of playable) {
        const reply = await fetch(`${pdp.url}/sideband/request`, {
          method: 'POST',
          redirect: 'manual',
          body: JSON.stringify({ source_ip: '192.0.2.1', source_port: 443, ...ECHO }),
        });
        expect([title, reply.status]).toEqual([title, status]);
        expect(Buffer.from(await reply.arrayBuffer())).toEqual(Buffer.from(body));
      }
      pdp.done();
    } finally {
      await pdp.close();
    }
  });
});
