/** CloudFront viewer-request event -> AccessRequest; refuses everything else. */
import { type Members, membersOf, membersOrNone } from '../domain/json.ts';
import { type AccessRequest, type HeaderLine, headerValues } from '../domain/request.ts';
import { type Envelope, NO_ENVELOPE } from '../lambda/envelope.ts';
import { invalid, optionalString, requiredString } from '../lambda/event-fields.ts';
import { isTraceHeader } from '../lambda/trace-context.ts';
import { encodedPath, encodedQuery, originOf } from '../lambda/url-encoding.ts';
import { type BodySettings, readBody } from './body.ts';
import { trustedAddress } from './client-address.ts';
import { headerLines } from './header-maps.ts';

/** What is read of an event before anybody decides. */
export interface ViewerRequest {
  readonly envelope: Envelope;
  /** CloudFront's request object, which goes on to the origin after a permit; undefined if the event has none. */
  readonly original: Members | undefined;
}

export interface RequestSettings extends BodySettings {
  /** Lower-case name of the header that names the client's address; undefined if CloudFront's own word counts. */
  readonly trustedIpHeader?: string | undefined;
}

const METHOD = /^[A-Z]+$/i;

/** Reads the envelope, and finds the request. Never throws, not even for hostile getters and proxies. */
export const readViewerRequest = (event: unknown): ViewerRequest => {
  try {
    const cf = membersOrNone(recordOf(event)['cf']);
    const request = membersOf(cf['request']);
    if (request === undefined) return NOTHING;
    // Without its config the event is refused, but the answer still depends on the request: none to HEAD has a body.
    return { envelope: envelopeOf(membersOrNone(cf['config']), request), original: request };
  } catch {
    return NOTHING;
  }
};

/**
 * Parses CloudFront's request. CloudFront tells no scheme: viewers are taken to use https.
 * @throws AuthorizerError `INVALID_REQUEST`, naming the field and never its value.
 */
export const readRequest = (
  { envelope: { kind }, original }: ViewerRequest,
  settings: RequestSettings,
): AccessRequest => {
  if (kind === undefined || original === undefined) {
    throw invalid('the event is not a CloudFront viewer-request event');
  }
  const method = requiredString(original, 'method');
  if (!METHOD.test(method)) throw invalid("the event's method is not an HTTP method");
  const headers = headerLines(original['headers']);
  const body = readBody(original, method, settings);
  return Object.freeze({
    kind,
    method: method.toUpperCase(),
    url: urlOf(original, headers),
    headers: Object.freeze(headers),
    sourceIp: sourceIpOf(original, headers, settings),
    ...(body === undefined ? {} : { body }),
  });
};

const NOTHING: ViewerRequest = { envelope: NO_ENVELOPE, original: undefined };

function sourceIpOf(original: Members, headers: readonly HeaderLine[], { trustedIpHeader }: RequestSettings): string {
  const peer = requiredString(original, 'clientIp');
  return trustedIpHeader === undefined ? peer : trustedAddress(headers, trustedIpHeader);
}

/** The only record of an event, as CloudFront's have one. */
function recordOf(event: unknown): Members {
  const records = membersOrNone(event)['Records'];
  return Array.isArray(records) && records.length === 1 ? membersOrNone(records[0]) : {};
}

function envelopeOf(config: Members, request: Members): Envelope {
  const known = {
    ...NO_ENVELOPE,
    // CloudFront would cache an answer to an origin request, and give it to the next client without asking us.
    kind: config['eventType'] === 'viewer-request' ? ('cloudfront' as const) : undefined,
    apiId: optionalString(config, 'distributionId'),
    requestId: optionalString(config, 'requestId'),
  };
  try {
    return Object.freeze({ ...known, traceHeaders: traceHeaders(request) });
  } catch {
    return Object.freeze(known);
  }
}

function traceHeaders(request: Members): readonly HeaderLine[] {
  const traced = Object.entries(membersOrNone(request['headers'])).filter(([name]) => isTraceHeader(name));
  return headerLines(Object.fromEntries(traced));
}

function urlOf(request: Members, headers: readonly HeaderLine[]): string {
  const [uri, query] = [requiredString(request, 'uri'), request['querystring']];
  if (!uri.startsWith('/')) throw invalid("the event's uri does not start with a slash");
  if (typeof query !== 'string') throw invalid('the event has no querystring');
  return originOf(hostOf(headers)) + encodedPath(uri) + encodedQuery(query);
}

function hostOf(headers: readonly HeaderLine[]): string {
  const [host, ...more] = headerValues(headers, 'host');
  if (host === undefined || more.length > 0) throw invalid('the event has not one Host header');
  return host;
}
