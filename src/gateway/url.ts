/** The URL that the client typed, rebuilt from what each kind of event reveals of it; percent-encoded exactly once. */
import { type HeaderLine, headerValues } from '../request.ts';
import { type Fields, invalid, optionalString, pairs, requiredString } from './fields.ts';

const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** What the WHATWG URL standard encodes in a path, and the backslash, which its parsers would turn into a slash. */
const NOT_IN_PATH = /[^\x21-\x7e]|["#<>?\\^`{}]/gu;
/** What the WHATWG URL standard encodes in a query. */
const NOT_IN_QUERY = /[^\x21-\x7e]|["#<>]/gu;

const encode = (text: string, unsafe: RegExp): string => text.toWellFormed().replace(unsafe, encodeURIComponent);

const rooted = (path: string): string => (path.startsWith('/') ? path : `/${path}`);

/** REST paths arrive percent-encoded, as sent: only what no URL may hold is encoded. */
export const encodedPath = (path: string): string => rooted(encode(path, NOT_IN_PATH));

/** HTTP API paths arrive decoded: every `%`, `?` and `#` in them was encoded by the client. */
export const decodedPath = (path: string): string =>
  rooted(encodeURI(path.toWellFormed()).replace(/[?#]/g, encodeURIComponent));

const withQuestionMark = (query: string): string => (query === '' ? '' : `?${query}`);

/** REST, HTTP 1.0 and WebSocket queries arrive as decoded maps; values of one name keep their order. */
const decodedQuery = (event: Fields): string =>
  withQuestionMark(
    pairs(event, 'multiValueQueryStringParameters', 'queryStringParameters')
      .map(pair => pair.map(part => encodeURIComponent(part.toWellFormed())).join('='))
      .join('&'),
  );

/** `https://host`: the domain name that API Gateway vouches for, else the Host header. API Gateway serves nothing but https. */
const origin = (context: Fields, headers: readonly HeaderLine[]): string => {
  const host = optionalString(context, 'domainName') ?? headerValues(headers, 'host')[0];
  if (host === undefined) throw invalid('the event has neither requestContext.domainName nor a Host header');
  if (!HOST.test(host)) throw invalid("the event's host is not a host name");
  return `https://${host}`;
};

/** `path` and `requestContext.path`: the longer one still has the stage or base path that the client typed. */
const typedPath = (event: Fields, context: Fields): string => {
  const path = requiredString(event, 'path');
  const contextPath = optionalString(context, 'path') ?? '';
  return contextPath.length > path.length ? contextPath : path;
};

export const restUrl = (event: Fields, context: Fields, headers: readonly HeaderLine[]): string =>
  origin(context, headers) + encodedPath(typedPath(event, context)) + decodedQuery(event);

export const httpV1Url = (event: Fields, context: Fields, headers: readonly HeaderLine[]): string =>
  origin(context, headers) + decodedPath(typedPath(event, context)) + decodedQuery(event);

/** Payload 2.0 has the query as the client's own bytes; the path includes a named stage. */
export const httpV2Url = (event: Fields, context: Fields, headers: readonly HeaderLine[]): string => {
  const query = event['rawQueryString'];
  if (typeof query !== 'string') throw invalid('the event has no rawQueryString');
  return (
    origin(context, headers) +
    decodedPath(requiredString(event, 'rawPath')) +
    withQuestionMark(encode(query, NOT_IN_QUERY))
  );
};

/** A WebSocket handshake is a GET of the stage: contract section 3. */
export const websocketUrl = (event: Fields, context: Fields, headers: readonly HeaderLine[]): string =>
  origin(context, headers) + encodedPath(requiredString(context, 'stage')) + decodedQuery(event);
