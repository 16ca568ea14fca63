/** Events that are no viewer request, or one that lies: none of them may ever reach an origin. */
import { CONFIG, eventOf, headersOf, REQUEST } from './viewer-request.ts';

const request = (overrides: Readonly<Record<string, unknown>>): unknown => eventOf({ ...REQUEST, ...overrides });
const record = { cf: { config: CONFIG, request: REQUEST } };

/** `[title, event]`; every one is refused with INVALID_REQUEST. */
export const hostileRequests: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a string', 'Records'],
  ['an array', [record]],
  ['an empty object', {}],
  ['no records', { Records: [] }],
  ['records that are an object', { Records: { 0: record } }],
  ['two records', { Records: [record, record] }],
  ['a record of null', { Records: [null] }],
  ['a record without cf', { Records: [{ s3: {} }] }],
  ['no config', { Records: [{ cf: { request: REQUEST } }] }],
  ['no request', { Records: [{ cf: { config: CONFIG } }] }],
  ['an API Gateway event', { type: 'REQUEST', methodArn: 'arn:aws:execute-api:x:1:a/s/GET/', headers: {} }],
  ['an origin request', eventOf(REQUEST, { ...CONFIG, eventType: 'origin-request' })],
  ['a viewer response', eventOf(REQUEST, { ...CONFIG, eventType: 'viewer-response' })],
  ['no event type', eventOf(REQUEST, { ...CONFIG, eventType: undefined })],
  ['an event type in a list', eventOf(REQUEST, { ...CONFIG, eventType: ['viewer-request'] })],
  ['no method', request({ method: undefined })],
  ['an empty method', request({ method: '' })],
  ['a method with a line break', request({ method: 'GET\r\nX: y' })],
  ['a method that is an object', request({ method: { toString: 'GET' } })],
  ['no uri', request({ uri: undefined })],
  ['a uri without a slash', request({ uri: 'admin' })],
  ['a uri that is a URL', request({ uri: 'https://evil.example/' })],
  ['a uri that is a number', request({ uri: 1 })],
  ['no query string', request({ querystring: undefined })],
  ['a query string that is a map', request({ querystring: { a: 1 } })],
  ['no client address', request({ clientIp: undefined })],
  ['no headers', request({ headers: undefined })],
  ['headers that are a list', request({ headers: [] })],
  ['no Host', request({ headers: headersOf(['Accept', '*/*']) })],
  ['two Hosts', request({ headers: headersOf(['Host', 'a.example'], ['Host', 'b.example']) })],
  ['a Host with a path', request({ headers: headersOf(['Host', 'a.example/admin']) })],
  ['a Host with user info', request({ headers: headersOf(['Host', 'a.example@evil.example']) })],
  ['a header that is a string', request({ headers: { ...REQUEST.headers, accept: '*/*' } })],
  ['a header line that is a string', request({ headers: { ...REQUEST.headers, accept: ['*/*'] } })],
  ['a header line without a value', request({ headers: { ...REQUEST.headers, accept: [{ key: 'Accept' }] } })],
  ['a header value that is a list', request({ headers: { ...REQUEST.headers, a: [{ key: 'A', value: ['x'] }] } })],
  ['a header under another name', request({ headers: { ...REQUEST.headers, a: [{ key: 'X-User', value: 'x' }] } })],
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
