/** CORS preflights as CloudFront shows them, and requests that differ from one in a single thing. */
import type { CloudFrontRequest } from 'aws-lambda';
import { HOST, headersOf, shownBody } from './viewer-request.ts';

export const APP = 'https://app.example';

export type Line = readonly [string, string];

/** What a browser sends. */
export const LINES: readonly Line[] = [
  ['Host', HOST],
  ['Origin', APP],
  ['Access-Control-Request-Method', 'PUT'],
  ['Access-Control-Request-Headers', 'authorization'],
];

export const preflight = (
  lines: readonly Line[] = LINES,
  over: Partial<CloudFrontRequest> = {},
): CloudFrontRequest => ({
  clientIp: '192.0.2.1',
  headers: headersOf(...lines),
  method: 'OPTIONS',
  querystring: 'a=b',
  uri: '/orders/7',
  ...over,
});

/** Each differs from a preflight in one thing. */
export const NEAR: readonly (readonly [title: string, request: Readonly<Record<string, unknown>>])[] = [
  ...['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'options', 'OPTIONSX', 'CONNECT'].map(
    method => [`method ${method}`, { ...preflight(), method }] as const,
  ),
  ...['Origin', 'Access-Control-Request-Method'].flatMap(wanted => {
    const others = LINES.filter(([name]) => name !== wanted);
    const lines = (value: string): Line[] => [...others, [wanted, value]];
    return [
      [`no ${wanted}`, { ...preflight(others) }],
      [`an empty ${wanted}`, { ...preflight(lines('')) }],
      [`a blank in ${wanted}`, { ...preflight(lines('a b')) }],
      [`two of ${wanted}`, { ...preflight([...lines('https://a.example'), [wanted.toUpperCase(), 'PUT']]) }],
    ] as const;
  }),
  ...['Authorization', 'authorization', 'Cookie', 'COOKIE'].flatMap(name =>
    ['', 'x', 'Bearer x'].map(value => [`${name}: ${value}`, { ...preflight([...LINES, [name, value]]) }] as const),
  ),
  ...['1', '00', '-1', 'x', '0, 0'].map(
    length => [`length ${length}`, { ...preflight([...LINES, ['Content-Length', length]]) }] as const,
  ),
  ['a chunked body', { ...preflight([...LINES, ['Transfer-Encoding', 'chunked']]) }],
  ['a shown body', { ...preflight(undefined, { body: shownBody('x') }) }],
  ['a body that is cut off', { ...preflight(undefined, { body: shownBody('', true) }) }],
  ...['', 'x', 0, [], {}, { data: '' }, { data: '', inputTruncated: 0 }].map(
    body => [`the body ${JSON.stringify(body)}`, { ...preflight(), body }] as const,
  ),
];
