/** What a client asked of API Gateway or CloudFront, normalised over the event shapes; imports nothing. */

/** Which kind of event came in. */
export type EventKind = 'rest' | 'http-1.0' | 'http-2.0' | 'websocket' | 'cloudfront';

/** One header line as the client sent it: name in the client's case, and value. A repeated header is repeated here. */
export type HeaderLine = readonly [name: string, value: string];

/** A request to decide on. Frozen; nothing downstream reads the raw event. */
export interface AccessRequest {
  readonly kind: EventKind;
  /** Upper-case HTTP method. */
  readonly method: string;
  /** Absolute URL as the client typed it, as far as AWS reveals it; percent-encoded once. */
  readonly url: string;
  readonly headers: readonly HeaderLine[];
  /** The immediate peer as AWS saw it; `0.0.0.0` where the event has none. */
  readonly sourceIp: string;
  /** The mTLS client certificate, PEM. */
  readonly clientCertificatePem?: string;
  /** The whole body as text, where the policy is to see it: CloudFront alone can show one. */
  readonly body?: string;
}

/** Values of a header in order, looked up without regard to case. */
export const headerValues = (headers: readonly HeaderLine[], name: string): readonly string[] => {
  const wanted = name.toLowerCase();
  return headers.filter(([candidate]) => candidate.toLowerCase() === wanted).map(([, value]) => value);
};
