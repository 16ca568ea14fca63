/** Rules of the DEBUG record: names and lengths, never a value. */
import { describe, expect, it } from 'vitest';
import type { Outcome, Visit } from '../../../src/authorizer.ts';
import { deny } from '../../../src/decision.ts';
import { newFacts } from '../../../src/facts.ts';
import { readEnvelope } from '../../../src/gateway/envelope.ts';
import { readRequest } from '../../../src/gateway/event.ts';
import { readInvocation } from '../../../src/gateway/invocation.ts';
import { redactedExchange } from '../../../src/telemetry/debug.ts';
import { clientCert } from '../../support/event-parts.ts';
import { httpEvent } from '../../support/events.ts';
import { clientCertificates } from '../../support/tls.ts';
import { permitFor } from '../permits.ts';

const EVENT = httpEvent({
  rawQueryString: 'token=canary-q&canary-bare&empty=&x=1',
  headers: { authorization: 'Bearer canary-h', 'x-empty': '' },
  cookies: ['session=canary-c'],
  requestContext: { authentication: { clientCert: clientCert(clientCertificates().ecPem) } },
});
const visit: Visit = {
  event: EVENT,
  envelope: readEnvelope(EVENT),
  invocation: readInvocation({ awsRequestId: 'l-1' }),
  facts: { ...newFacts('closed'), attempts: 2, pdpMs: 1.23456, pdpStatus: 200 },
  coldStart: false,
  initMs: undefined,
  trace: undefined,
};
const request = readRequest(EVENT, visit.envelope);
const record = (decision: Outcome['decision']): Readonly<Record<string, unknown>> =>
  redactedExchange(visit, { decision, request, unapplied: [], fault: undefined }, 'now');

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
        url: expect.stringContaining('?token=[redacted]&[redacted]&[redacted]&x=[redacted]'),
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
