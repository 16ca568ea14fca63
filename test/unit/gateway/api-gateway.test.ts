/** Rules for API Gateway as the corridor sees it: one event becomes an envelope, a request, and an answer with ids. */
import { describe, expect, it } from 'vitest';
import { deny } from '../../../src/domain/decision.ts';
import { apiGateway } from '../../../src/gateway/api-gateway.ts';
import type { AuthorizerResult } from '../../../src/gateway/response.ts';
import { readInvocation } from '../../../src/lambda/invocation.ts';
import { restEvent } from '../../support/events.ts';
import { REST_ARN } from '../../support/golden-events.ts';
import { permitFor } from '../permits.ts';
import { visitOf } from '../visits.ts';

const gateway = apiGateway({
  responseFormat: 'iam',
  failClosedAs: 'deny',
  unauthorizedAs: 'throw',
  forwardHeaders: ['x-user'],
});
const PERMIT = permitFor({
  headers: [['X-User', 'alice']],
  changes: [{ kind: 'header-added', name: 'x-user' }, { kind: 'query' }],
});
const REQUEST_ID = 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef';

describe('an event', () => {
  it('has the envelope and the request that it is read as', () => {
    const { envelope, readRequest } = gateway.receive(restEvent());
    const expected = visitOf(restEvent());
    expect(envelope).toEqual(expected.envelope);
    expect(readRequest()).toEqual(expected.readRequest());
  });
});

describe('an answer', () => {
  it('names the subject, and the headers that the backend gets', () => {
    const event = restEvent();
    const { readRequest, toResult } = gateway.receive(event);
    const outcome = { decision: PERMIT, request: readRequest(), unapplied: [], fault: undefined };
    expect(toResult(outcome, visitOf(event))).toEqual({
      principalId: 'alice',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: REST_ARN }],
      },
      context: { effect: 'permit', reasonCode: 'PERMIT', correlationId: REQUEST_ID, hdr_x_user: 'alice' },
    });
  });

  it.each([
    ['API Gateway’s request id', restEvent(), 'lambda-1', REQUEST_ID],
    [
      'Lambda’s id if the event has none',
      restEvent({ requestContext: { requestId: undefined } }),
      'lambda-1',
      'lambda-1',
    ],
    ['"unknown" without either', null, undefined, 'unknown'],
  ])('to a denial has the trace id, and as its correlation id %s', (_, event, awsRequestId, correlationId) => {
    const visit = visitOf(event, { invocation: readInvocation({ awsRequestId }) });
    visit.facts.traceId = 'ab'.repeat(16);
    const decision = deny({ reasonCode: 'POLICY_DENIED', status: 403, reason: 'no', fromPdp: true });
    const outcome = { decision, request: undefined, unapplied: [], fault: undefined };
    const result: AuthorizerResult = gateway.receive(event).toResult(outcome, visit);
    expect(result.context).toEqual({
      effect: 'deny',
      reasonCode: 'POLICY_DENIED',
      reason: 'no',
      status: '403',
      correlationId,
      traceId: 'ab'.repeat(16),
    });
  });
});

describe('an unapplied change', () => {
  it('is one that reaches the backend neither in the request nor as context', () => {
    expect(gateway.unapplied(PERMIT)).toEqual([{ kind: 'query' }]);
  });
});
