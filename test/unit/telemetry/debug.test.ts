/** Rules of the DEBUG record: names and lengths, never a value, a concrete path or a token. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/corridor/port.ts';
import { newFacts } from '../../../src/domain/call.ts';
import { deny } from '../../../src/domain/decision.ts';
import { readRequest as readEdgeRequest, readViewerRequest } from '../../../src/edge/event.ts';
import { readEnvelope } from '../../../src/gateway/envelope.ts';
import { readRequest } from '../../../src/gateway/event.ts';
import { readInvocation } from '../../../src/lambda/invocation.ts';
import { redactedExchange } from '../../../src/telemetry/debug.ts';
import { eventOf, REQUEST } from '../../edge/viewer-request.ts';
import { clientCertificates } from '../../support/client-certificates.ts';
import { clientCert } from '../../support/event-parts.ts';
import { httpEvent, httpV1Event, restEvent, websocketEvent } from '../../support/events.ts';
import { permitFor } from '../permits.ts';
import { visitOf } from '../visits.ts';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJqdGkiOiJ4In0.c2lnbmF0dXJl';

const EVENT = httpEvent({
  rawQueryString: 'token=canary-q&canary-bare&empty=&x=1',
  headers: { authorization: 'Bearer canary-h', 'x-empty': '' },
  cookies: ['session=canary-c'],
  requestContext: { authentication: { clientCert: clientCert(clientCertificates.ecPem) } },
});
const visit = visitOf(EVENT, {
  invocation: readInvocation({ awsRequestId: 'l-1' }),
  facts: { ...newFacts('closed'), attempts: 2, pdpMs: 1.23456, pdpStatus: 200 },
});
const PERMIT = permitFor({ headers: [], changes: [] });
const record = (decision: Outcome['decision'], event: unknown = EVENT): Readonly<Record<string, unknown>> => {
  const envelope = readEnvelope(event);
  const request = readRequest(event, envelope);
  return redactedExchange({ ...visit, envelope }, { decision, request, unapplied: [], fault: undefined }, 'now');
};
const urlOf = (event: unknown): string => /"url":"([^"]*)"/.exec(JSON.stringify(record(PERMIT, event)))?.[1] ?? '';

describe('the record', () => {
  it('of a permit names every header and parameter, and redacts every value', () => {
    const permit = permitFor({ headers: [['X-User', 'canary-u']], changes: [{ kind: 'query' }], correlationId: 'c-1' });
    expect(record(permit)).toMatchObject({
      level: 'DEBUG',
      message: 'exchange',
      requestId: 'JKJaXmPLvHcESHA=',
      lambdaRequestId: 'l-1',
      correlationId: 'c-1',
      request: {
        kind: 'http-2.0',
        method: 'GET',
        url: expect.stringMatching(
          /^https:\/\/[^/]+\/products\/\{productId\}\?token=\[redacted\]&\[redacted\]&\[redacted\]&x=\[redacted\]$/,
        ),
        headers: [
          { authorization: '[redacted, 15 characters]' },
          { 'x-empty': '[redacted, 0 characters]' },
          { cookie: '[redacted, 16 characters]' },
        ],
        clientCertificate: true,
      },
      pdp: { attempts: 2, ms: 1.23, status: 200, breaker: 'closed' },
      result: { effect: 'permit', headers: [{ 'X-User': '[redacted, 8 characters]' }], changes: ['query'] },
    });
    expect(JSON.stringify(record(permit))).not.toContain('canary');
  });

  it.each([
    ['REST', restEvent({ path: '/products/canary', resource: '/products/{productId}' }), '/products/{productId}?'],
    ['REST', restEvent({ path: '/a/canary;s=canary', resource: '/{proxy+}' }), '/{proxy+}?'],
    ['HTTP 1.0', httpV1Event({ path: '/v1/canary', resource: '/v1/{id}' }), '/v1/{id}?'],
    ['HTTP 2.0', httpEvent({ rawPath: '/v1/canary', routeKey: 'ANY /v1/{proxy+}' }), '/v1/{proxy+}?'],
    ['HTTP 2.0 on $default', httpEvent({ rawPath: '/v1/canary', routeKey: '$default' }), '?'],
    ['HTTP 1.0 on $default', httpV1Event({ path: '/v1/canary', resource: '$default' }), '?'],
    ['WebSocket', websocketEvent({ queryStringParameters: { token: 'canary' } }), '?'],
  ])('of a %s request shows of the path what the route’s template spells out', (_, event, path) => {
    const url = urlOf(event);
    expect(url).not.toContain('canary');
    expect(/^https:\/\/[a-z0-9.-]+(?<path>[^?]*\??)/.exec(url)?.groups?.['path']).toBe(path);
  });

  it('of a CloudFront request, which has no route, shows nothing of the path', () => {
    const event = eventOf({ ...REQUEST, uri: '/v1/canary;s=canary', querystring: 'x=canary' });
    const viewer = readViewerRequest(event);
    const { envelope } = viewer;
    const request = readEdgeRequest(viewer, { sendBody: false, onIncompleteBody: 'deny' });
    const outcome = { decision: PERMIT, request, unapplied: [], fault: undefined };
    const said = JSON.stringify(redactedExchange({ ...visit, envelope }, outcome, 'now'));
    expect(said).toMatch(/"url":"https:\/\/[a-z0-9.-]+\?x=\[redacted\]"/);
    expect(said).not.toContain('canary');
  });

  it('holds no token, wherever a client or a policy puts one', () => {
    const token = fc.oneof(
      fc.constant(JWT),
      fc.constant(JWT.toLowerCase()),
      fc.uuid(),
      fc.uint8Array({ minLength: 16, maxLength: 48 }).map(bytes => Buffer.from(bytes).toString('hex')),
      fc.uint8Array({ minLength: 48, maxLength: 48 }).map(bytes => Buffer.from(bytes).toString('base64url')),
    );
    fc.assert(
      fc.property(token, token, token, (one, other, third) => {
        // A random text may happen to look like words; such a one proves nothing.
        fc.pre([one, other, third].every(text => new Set(text).size > 8));
        const event = httpEvent({
          rawPath: `/products/${one};jsessionid=${other}`,
          rawQueryString: `${one}=1&${other}&a=${third}`,
          headers: { host: 'api.example.org', [one]: other, authorization: third },
          cookies: [`${other}=${third}`],
        });
        const permit = permitFor({
          headers: [
            [one, '1'],
            ['x-user', other],
          ],
          changes: [{ kind: 'header-removed', name: third }],
        });
        const said = JSON.stringify(record(permit, event));
        for (const text of [one, other, third]) expect(said).not.toContain(text);
      }),
    );
  });

  it('of a denial tells that there is a challenge and a body, and neither of them', () => {
    const denied = deny({
      reasonCode: 'POLICY_DENIED',
      status: 403,
      reason: 'canary-reason',
      fromPdp: true,
      challenge: 'canary-challenge',
      body: '{"m":"canary-body"}',
    });
    expect(record(denied)['result']).toEqual({
      effect: 'deny',
      reasonCode: 'POLICY_DENIED',
      status: 403,
      challenge: true,
      body: true,
    });
    expect(JSON.stringify(record(denied))).not.toContain('canary');
  });
});
