/** What a rebuilt URL must be, character by character, written apart from the code. */

/** What the client typed. */
export interface Typed {
  readonly host: string;
  readonly path: string;
  /** The event holds the path decoded: each `%` in it was encoded. */
  readonly decoded: boolean;
  /** As typed, or decoded pairs. */
  readonly query: string | readonly (readonly [string, string])[];
}

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** What stays as it is: in a path that is typed, in a path that was decoded, in a query that is typed. */
const TYPED_PATH = new Set(`${ALPHANUMERIC}-._~!$&'()*+,;=:@/%[]|`);
const DECODED_PATH = new Set(`${ALPHANUMERIC}-._~!$&'()*+,;=:@/`);
const TYPED_QUERY = new Set(`${ALPHANUMERIC}-._~!$&'()*+,;=:@/%[]|?\\^\`{}`);

/** What is wrong with a URL that was rebuilt. */
export const rebuiltUrlProblems = (url: string, typed: Typed): readonly string[] => {
  const origin = `https://${typed.host}`;
  if (!url.startsWith(`${origin}/`)) return ['another host than the one that was typed'];
  const rest = url.slice(origin.length);
  const queryAt = rest.indexOf('?');
  const [path, query] = queryAt < 0 ? [rest, ''] : [rest.slice(0, queryAt), rest.slice(queryAt + 1)];
  return [
    ...(/^[!-~]+$/.test(rest) && !rest.includes('#') ? [] : ['characters that no URL may hold']),
    ...(path === encoded(typed.path, typed.decoded ? DECODED_PATH : TYPED_PATH)
      ? []
      : ['a path that is not encoded once']),
    ...(sameQuery(query, typed.query) ? [] : ['a query that is not encoded once']),
    ...parsedProblems(url, typed.host, path, query),
  ];
};

/** Percent-encodes the UTF-8 bytes of all characters but these. Half a character becomes U+FFFD. */
function encoded(text: string, allowed: ReadonlySet<string>): string {
  let result = '';
  for (const character of text) {
    if (allowed.has(character)) result += character;
    else for (const byte of Buffer.from(character)) result += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return result;
}

function sameQuery(query: string, typed: Typed['query']): boolean {
  if (typeof typed === 'string') return query === encoded(typed, TYPED_QUERY);
  const found = query === '' ? [] : query.split('&').map(pair => pair.split('=').map(decodeURIComponent));
  return JSON.stringify(found) === JSON.stringify(typed.map(pair => pair.map(part => part.toWellFormed())));
}

/** Every parser reads it, and reads the same out of it. */
function parsedProblems(url: string, host: string, path: string, query: string): readonly string[] {
  const parsed = URL.parse(url);
  const alone = URL.parse(`https://${host}/`);
  if (parsed === null || alone === null) return ['a URL that a parser refuses'];
  const hasDots = path.split('/').some(segment => /^(?:\.|%2e){1,2}$/i.test(segment));
  return [
    ...(parsed.host === alone.host && parsed.username === '' && parsed.hash === ''
      ? []
      : ['another host for a parser']),
    ...(hasDots || parsed.pathname === path ? [] : ['another path for a parser']),
    ...(parsed.search.slice(1) === query.replaceAll("'", '%27') ? [] : ['another query for a parser']),
  ];
}

/** What is wrong with a URL that a setting may name. */
export const configuredUrlProblems = (text: string, url: URL): readonly string[] => {
  const isLoopback = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\.[\d.]+$/.test(url.hostname);
  return [
    ...(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback) ? [] : ['a URL without TLS']),
    ...(url.username === '' && url.password === '' && url.hash === '' ? [] : ['a URL with more than it may have']),
    ...(URL.parse(text)?.host === url.host ? [] : ['another host than the one that was set']),
    ...(/[\s<>{}]/.test(text) ? ['a URL with white space or a placeholder'] : []),
  ];
};
