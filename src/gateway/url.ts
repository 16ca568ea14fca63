/** The URL that the client typed, rebuilt from what each kind of event reveals of it; percent-encoded exactly once. */
import type { Members } from '../domain/json.ts';
import { type HeaderLine, headerValues } from '../domain/request.ts';
import { invalid, optionalString, requiredString } from '../lambda/fields.ts';
import { encodedPath, encodedQuery, originOf, rooted } from '../lambda/url-encoding.ts';
import { pairs } from './pairs.ts';

/** HTTP API paths arrive decoded: every `%`, `?` and `#` in them was encoded by the client. */
export const decodedPath = (path: string): string =>
  rooted(encodeURI(path.toWellFormed()).replace(/[?#]/g, encodeURIComponent));

export const restUrl = (event: Members, context: Members, headers: readonly HeaderLine[]): string =>
  origin(context, headers) + encodedPath(typedPath(event, context)) + decodedQuery(event);

/** The domain name that API Gateway vouches for, else the Host header. */
function origin(context: Members, headers: readonly HeaderLine[]): string {
  const host = optionalString(context, 'domainName') ?? headerValues(headers, 'host')[0];
  if (host === undefined) throw invalid('the event has neither requestContext.domainName nor a Host header');
  return originOf(host);
}

/** `path` and `requestContext.path`: the longer one still has the stage or base path that the client typed. */
function typedPath(event: Members, context: Members): string {
  const path = requiredString(event, 'path');
  const contextPath = optionalString(context, 'path') ?? '';
  return contextPath.length > path.length ? contextPath : path;
}

/** REST, HTTP 1.0 and WebSocket queries arrive as decoded maps; values of one name keep their order. */
function decodedQuery(event: Members): string {
  return withQuestionMark(
    pairs(event, 'multiValueQueryStringParameters', 'queryStringParameters')
      .map(pair => pair.map(part => encodeURIComponent(part.toWellFormed())).join('='))
      .join('&'),
  );
}

function withQuestionMark(query: string): string {
  return query === '' ? '' : `?${query}`;
}

export const httpV1Url = (event: Members, context: Members, headers: readonly HeaderLine[]): string =>
  origin(context, headers) + decodedPath(typedPath(event, context)) + decodedQuery(event);

/** Payload 2.0 has the query as the client's own bytes; the path includes a named stage. */
export const httpV2Url = (event: Members, context: Members, headers: readonly HeaderLine[]): string => {
  const query = event['rawQueryString'];
  if (typeof query !== 'string') throw invalid('the event has no rawQueryString');
  return origin(context, headers) + decodedPath(requiredString(event, 'rawPath')) + encodedQuery(query);
};

/** A WebSocket handshake is a GET of the stage: docs/events.md#websocket. */
export const websocketUrl = (event: Members, context: Members, headers: readonly HeaderLine[]): string =>
  origin(context, headers) + encodedPath(requiredString(context, 'stage')) + decodedQuery(event);
