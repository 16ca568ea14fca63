/** Turns parts of an event into parts of a URL. The result is percent-encoded exactly once, whatever the event holds. */
import { invalid } from './event-fields.ts';

const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
/** 253 characters of a domain name (RFC 1035), and a port. */
const MAX_HOST = 259;
/** The characters that the WHATWG URL standard encodes in a path, and the backslash, which its parsers turn into a slash. */
const NOT_IN_PATH = /[^\x21-\x7e]|["#<>?\\^`{}]/gu;
/** The characters that the WHATWG URL standard encodes in a query. */
const NOT_IN_QUERY = /[^\x21-\x7e]|["#<>]/gu;

export const rooted = (path: string): string => (path.startsWith('/') ? path : `/${path}`);

/** A path that the event holds percent-encoded, as the client sent it. Only characters that no URL may hold are encoded. */
export const encodedPath = (path: string): string => rooted(encode(path, NOT_IN_PATH));

function encode(text: string, unsafe: RegExp): string {
  return text.toWellFormed().replace(unsafe, encodeURIComponent);
}

/** A query that the event holds as the client sent it. The result begins with `?`, or is empty if the query is. */
export const encodedQuery = (query: string): string => (query === '' ? '' : `?${encode(query, NOT_IN_QUERY)}`);

/**
 * `https://host`. API Gateway and CloudFront are reached by https, so PingOne is asked about an https URL.
 * @throws AuthorizerError `INVALID_REQUEST` if the host is not a host name.
 */
export const originOf = (host: string): string => {
  const origin = `https://${host}`;
  // A URL that no parser reads, such as one of `999.1.1.1` or of port 65536, could not be compared with PingOne's echo.
  if (host.length > MAX_HOST || !HOST.test(host) || !URL.canParse(origin))
    throw invalid("the event's host is not a host name");
  return origin;
};
