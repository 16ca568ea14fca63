/** Events that are no viewer request, or one that lies: none of them may ever reach an origin. */
import { CONFIG, eventOf, headersOf, REQUEST } from './viewer-request.ts';

const request = (overrides: Readonly<Record<string, unknown>>): unknown => eventOf({ ...REQUEST, ...overrides });
const record = { cf: { config: CONFIG, request: REQUEST } };

const NO_VIEWER_REQUEST = 'the event is not a CloudFront viewer-request event';
const NO_VALUE = "the event's headers hold a value that is not a string";

/** Each is refused with INVALID_REQUEST and its detail. */
export const hostileRequests: readonly (readonly [title: string, event: unknown, detail: string])[] = [
  ['null', null, NO_VIEWER_REQUEST],
  ['a string', 'Records', NO_VIEWER_REQUEST],
  ['an array', [record], NO_VIEWER_REQUEST],
  ['an empty object', {}, NO_VIEWER_REQUEST],
  ['no records', { Records: [] }, NO_VIEWER_REQUEST],
  ['records that are an object', { Records: { 0: record } }, NO_VIEWER_REQUEST],
  ['two records', { Records: [record, record] }, NO_VIEWER_REQUEST],
  ['a record of null', { Records: [null] }, NO_VIEWER_REQUEST],
  ['a record without cf', { Records: [{ s3: {} }] }, NO_VIEWER_REQUEST],
  ['no config', { Records: [{ cf: { request: REQUEST } }] }, NO_VIEWER_REQUEST],
  ['no request', { Records: [{ cf: { config: CONFIG } }] }, NO_VIEWER_REQUEST],
  [
    'an API Gateway event',
    { type: 'REQUEST', methodArn: 'arn:aws:execute-api:x:1:a/s/GET/', headers: {} },
    NO_VIEWER_REQUEST,
  ],
  ['an origin request', eventOf(REQUEST, { ...CONFIG, eventType: 'origin-request' }), NO_VIEWER_REQUEST],
  ['a viewer response', eventOf(REQUEST, { ...CONFIG, eventType: 'viewer-response' }), NO_VIEWER_REQUEST],
  ['no event type', eventOf(REQUEST, { ...CONFIG, eventType: undefined }), NO_VIEWER_REQUEST],
  ['an event type in a list', eventOf(REQUEST, { ...CONFIG, eventType: ['viewer-request'] }), NO_VIEWER_REQUEST],
  ['no method', request({ method: undefined }), 'the event has no method'],
  ['an empty method', request({ method: '' }), 'the event has no method'],
  ['a method with a line break', request({ method: 'GET\r\nX: y' }), "the event's method is not an HTTP method"],
  ['a method that is an object', request({ method: { toString: 'GET' } }), 'the event has no method'],
  ['no uri', request({ uri: undefined }), 'the event has no uri'],
  ['a uri without a slash', request({ uri: 'admin' }), "the event's uri does not start with a slash"],
  ['a uri that is a URL', request({ uri: 'https://evil.example/' }), "the event's uri does not start with a slash"],
  ['a uri that is a number', request({ uri: 1 }), 'the event has no uri'],
  ['no query string', request({ querystring: undefined }), 'the event has no querystring'],
  ['a query string that is a map', request({ querystring: { a: 1 } }), 'the event has no querystring'],
  ['no client address', request({ clientIp: undefined }), 'the event has no clientIp'],
  ['no headers', request({ headers: undefined }), "the event's headers are not an object"],
  ['headers that are a list', request({ headers: [] }), "the event's headers are not an object"],
  ['no Host', request({ headers: headersOf(['Accept', '*/*']) }), 'the event has not one Host header'],
  [
    'two Hosts',
    request({ headers: headersOf(['Host', 'a.example'], ['Host', 'b.example']) }),
    'the event has not one Host header',
  ],
  [
    'a Host with a path',
    request({ headers: headersOf(['Host', 'a.example/admin']) }),
    "the event's host is not a host name",
  ],
  [
    'a Host with user info',
    request({ headers: headersOf(['Host', 'a.example@evil.example']) }),
    "the event's host is not a host name",
  ],
  [
    'a header that is a string',
    request({ headers: { ...REQUEST.headers, accept: '*/*' } }),
    "the event's headers hold something that is not a list",
  ],
  ['a header line that is a string', request({ headers: { ...REQUEST.headers, accept: ['*/*'] } }), NO_VALUE],
  [
    'a header line without a value',
    request({ headers: { ...REQUEST.headers, accept: [{ key: 'Accept' }] } }),
    NO_VALUE,
  ],
  [
    'a header value that is a list',
    request({ headers: { ...REQUEST.headers, a: [{ key: 'A', value: ['x'] }] } }),
    NO_VALUE,
  ],
  [
    'a header value that is a number',
    request({ headers: { ...REQUEST.headers, a: [{ key: 'A', value: 1 }] } }),
    NO_VALUE,
  ],
  [
    'a header name that is a number',
    request({ headers: { ...REQUEST.headers, 1: [{ key: 1, value: 'x' }] } }),
    "the event's headers hold a line under another name",
  ],
  ['a method that begins like one', request({ method: 'GET ' }), "the event's method is not an HTTP method"],
  ['a method that ends like one', request({ method: ' GET' }), "the event's method is not an HTTP method"],
  [
    'a header under another name',
    request({ headers: { ...REQUEST.headers, a: [{ key: 'X-User', value: 'x' }] } }),
    "the event's headers hold a line under another name",
  ],
];

const throwing = new Proxy(
  {},
  {
    get: () => {
      throw new Error('canary');
    },
    ownKeys: () => {
      throw new Error('canary');
    },
  },
);

/** Only a caller in the same process can pass these. */
export const hostileObjects: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['a proxy that throws', throwing],
  ['a record that throws', { Records: [throwing] }],
  ['a request that throws', eventOf(throwing)],
  ['headers that throw', eventOf({ ...REQUEST, headers: throwing })],
];
