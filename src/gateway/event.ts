/** API Gateway event -> AccessRequest, for the four shapes that a REQUEST authorizer receives. Refuses every other event. */
import { type Members, membersOf, membersOrNone } from '../domain/json.ts';
import type { AccessRequest, EventKind, HeaderLine } from '../domain/request.ts';
import type { Envelope } from '../lambda/envelope.ts';
import { invalid, optionalFields, optionalString, requiredString, strings } from '../lambda/event-fields.ts';
import { pairs } from './multi-value-maps.ts';
import { httpV1Url, httpV2Url, restUrl, websocketUrl } from './url.ts';

/**
 * Headers that API Gateway adds, and overwrites if a client sends them (docs/events.md#headers). They are left out.
 * `X-Forwarded-For` stays, because its left part comes from the client or its proxies.
 */
const TRANSPORT_HEADERS: ReadonlySet<string> = new Set(['x-amzn-trace-id', 'x-forwarded-port', 'x-forwarded-proto']);
/** The unspecified address, for an event without a peer address. AWS's events have one; a compatible gateway's may not. */
const UNKNOWN_IP = '0.0.0.0';
const METHOD = /^[A-Z]+$/i;

/**
 * Reads the request of an event whose envelope has been read. Event shapes: docs/events.md#side-by-side.
 * @throws AuthorizerError `INVALID_REQUEST`, which names the field and never its value.
 */
export const readRequest = (event: unknown, { kind }: Envelope): AccessRequest => {
  if (kind === undefined) throw invalid('the event is not an API Gateway REQUEST authorizer event');
  const fields = membersOrNone(event);
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

/** The parts of an event that stand elsewhere in each kind. */
interface Shape {
  readonly method: string;
  readonly headers: readonly HeaderLine[];
  readonly url: (event: Members, context: Members, headers: readonly HeaderLine[]) => string;
  /** The object that holds the peer's address. */
  readonly peer: Members;
  /** The object that holds the mTLS certificate. */
  readonly identity: Members;
}

function shapeOf(kind: EventKind, event: Members, context: Members): Shape {
  if (kind === 'http-2.0') {
    const http = optionalFields(context, 'http');
    return {
      method: requiredString(http, 'method'),
      headers: withCookies(eventHeaders(event), strings(event['cookies'], 'cookies')),
      url: httpV2Url,
      peer: http,
      identity: optionalFields(context, 'authentication'),
    };
  }
  const identity = optionalFields(context, 'identity');
  const shared = { headers: eventHeaders(event), peer: identity, identity };
  if (kind === 'websocket') return { ...shared, method: 'GET', url: websocketUrl };
  return { ...shared, method: requiredString(event, 'httpMethod'), url: kind === 'rest' ? restUrl : httpV1Url };
}

/** REST, HTTP 1.0 and WebSocket events hold every value of a repeated header. Payload 2.0 holds them joined with commas. */
function eventHeaders(event: Members): readonly HeaderLine[] {
  return pairs(event, 'multiValueHeaders', 'headers');
}

/** Payload 2.0 takes the cookies out of the headers; here they become a header again. */
function withCookies(headers: readonly HeaderLine[], cookies: readonly string[]): readonly HeaderLine[] {
  return cookies.length === 0 ? headers : [...headers, ['cookie', cookies.join('; ')]];
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
