/** The headers of the CORS protocol (Fetch standard): what tells a browser which scripts may call, and may read an answer. */
import { type Members, membersOrNone } from '../domain/json.ts';
import { type HeaderLine, headerValues } from '../domain/request.ts';
import { headerLines } from './header-maps.ts';

export interface CorsSettings {
  /** Exact origins, as browsers send them. */
  readonly allowedOrigins: readonly string[];
  readonly allowCredentials: boolean;
}

/** Every method that CloudFront takes. */
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
/** Seconds; Chromium keeps no preflight for longer. */
const MAX_AGE = '7200';
/** A comma list of header names; longer ones are no browser's. */
const NAMES = /^[!#$%&'*+\-.^_`|~\w]+(?:[ \t]*,[ \t]*[!#$%&'*+\-.^_`|~\w]+)*$/;
const LONGEST_NAMES = 4096;

/** The one origin that a request names; undefined if it names none or several, or cannot be read. Never throws. */
export const originIn = (request: Members | undefined): string | undefined => {
  try {
    const [origin, ...more] = headerValues(headerLines(membersOrNone(request)['headers']), 'origin');
    return more.length === 0 ? origin : undefined;
  } catch {
    return undefined;
  }
};

/**
 * What permits the request that a preflight announces. Undefined for any origin but the allowed ones.
 * @param names the preflight's `Access-Control-Request-Headers`: PingOne decides on the request itself, so that all are allowed.
 */
export const permission = (
  { allowedOrigins, allowCredentials }: CorsSettings,
  origin: string,
  names: string | undefined,
): readonly HeaderLine[] | undefined => {
  if (!allowedOrigins.includes(origin)) return undefined;
  const listed = names !== undefined && names.length <= LONGEST_NAMES && NAMES.test(names);
  return [
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Allow-Methods', METHODS],
    ...(listed ? ([['Access-Control-Allow-Headers', names]] as const) : []),
    ...(allowCredentials ? [CREDENTIALS] : []),
    ['Access-Control-Max-Age', MAX_AGE],
    VARY_BY_PREFLIGHT,
  ];
};

/** What a preflight's answer differs by, whichever it is. */
export const VARY_BY_PREFLIGHT: HeaderLine = [
  'Vary',
  'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
];

/**
 * The headers of an answer, readable for the script that asked if its origin is allowed. What the answer says itself of
 * `Vary` and of headers to expose is kept; of the origin, ours holds, for a browser takes one alone.
 */
export const readable = (
  headers: readonly HeaderLine[],
  { allowedOrigins, allowCredentials }: CorsSettings,
  origin: string | undefined,
): readonly HeaderLine[] => {
  if (allowedOrigins.length === 0) return headers;
  const varying = merged(headers, 'Vary', ['Origin']);
  if (origin === undefined || !allowedOrigins.includes(origin)) return varying;
  const exposed = ['WWW-Authenticate', 'Retry-After'].filter(
    (name, index) => index === 0 || headerValues(headers, name).length > 0,
  );
  const own = allowCredentials ? /^access-control-allow-(?:origin|credentials)$/i : /^access-control-allow-origin$/i;
  return [
    ...merged(varying, 'Access-Control-Expose-Headers', exposed).filter(([name]) => !own.test(name)),
    ['Access-Control-Allow-Origin', origin],
    ...(allowCredentials ? [CREDENTIALS] : []),
  ];
};

const CREDENTIALS: HeaderLine = ['Access-Control-Allow-Credentials', 'true'];

/** One line in the place of all lines of a list header, with what they lack; a `*` in Vary lacks nothing. */
function merged(headers: readonly HeaderLine[], name: string, wanted: readonly string[]): readonly HeaderLine[] {
  const items = headerValues(headers, name)
    .flatMap(value => value.split(','))
    .map(item => item.trim())
    .filter(item => item !== '');
  const held = new Set(items.map(item => item.toLowerCase()));
  const lacking = name === 'Vary' && held.has('*') ? [] : wanted.filter(item => !held.has(item.toLowerCase()));
  if (lacking.length === 0) return headers;
  const others = headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
  return [...others, [name, [...items, ...lacking].join(', ')]];
}
