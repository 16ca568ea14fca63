/** The parts of events that API Gateway derives from a request, and overrides for tests. */

/** An event as it reaches the function: any JSON object. */
export type GatewayEvent = Readonly<Record<string, unknown>>;

/** Members to replace; undefined removes a member. Objects inside `requestContext` are merged, others are replaced whole. */
export type EventOverrides = Readonly<Record<string, unknown>>;

const MERGED = new Set(['requestContext', 'identity', 'http', 'authentication', 'clientCert']);

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Applies overrides to an event. */
export const overridden = (base: object, overrides: EventOverrides): GatewayEvent => {
  const event: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(overrides)) {
    const old = event[key];
    if (value === undefined) delete event[key];
    else event[key] = MERGED.has(key) && isMap(value) && isMap(old) ? overridden(old, value) : value;
  }
  return event;
};

type Pairs = readonly (readonly [name: string, value: string])[];

const multiMap = (pairs: Pairs): Record<string, string[]> => {
  const map: Record<string, string[]> = {};
  for (const [name, value] of pairs) map[name] = [...(map[name] ?? []), value];
  return map;
};

const decoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

const queryPairs = (query: string): Pairs =>
  query
    .split('&')
    .filter(pair => pair !== '')
    .map(pair => {
      const [name = '', ...value] = pair.split('=');
      return [decoded(name), decoded(value.join('='))];
    });

/** Header lines as REST, HTTP 1.0 and WebSocket events hold them: one map with the last value, one with all values. */
export const restHeaders = (lines: Pairs) => ({
  headers: Object.fromEntries(lines),
  multiValueHeaders: multiMap(lines),
});

/** A query string as REST, HTTP 1.0 and WebSocket events hold it: decoded, one map with the last value, one with all values. */
export const restQuery = (query: string) => ({
  queryStringParameters: Object.fromEntries(queryPairs(query)),
  multiValueQueryStringParameters: multiMap(queryPairs(query)),
});

/** Header lines as payload 2.0 holds them: lower-case names, repeated ones joined, cookies apart. */
export const httpHeaders = (lines: Pairs): { headers: Record<string, string>; cookies?: string[] } => {
  const lower = multiMap(lines.map(([name, value]) => [name.toLowerCase(), value]));
  const { cookie, ...others } = lower;
  const headers = Object.fromEntries(Object.entries(others).map(([name, values]) => [name, values.join(',')]));
  return cookie === undefined ? { headers } : { headers, cookies: cookie.flatMap(line => line.split('; ')) };
};

/** A query string as payload 2.0 holds it: raw, and a map of decoded, joined values unless it is empty. */
export const httpQuery = (
  query: string,
): { rawQueryString: string; queryStringParameters?: Record<string, string> } => {
  const joined = Object.entries(multiMap(queryPairs(query))).map(([name, values]) => [name, values.join(',')]);
  return joined.length === 0
    ? { rawQueryString: query }
    : { rawQueryString: query, queryStringParameters: Object.fromEntries(joined) };
};

/** The mTLS client certificate as events hold it, with this PEM. */
export const clientCert = (clientCertPem: string) => ({
  clientCertPem,
  subjectDN: 'CN=client.example.org',
  issuerDN: 'CN=Example CA',
  serialNumber: 'a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1',
  validity: { notBefore: 'May 28 12:30:02 2026 GMT', notAfter: 'Aug  5 09:36:04 2027 GMT' },
});
