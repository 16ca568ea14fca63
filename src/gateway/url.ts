/** Rebuilds the URL that the client typed, as far as each kind of event reveals it. It is percent-encoded exactly once. */
import type { Members } from '../domain/json.ts';
import { type HeaderLine, headerValues } from '../domain/request.ts';
import { invalid, optionalString, requiredString } from '../lambda/event-fields.ts';
import { encodedPath, encodedQuery, originOf, rooted } from '../lambda/url-encoding.ts';
import { pairs } from './multi-value-maps.ts';

/** An HTTP API's path, which the event holds decoded. Every `%`, `?` and `#` in it was encoded by the client. */
const decodedPath = (path: string): string =>
  rooted(encodeURI(path.toWellFormed()).replace(/[?#]/g, encodeURIComponent));

export const restUrl = (event: Members, context: Members, headers: readonly HeaderLine[]): string =>
  origin(context, headers) + encodedPath(typedPath(event, context)) + decodedQuery(event);

/** The origin by API Gateway's own domain name, or else by the Host header. */
function origin(context: Members, headers: readonly HeaderLine[]): string {
  const host = optionalString(context, 'domainName') ?? headerValues(headers, 'host')[0];
  if (host === undefined) throw invalid('the event has neither requestContext.domainName nor a Host header');
  return originOf(host);
}

/** The longer of `path` and `requestContext.path`: it still has the stage or base path that the client typed. */
function typedPath(event: Members, context: Members): string {
  const path = requiredString(event, 'path');
  const contextPath = optionalString(context, 'path') ?? '';
  return contextPath.length > path.length ? contextPath : path;
}

/** The query of a REST, HTTP 1.0 or WebSocket event, which holds it as decoded maps. Values of one name keep their order. */
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

/** Payload 2.0 holds the query as the client sent it, and its path includes a named stage. */
export const httpV2Url = (event: Members, context: Members, headers: readonly HeaderLine[]): string => {
  const query = event['rawQueryString'];
  if (typeof query !== 'string') throw invalid('the event has no rawQueryString');
  return origin(context, headers) + decodedPath(requiredString(event, 'rawPath')) + encodedQuery(query);
};

/** A WebSocket handshake is a GET of the stage: docs/events.md#websocket. */
export const websocketUrl = (event: Members, context: Members, headers: readonly HeaderLine[]): string =>
  origin(context, headers) + encodedPath(requiredString(context, 'stage')) + decodedQuery(event);
