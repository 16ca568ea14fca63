/** The URL that the client typed, rebuilt from what each kind of event reveals of it; percent-encoded exactly once. */

import { type HeaderLine, headerValues } from '../domain/request.ts';
import { type Fields, invalid, optionalString, requiredString } from '../lambda/fields.ts';
import { encodedPath, encodedQuery, originOf, rooted } from '../lambda/url-encoding.ts';
import { pairs } from './pairs.ts';

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

/** The domain name that API Gateway vouches for, else the Host header. */
const origin = (context: Fields, headers: readonly HeaderLine[]): string => {
  const host = optionalString(context, 'domainName') ?? headerValues(headers, 'host')[0];
  if (host === undefined) throw invalid('the event has neither requestContext.domainName nor a Host header');
  return originOf(host);
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
  return origin(context, headers) + decodedPath(requiredString(event, 'rawPath')) + encodedQuery(query);
};

/** A WebSocket handshake is a GET of the stage: docs/events.md#websocket. */
export const websocketUrl = (event: Fields, context: Fields, headers: readonly HeaderLine[]): string =>
  origin(context, headers) + encodedPath(requiredString(context, 'stage')) + decodedQuery(event);
