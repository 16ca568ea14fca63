/** AWS event -> AccessRequest, for the four shapes that a REQUEST authorizer receives; refuses everything else. */

import type { AccessRequest, EventKind, HeaderLine } from '../domain/request.ts';
import type { Envelope } from '../lambda/envelope.ts';
import {
  type Fields,
  fieldsOf,
  invalid,
  optionalFields,
  optionalString,
  requiredString,
  strings,
} from '../lambda/fields.ts';
import { pairs } from './pairs.ts';
import { httpV1Url, httpV2Url, restUrl, websocketUrl } from './url.ts';

/**
 * Headers that API Gateway adds for transport and overwrites if a client sends them (docs/events.md#headers).
 * `X-Forwarded-For` stays: its left part is what the client or its proxies sent.
 */
const TRANSPORT_HEADERS: ReadonlySet<string> = new Set(['x-amzn-trace-id', 'x-forwarded-port', 'x-forwarded-proto']);

/** Where no peer address is told (a gateway other than AWS's), the unspecified address says so. */
const UNKNOWN_IP = '0.0.0.0';

const METHOD = /^[A-Z]+$/i;

const fromClient = ([name]: HeaderLine): boolean => !TRANSPORT_HEADERS.has(name.toLowerCase());

/** REST, HTTP 1.0 and WebSocket events hold every value of a repeated header. */
const multiValueHeaders = (event: Fields): readonly HeaderLine[] => pairs(event, 'multiValueHeaders', 'headers');

/** Payload 2.0 joins repeated headers with commas, which cannot be undone, and takes the cookies out, which can. */
const joinedHeaders = (event: Fields): readonly HeaderLine[] => {
  const headers = pairs(event, 'multiValueHeaders', 'headers');
  const cookies = strings(event['cookies'], 'cookies');
  return cookies.length === 0 ? headers : [...headers, ['cookie', cookies.join('; ')]];
};

const certificatePem = (holder: Fields): string | undefined => {
  const certificate = holder['clientCert'];
  if (certificate === undefined || certificate === null) return undefined;
  const pem = optionalString(fieldsOf(certificate), 'clientCertPem');
  if (pem === undefined) throw invalid('the event has a client certificate without its PEM');
  return pem;
};

interface Shape {
  readonly method: string;
  readonly headers: readonly HeaderLine[];
  readonly url: (event: Fields, context: Fields, headers: readonly HeaderLine[]) => string;
  /** Where the peer's address is. */
  readonly peer: Fields;
  /** Where the mTLS certificate is. */
  readonly identity: Fields;
}

const shapeOf = (kind: EventKind, event: Fields, context: Fields): Shape => {
  if (kind === 'http-2.0') {
    const http = optionalFields(context, 'http');
    return {
      method: requiredString(http, 'method'),
      headers: joinedHeaders(event),
      url: httpV2Url,
      peer: http,
      identity: optionalFields(context, 'authentication'),
    };
  }
  const identity = optionalFields(context, 'identity');
  const shared = { headers: multiValueHeaders(event), peer: identity, identity };
  if (kind === 'websocket') return { ...shared, method: 'GET', url: websocketUrl };
  return { ...shared, method: requiredString(event, 'httpMethod'), url: kind === 'rest' ? restUrl : httpV1Url };
};

/**
 * Parses an event whose envelope has been read. Event shapes: docs/events.md#side-by-side.
 * @throws AuthorizerError `INVALID_REQUEST`, naming the field and never its value.
 */
export const readRequest = (event: unknown, { kind }: Envelope): AccessRequest => {
  const fields = kind === undefined ? undefined : fieldsOf(event);
  if (fields === undefined || kind === undefined) {
    throw invalid('the event is not an API Gateway REQUEST authorizer event');
  }
  const context = fieldsOf(fields['requestContext']);
  if (context === undefined) throw invalid('the event has no requestContext');
  const shape = shapeOf(kind, fields, context);
  if (!METHOD.test(shape.method)) throw invalid("the event's method is not an HTTP method");
  const pem = certificatePem(shape.identity);
  return Object.freeze({
    kind,
    method: shape.method.toUpperCase(),
    url: shape.url(fields, context, shape.headers),
    headers: Object.freeze(shape.headers.filter(fromClient)),
    sourceIp: optionalString(shape.peer, 'sourceIp') ?? UNKNOWN_IP,
    ...(pem === undefined ? {} : { clientCertificatePem: pem }),
  });
};
