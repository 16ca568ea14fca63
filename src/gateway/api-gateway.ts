/** API Gateway in the form that the corridor works with. */
import type { AnswerSettings } from '../config/configuration.ts';
import type { Authorizer } from '../corridor/authorizer.ts';
import type { Gateway } from '../corridor/port.ts';
import { readEnvelope } from './envelope.ts';
import { readRequest } from './event.ts';
import { type AuthorizerResult, type IamResult, type SimpleResult, toResult } from './response.ts';
import { unappliedChanges } from './unapplied-changes.ts';

/**
 * The handler that Lambda calls for API Gateway. Its result is a policy or a simple response, as `RESPONSE_FORMAT` says.
 * It can be assigned to each of AWS's handler types; choose the one that fits `RESPONSE_FORMAT` and the API.
 */
export type ApiGatewayAuthorizer = Authorizer<AuthorizerResult> & Authorizer<IamResult> & Authorizer<SimpleResult>;

export const apiGateway = (answers: AnswerSettings): Gateway<AuthorizerResult> => ({
  receive: event => {
    const envelope = readEnvelope(event);
    return {
      envelope,
      readRequest: () => readRequest(event, envelope),
      toResult: ({ decision, request }, { invocation, facts }) => {
        const requestId = envelope.requestId ?? invocation.requestId;
        return toResult(decision, envelope, request, { requestId, traceId: facts.traceId }, answers);
      },
    };
  },
  unapplied: permit => unappliedChanges(permit, answers.forwardHeaders),
});
