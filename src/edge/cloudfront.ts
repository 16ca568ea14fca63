/** CloudFront as the corridor sees it. */
import type { Gateway, Outcome, Visit } from '../authorizer.ts';
import { failClosed } from '../fail-closed.ts';
import type { BodySettings } from './body.ts';
import { type EditedRequest, edited, unappliedChanges } from './edit.ts';
import { readEnvelope, readRequest, requestOf } from './event.ts';
import { type GeneratedResponse, responseTo } from './response.ts';

/** A request lets CloudFront go on with it; a response is given to the client. */
export type EdgeResult = EditedRequest | GeneratedResponse;

export const cloudFront = (settings: BodySettings): Gateway<EdgeResult> => {
  const answer = ({ decision }: Outcome, visit: Visit): EdgeResult => {
    const { envelope, invocation, event } = visit;
    if (decision.effect === 'deny') {
      const correlationId = decision.correlationId ?? envelope.requestId ?? invocation.requestId ?? 'unknown';
      return responseTo(decision, correlationId);
    }
    const request = requestOf(event);
    if (request === undefined) throw new TypeError('a permit for an event without a request');
    return edited(request, decision, settings.sendBody);
  };
  return {
    readEnvelope,
    readRequest: (event, envelope) => readRequest(event, envelope, settings),
    unapplied: permit => unappliedChanges(permit, settings.sendBody),
    toResult: (outcome, visit) => {
      try {
        return answer(outcome, visit);
      } catch (error) {
        return responseTo(failClosed(error), visit.envelope.requestId ?? 'unknown');
      }
    },
  };
};
