/** What an answer and a log line need of any event, whoever sent it. */
import type { EventKind, HeaderLine } from '../domain/request.ts';

export interface Envelope {
  /** Undefined where the event is no request that we know. */
  readonly kind: EventKind | undefined;
  /** The exact ARN that came in, or `*` where none usable did. */
  readonly arn: string;
  /** API Gateway's API, or CloudFront's distribution. */
  readonly apiId: string | undefined;
  readonly stage: string | undefined;
  /** The route's template, never the concrete path. */
  readonly route: string | undefined;
  /** The request id that API Gateway or CloudFront gave. */
  readonly requestId: string | undefined;
  /** `traceparent` and `tracestate`, where the event has them. */
  readonly traceHeaders: readonly HeaderLine[];
}

/** Of an event that tells nothing. */
export const NO_ENVELOPE: Envelope = Object.freeze({
  kind: undefined,
  arn: '*',
  apiId: undefined,
  stage: undefined,
  route: undefined,
  requestId: undefined,
  traceHeaders: [],
});
