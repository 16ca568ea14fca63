/** API Gateway as the corridor sees it. */
import type { Gateway } from '../authorizer.ts';
import { readEnvelope } from './envelope.ts';
import { readRequest } from './event.ts';
import { type AnswerSettings, type AuthorizerResult, toResult } from './response.ts';
import { unappliedChanges } from './unapplied.ts';

export const apiGateway = (answers: AnswerSettings): Gateway<AuthorizerResult> => ({
  readEnvelope,
  readRequest,
  unapplied: permit => unappliedChanges(permit, answers.forwardHeaders),
  toResult: ({ decision, request }, { envelope, invocation, facts }) => {
    const requestId = envelope.requestId ?? invocation.requestId ?? 'unknown';
    return toResult(decision, envelope, request, { requestId, traceId: facts.traceId }, answers);
  },
});
