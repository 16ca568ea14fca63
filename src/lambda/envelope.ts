/** The part of an event that an answer and a log line need, for all kinds of event. */
import type { EventKind, HeaderLine } from '../domain/request.ts';

export interface Envelope {
  /** Undefined if the event is not one of the kinds that we know. */
  readonly kind: EventKind | undefined;
  /** The event's exact ARN, or `*` if the event has no usable one. */
  readonly arn: string;
  /** The id of API Gateway's API or of CloudFront's distribution. */
  readonly apiId: string | undefined;
  readonly stage: string | undefined;
  /** The route's template, never the concrete path. */
  readonly route: string | undefined;
  /** The request id that API Gateway or CloudFront assigned. */
  readonly requestId: string | undefined;
  /** `traceparent` and `tracestate`, if the event has them. */
  readonly traceHeaders: readonly HeaderLine[];
}

/** The envelope of an event that cannot be read. */
export const NO_ENVELOPE: Envelope = Object.freeze({
  kind: undefined,
  arn: '*',
  apiId: undefined,
  stage: undefined,
  route: undefined,
  requestId: undefined,
  traceHeaders: [],
});
