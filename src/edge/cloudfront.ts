/** CloudFront as the corridor sees it. */

import { failClosed } from '../corridor/fail-closed.ts';
import type { Gateway } from '../corridor/port.ts';
import type { BodySettings } from './body.ts';
import { type EditedRequest, edited, unappliedChanges } from './edit.ts';
import { readRequest, readViewerRequest } from './event.ts';
import { type GeneratedResponse, responseTo } from './response.ts';

/** Either the request that CloudFront sends on, or the response that it gives to the client. */
export type EdgeResult = EditedRequest | GeneratedResponse;

export const cloudFront = (settings: BodySettings): Gateway<EdgeResult> => ({
  receive: event => {
    const viewer = readViewerRequest(event);
    const { envelope, original } = viewer;
    return {
      envelope,
      readRequest: () => readRequest(viewer, settings),
      toResult: ({ decision }, { invocation }) => {
        const correlationId = decision.correlationId ?? envelope.requestId ?? invocation.requestId ?? 'unknown';
        try {
          if (decision.effect === 'deny') return responseTo(decision, correlationId);
          if (original === undefined) throw new TypeError('a permit for an event without a request');
          return edited(original, decision, settings.sendBody);
        } catch (error) {
          return responseTo(failClosed(error), correlationId);
        }
      },
    };
  },
  unapplied: permit => unappliedChanges(permit, settings.sendBody),
});
