/** A client's request to API Gateway or CloudFront, in one form for all kinds of event; imports nothing. */

/** The kind of event that Lambda was called with. */
export type EventKind = 'rest' | 'http-1.0' | 'http-2.0' | 'websocket' | 'cloudfront';

/** One header line as the client sent it, the name in the client's case. A repeated header is repeated here. */
export type HeaderLine = readonly [name: string, value: string];

/** A request to decide on. It is frozen, and no later code reads the raw event. */
export interface AccessRequest {
  readonly kind: EventKind;
  /** Upper-case HTTP method. */
  readonly method: string;
  /** Absolute URL as the client typed it, as far as AWS reveals it; percent-encoded exactly once. */
  readonly url: string;
  readonly headers: readonly HeaderLine[];
  /** The address that AWS saw as its immediate peer; `0.0.0.0` if the event has none. */
  readonly sourceIp: string;
  /** The mTLS client certificate, PEM. */
  readonly clientCertificatePem?: string;
  /** The whole body as text, if the policy is to see it. Only CloudFront's events can hold a body. */
  readonly body?: string;
}

/** The values of a header in order. The case of its name does not matter. */
export const headerValues = (headers: readonly HeaderLine[], name: string): readonly string[] => {
  const wanted = name.toLowerCase();
  return headers.filter(([candidate]) => candidate.toLowerCase() === wanted).map(([, value]) => value);
};
