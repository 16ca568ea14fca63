/** CloudFront viewer-request event -> AccessRequest; refuses everything else. */
import { type Envelope, NO_ENVELOPE } from '../envelope.ts';
import { type Fields, fieldsOf, invalid, optionalString, requiredString } from '../fields.ts';
import { type AccessRequest, type HeaderLine, headerValues } from '../request.ts';
import { encodedPath, encodedQuery, originOf } from '../url.ts';
import { type BodySettings, readBody } from './body.ts';
import { headerLines } from './headers.ts';

const METHOD = /^[A-Z]+$/i;

interface Parts {
  readonly config: Fields;
  readonly request: Fields;
}

/** The two halves of an event that has one record, as CloudFront's have. */
const partsOf = (event: unknown): Parts | undefined => {
  const records = fieldsOf(event)?.['Records'];
  if (!Array.isArray(records) || records.length !== 1) return undefined;
  const cf = fieldsOf(fieldsOf(records[0])?.['cf']);
  const [config, request] = [fieldsOf(cf?.['config']), fieldsOf(cf?.['request'])];
  return config === undefined || request === undefined ? undefined : { config, request };
};

/** CloudFront's request object, for who lets it go on. */
export const requestOf = (event: unknown): Fields | undefined => partsOf(event)?.request;

const traceHeaders = (request: Fields): readonly HeaderLine[] => {
  const headers = fieldsOf(request['headers']) ?? {};
  const traced = Object.entries(headers).filter(([name]) => /^trace(?:parent|state)$/i.test(name));
  return headerLines(Object.fromEntries(traced));
};

/** Reads the envelope; total: hostile getters and proxies included. */
export const readEnvelope = (event: unknown): Envelope => {
  try {
    const parts = partsOf(event);
    if (parts === undefined) return NO_ENVELOPE;
    const { config, request } = parts;
    const known = {
      ...NO_ENVELOPE,
      // An answer to an origin request would be cached, and one that is in the cache is given without asking us.
      kind: config['eventType'] === 'viewer-request' ? ('cloudfront' as const) : undefined,
      apiId: optionalString(config, 'distributionId'),
      requestId: optionalString(config, 'requestId'),
    };
    try {
      return Object.freeze({ ...known, traceHeaders: traceHeaders(request) });
    } catch {
      return Object.freeze(known);
    }
  } catch {
    return NO_ENVELOPE;
  }
};

const hostOf = (headers: readonly HeaderLine[]): string => {
  const [host, ...more] = headerValues(headers, 'host');
  if (host === undefined || more.length > 0) throw invalid('the event has not one Host header');
  return host;
};

const urlOf = (request: Fields, headers: readonly HeaderLine[]): string => {
  const [uri, query] = [requiredString(request, 'uri'), request['querystring']];
  if (!uri.startsWith('/')) throw invalid("the event's uri does not start with a slash");
  if (typeof query !== 'string') throw invalid('the event has no querystring');
  return originOf(hostOf(headers)) + encodedPath(uri) + encodedQuery(query);
};

/**
 * Parses an event whose envelope has been read. CloudFront tells no scheme: viewers are taken to use https.
 * @throws AuthorizerError `INVALID_REQUEST`, naming the field and never its value.
 */
export const readRequest = (event: unknown, { kind }: Envelope, settings: BodySettings): AccessRequest => {
  const request = kind === 'cloudfront' ? requestOf(event) : undefined;
  if (kind === undefined || request === undefined) {
    throw invalid('the event is not a CloudFront viewer-request event');
  }
  const method = requiredString(request, 'method');
  if (!METHOD.test(method)) throw invalid("the event's method is not an HTTP method");
  const headers = headerLines(request['headers']);
  const body = readBody(request, method, settings);
  return Object.freeze({
    kind,
    method: method.toUpperCase(),
    url: urlOf(request, headers),
    headers: Object.freeze(headers),
    sourceIp: requiredString(request, 'clientIp'),
    ...(body === undefined ? {} : { body }),
  });
};
