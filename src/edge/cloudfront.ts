/** CloudFront as the corridor sees it. */
import { failClosed } from '../corridor/fail-closed.ts';
import type { Gateway, Outcome, Visit } from '../corridor/port.ts';
import { AuthorizerError } from '../domain/errors.ts';
import { plainId } from '../domain/request-id.ts';
import { optionalString } from '../lambda/event-fields.ts';
import { originIn, readable } from './cors.ts';
import { type EditedRequest, edited, unappliedChanges } from './edited-request.ts';
import { readRequest, readViewerRequest, type ViewerRequest } from './event.ts';
import { type PreflightSettings, preflightOf } from './preflight.ts';
import { type Asked, type GeneratedResponse, responseTo } from './response.ts';

/** Either the request that CloudFront sends on, or the response that it gives to the client. */
export type EdgeResult = EditedRequest | GeneratedResponse;

export const cloudFront = (settings: PreflightSettings): Gateway<EdgeResult> => ({
  receive: event => {
    const viewer = readViewerRequest(event);
    return {
      envelope: viewer.envelope,
      readRequest: () => readRequest(viewer, settings),
      preflight: () => preflightOf(viewer, settings),
      toResult: (outcome, visit) => resultOf(viewer, outcome, visit, settings),
    };
  },
  unapplied: permit => unappliedChanges(permit, settings.sendBody),
});

function resultOf(viewer: ViewerRequest, outcome: Outcome, visit: Visit, settings: PreflightSettings): EdgeResult {
  const { decision } = outcome;
  const asked = (): Asked => askedIn(viewer, outcome, visit, settings);
  try {
    if (decision.effect === 'deny') return responseTo(decision, asked());
    if (viewer.original === undefined) throw new TypeError('a permit for an event without a request');
    return edited(viewer.original, decision, settings.sendBody);
  } catch (error) {
    return responseTo(failClosed(error), asked());
  }
}

function askedIn(
  { envelope, original }: ViewerRequest,
  { decision, request, fault }: Outcome,
  { facts, invocation }: Visit,
  { cors }: PreflightSettings,
): Asked {
  const origin = originIn(original);
  return {
    correlationId: decision.correlationId ?? (plainId(envelope.requestId ?? invocation.requestId) || 'unknown'),
    method: request?.method ?? methodOf(original),
    pdpStatus: facts.pdpStatus,
    retryAfterMs: fault instanceof AuthorizerError ? (fault.retryAfterMs ?? facts.retryAfterMs) : undefined,
    readable: headers => readable(headers, cors, origin),
  };
}

/** Of a request that was refused before it was read. */
function methodOf(original: ViewerRequest['original']): string | undefined {
  try {
    return optionalString(original, 'method')?.toUpperCase();
  } catch {
    return undefined;
  }
}
