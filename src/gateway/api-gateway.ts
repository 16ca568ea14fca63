/** API Gateway as the corridor sees it. */
import type { AnswerSettings } from '../config/groups.ts';
import type { Authorizer } from '../corridor/authorizer.ts';
import type { Gateway } from '../corridor/port.ts';
import { readEnvelope } from './envelope.ts';
import { readRequest } from './event.ts';
import { type AuthorizerResult, type IamResult, type SimpleResult, toResult } from './response.ts';
import { unappliedChanges } from './unapplied.ts';

/**
 * What Lambda calls for API Gateway. Called directly, it answers in either form. Assigned to one of AWS's handler types, it
 * answers in the form of that type, which `RESPONSE_FORMAT` must agree to, as it must with the API.
 */
export type ApiGatewayAuthorizer = Authorizer<AuthorizerResult> & Authorizer<IamResult> & Authorizer<SimpleResult>;

export const apiGateway = (answers: AnswerSettings): Gateway<AuthorizerResult> => ({
  receive: event => {
    const envelope = readEnvelope(event);
    return {
      envelope,
      readRequest: () => readRequest(event, envelope),
      toResult: ({ decision, request }, { invocation, facts }) => {
        const requestId = envelope.requestId ?? invocation.requestId ?? 'unknown';
        return toResult(decision, envelope, request, { requestId, traceId: facts.traceId }, answers);
      },
    };
  },
  unapplied: permit => unappliedChanges(permit, answers.forwardHeaders),
});
