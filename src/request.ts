/** What a client asked of API Gateway, normalised over the four event shapes; imports nothing. */

/** Which kind of API Gateway event came in. */
export type EventKind = 'rest' | 'http-1.0' | 'http-2.0' | 'websocket';

/** One header line as the client sent it: name in the client's case, and value. A repeated header is repeated here. */
export type HeaderLine = readonly [name: string, value: string];

/** A request to decide on. Frozen; nothing downstream reads the raw event. */
export interface AccessRequest {
  readonly kind: EventKind;
  /** Upper-case HTTP method. */
  readonly method: string;
  /** Absolute URL as the client typed it, as far as API Gateway reveals it; percent-encoded once. */
  readonly url: string;
  readonly headers: readonly HeaderLine[];
  /** The immediate peer as API Gateway saw it; `0.0.0.0` where the event has none. */
  readonly sourceIp: string;
  /** The mTLS client certificate, PEM. */
  readonly clientCertificatePem?: string;
}

/** Values of a header in order, looked up without regard to case. */
export const headerValues = (headers: readonly HeaderLine[], name: string): readonly string[] => {
  const wanted = name.toLowerCase();
  return headers.filter(([candidate]) => candidate.toLowerCase() === wanted).map(([, value]) => value);
};
