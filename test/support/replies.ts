/** Replies to a sideband call, none of which is a permit. The function must deny for each one. */
import { gzipSync } from 'node:zlib';
import type { ReasonCode } from '../../src/domain/errors.ts';
import type { HeaderLine } from './behaviours.ts';
import { hostileDenials } from './hostile-denials.ts';
import { answered, ECHO, echoed, echoedWith, type HostileReply, JSON_TYPE } from './hostile-reply.ts';

const PERFECT = JSON.stringify(ECHO);

const bad = (title: string, body: string | Buffer): HostileReply => [title, answered(body), ['PDP_BAD_REPLY']];

const badEcho = (title: string, changes: Readonly<Record<string, unknown>>): HostileReply => [
  title,
  echoed(changes),
  ['PDP_BAD_REPLY'],
];

const perfectBut = (status: number, reason: ReasonCode, headers: readonly HeaderLine[] = []): HostileReply => [
  `a perfect echo with HTTP ${status}`,
  { status, headers: [...JSON_TYPE, ...headers], body: PERFECT },
  [reason],
];

const notOneObject: readonly HostileReply[] = [
  bad('nothing', ''),
  bad('blanks', ' \r\n\t '),
  bad('null', 'null'),
  bad('true', 'true'),
  bad('false', 'false'),
  bad('a number', '200'),
  bad('a string', '"PERMIT"'),
  bad('an echo as a string', JSON.stringify(PERFECT)),
  bad('an empty array', '[]'),
  bad('an echo in an array', `[${PERFECT}]`),
  bad('a byte order mark before the echo', `\ufeff${PERFECT}`),
  bad('the echo in UTF-16', Buffer.from(`\ufeff${PERFECT}`, 'utf16le')),
  bad('garbage after the echo', `${PERFECT}x`),
  bad('a NUL after the echo', `${PERFECT}\0`),
  bad('two objects', `${PERFECT}${PERFECT}`),
  bad('two lines of JSON', `${PERFECT}\n{"response":{"response_code":"403"}}`),
  bad('a truncated echo', PERFECT.slice(0, -1)),
  bad('half an echo', PERFECT.slice(0, PERFECT.length / 2)),
  bad('an anti-hijacking prefix', `)]}',\n${PERFECT}`),
  bad('single quotes', PERFECT.replaceAll('"', "'")),
  bad('a trailing comma', PERFECT.replace(/}$/, ',}')),
  bad('a comment', `/* permit */${PERFECT}`),
  bad('HTML', '<!doctype html><title>200 OK</title>'),
  bad('XML', '<?xml version="1.0"?><decision>PERMIT</decision>'),
  bad('a form', 'method=GET&url=https%3A%2F%2Fexample.org'),
  bad('bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x7b, 0x7d])),
  bad('an echo with a byte that is no UTF-8', Buffer.from(PERFECT.replace('/dev/', '/d\xffv/'), 'latin1')),
  bad('an echo with an overlong encoding', Buffer.from(PERFECT.replace('/dev/', '/\xc0\xafv/'), 'latin1')),
  bad('an echo with an encoded surrogate', Buffer.from(PERFECT.replace('/dev/', '/\xed\xa0\x80/'), 'latin1')),
  bad('a raw line break in a string', PERFECT.replace('/dev/', '/d\nv/')),
  bad('gzip that nobody asked for', gzipSync(PERFECT)),
  [
    'gzip that is announced',
    { status: 200, headers: [...JSON_TYPE, ['Content-Encoding', 'gzip']], body: gzipSync(PERFECT) },
    ['PDP_BAD_REPLY'],
  ],
  ['a member that is NaN', echoedWith('"score":NaN'), ['PDP_BAD_REPLY']],
  ['a member that is Infinity', echoedWith('"score":Infinity'), ['PDP_BAD_REPLY']],
  ['a member that is undefined', echoedWith('"response":undefined'), ['PDP_BAD_REPLY']],
];

const noEcho: readonly HostileReply[] = [
  bad('an empty object', '{}'),
  bad('a decision', '{"decision":"PERMIT"}'),
  bad('an AuthZEN decision', '{"decision":true}'),
  bad('an IAM policy', '{"policyDocument":{"Statement":[{"Effect":"Allow"}]}}'),
  bad('a simple response', '{"isAuthorized":true}'),
  bad('an error body', '{"id":"x","code":"NOT_FOUND","message":"no"}'),
  bad('only response null', '{"response":null}'),
  bad('an echo inside another member', JSON.stringify({ request: ECHO })),
  bad('an echo that is inherited', `{"__proto__":${PERFECT}}`),
  bad('an echo inside constructor.prototype', `{"constructor":{"prototype":${PERFECT}}}`),
  bad('an echo in upper case', PERFECT.replace('"method"', '"METHOD"').replace('"url"', '"URL"')),
  badEcho('no method', { method: undefined }),
  badEcho('method null', { method: null }),
  badEcho('method a number', { method: 1 }),
  badEcho('method an array', { method: ['GET'] }),
  badEcho('method an object', { method: { toString: 'GET' } }),
  badEcho('no url', { url: undefined }),
  badEcho('url null', { url: null }),
  badEcho('url true', { url: true }),
  badEcho('url an object', { url: { href: ECHO.url } }),
  badEcho('no headers', { headers: undefined }),
  badEcho('headers null', { headers: null }),
  badEcho('headers a string', { headers: 'Accept: */*' }),
  badEcho('headers a map', { headers: { Accept: '*/*' } }),
  badEcho('headers like an array', { headers: { 0: { Accept: '*/*' }, length: 1 } }),
  badEcho('response null and no url', { response: null, url: undefined }),
  badEcho('the answer of a response call', { response_code: '200' }),
  badEcho('the denial of a response call', { response_code: '403', response_status: 'Forbidden', body: '{}' }),
  ['method last of two no string', echoedWith('"method":null'), ['PDP_BAD_REPLY']],
];

const statuses: readonly HostileReply[] = [
  ...[201, 202, 203, 204, 205, 206, 207, 226, 299].map(status => perfectBut(status, 'PDP_REJECTED')),
  ...[300, 304].map(status => perfectBut(status, 'PDP_REJECTED')),
  ...[301, 302, 303, 307, 308].map(status => perfectBut(status, 'PDP_REJECTED', [['Location', '/']])),
  ...[400, 402, 404, 405, 408, 409, 410, 413, 415, 422, 426, 451, 499].map(status =>
    perfectBut(status, 'PDP_REJECTED'),
  ),
  perfectBut(401, 'CREDENTIAL_REFUSED', [['WWW-Authenticate', 'Bearer']]),
  perfectBut(403, 'CREDENTIAL_REFUSED'),
  perfectBut(429, 'PDP_RATE_LIMITED', [['Retry-After', '1']]),
  ...[500, 501, 502, 503, 504, 505, 599].map(status => perfectBut(status, 'PDP_ERROR')),
  perfectBut(600, 'PDP_REJECTED'),
  perfectBut(999, 'PDP_REJECTED'),
];

/** Every hostile reply: `[title, reply, reasonCodes]`. */
export const hostileReplies: readonly HostileReply[] = [...notOneObject, ...noEcho, ...statuses, ...hostileDenials];

/** The same request with its correct echo, which every hostile reply is compared with. */
export const permittingReply = answered(PERFECT);
