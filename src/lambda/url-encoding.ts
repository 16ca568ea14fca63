/** Parts of an event made into parts of a URL: whatever comes in, what comes out is percent-encoded exactly once. */
import { invalid } from './fields.ts';

const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** What the WHATWG URL standard encodes in a path, and the backslash, which its parsers would turn into a slash. */
const NOT_IN_PATH = /[^\x21-\x7e]|["#<>?\\^`{}]/gu;
/** What the WHATWG URL standard encodes in a query. */
const NOT_IN_QUERY = /[^\x21-\x7e]|["#<>]/gu;

const encode = (text: string, unsafe: RegExp): string => text.toWellFormed().replace(unsafe, encodeURIComponent);

export const rooted = (path: string): string => (path.startsWith('/') ? path : `/${path}`);

/** Paths that arrive percent-encoded, as sent: only what no URL may hold is encoded. */
export const encodedPath = (path: string): string => rooted(encode(path, NOT_IN_PATH));

/** A query that arrives as sent, with its question mark; nothing where it is empty. */
export const encodedQuery = (query: string): string => (query === '' ? '' : `?${encode(query, NOT_IN_QUERY)}`);

/**
 * `https://host`: AWS's front doors are asked about as what they are to the world.
 * @throws AuthorizerError `INVALID_REQUEST` where the host is none.
 */
export const originOf = (host: string): string => {
  if (!HOST.test(host)) throw invalid("the event's host is not a host name");
  return `https://${host}`;
};
