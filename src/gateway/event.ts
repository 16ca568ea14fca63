/** AWS event -> AccessRequest, for the four shapes that a REQUEST authorizer receives; refuses everything else. */
import { type Members, membersOf } from '../domain/json.ts';
import type { AccessRequest, EventKind, HeaderLine } from '../domain/request.ts';
import type { Envelope } from '../lambda/envelope.ts';
import { invalid, optionalFields, optionalString, requiredString, strings } from '../lambda/fields.ts';
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

/**
 * Parses an event whose envelope has been read. Event shapes: docs/events.md#side-by-side.
 * @throws AuthorizerError `INVALID_REQUEST`, naming the field and never its value.
 */
export const readRequest = (event: unknown, { kind }: Envelope): AccessRequest => {
  const fields = kind === undefined ? undefined : membersOf(event);
  if (fields === undefined || kind === undefined) {
    throw invalid('the event is not an API Gateway REQUEST authorizer event');
  }
  const context = membersOf(fields['requestContext']);
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

interface Shape {
  readonly method: string;
  readonly headers: readonly HeaderLine[];
  readonly url: (event: Members, context: Members, headers: readonly HeaderLine[]) => string;
  /** Where the peer's address is. */
  readonly peer: Members;
  /** Where the mTLS certificate is. */
  readonly identity: Members;
}

function shapeOf(kind: EventKind, event: Members, context: Members): Shape {
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
}

/** Payload 2.0 joins repeated headers with commas, which cannot be undone, and takes the cookies out, which can. */
function joinedHeaders(event: Members): readonly HeaderLine[] {
  const headers = pairs(event, 'multiValueHeaders', 'headers');
  const cookies = strings(event['cookies'], 'cookies');
  return cookies.length === 0 ? headers : [...headers, ['cookie', cookies.join('; ')]];
}

/** REST, HTTP 1.0 and WebSocket events hold every value of a repeated header. */
function multiValueHeaders(event: Members): readonly HeaderLine[] {
  return pairs(event, 'multiValueHeaders', 'headers');
}

function certificatePem(holder: Members): string | undefined {
  const certificate = holder['clientCert'];
  if (certificate === undefined || certificate === null) return undefined;
  const pem = optionalString(membersOf(certificate), 'clientCertPem');
  if (pem === undefined) throw invalid('the event has a client certificate without its PEM');
  return pem;
}

function fromClient([name]: HeaderLine): boolean {
  return !TRANSPORT_HEADERS.has(name.toLowerCase());
}
