/** Target: the parts of a URL in an event, and the URLs in settings; every URL that is made of them is encoded once and has its host. */
import { Problem } from '../../../src/config/parsers.ts';
import { keySetUrl, serviceUrl } from '../../../src/config/service-url.ts';
import { AuthorizerError } from '../../../src/domain/errors.ts';
import { type Members, membersOf } from '../../../src/domain/json.ts';
import { pairs } from '../../../src/gateway/multi-value-maps.ts';
import { httpV1Url, httpV2Url, restUrl, websocketUrl } from '../../../src/gateway/url.ts';
import { namedBy, type Target } from '../target.ts';
import { configuredUrlProblems, rebuiltUrlProblems, type Typed } from './url-oracle.ts';

const HOST = 'api1.execute-api.us-east-1.amazonaws.com';
const event = {
  path: '/products/a%2Fb',
  rawPath: '/products/é b%',
  rawQueryString: 'x=1&y=a%20b+c',
  multiValueQueryStringParameters: { x: ['1', '2'], 'a b': ['c&d', ''] },
  queryStringParameters: { x: '2', flag: '' },
};
const context = { domainName: HOST, path: '/dev/products/a%2Fb', stage: 'dev' };
const inputFor = (kind: string, parts: object = {}) => ({ kind, event, context, host: '', ...parts });

export const urlTarget: Target = {
  name: 'url',
  files: [
    'gateway/url.ts',
    'gateway/multi-value-maps.ts',
    'lambda/url-encoding.ts',
    'lambda/event-fields.ts',
    'config/service-url.ts',
  ],
  seeds: [
    inputFor('rest'),
    inputFor('http-1.0'),
    inputFor('http-2.0'),
    inputFor('websocket'),
    inputFor('rest', { context: {}, host: '[2001:db8::1]:8443' }),
    {
      kind: 'service',
      text: 'https://http-access-api.pingone.eu/v1/environments/0b8f1a6e-0000-4000-8000-000000000000/',
    },
    { kind: 'service', text: 'http://localhost:8080/a//' },
    { kind: 'service', text: 'https://h.example/sideband/request' },
    { kind: 'keys', text: 'https://as.example/.well-known/jwks.json?x=1' },
  ],
  trials: [],
  words: [
    'rest',
    'http-1.0',
    'http-2.0',
    'websocket',
    'service',
    'keys',
    ...Object.keys(event),
    ...Object.keys(context),
    HOST,
    'https://',
    'http://',
    'localhost',
    '127.0.0.1',
    '127.1',
    '[::1]',
    '0x7f.1',
    '999.1.1.1',
    'xn--',
    'xn--a',
    'user:pass@',
    ':443',
    ':65536',
    '/sideband',
    '/sideband/response',
    '/%2e%2e/',
    '<id>',
    'YOUR_ID',
  ],
  batch: 500,
  maxLength: 80_000,
  run: input => {
    const members = membersOf(input) ?? {};
    const { kind, text } = members;
    if (kind === 'service' || kind === 'keys') return configured(kind, typeof text === 'string' ? text : '');
    return rebuilt(kind, members);
  },
};

function configured(kind: 'service' | 'keys', text: string): readonly string[] {
  try {
    if (kind === 'keys') return configuredUrlProblems(text, new URL(keySetUrl(text)));
    const { pathname, origin, ...url } = serviceUrl(text);
    return [
      ...configuredUrlProblems(text, new URL(`${origin}${pathname}`)),
      ...(pathname !== '/' && pathname.endsWith('/') ? ['a Service URL with a slash at its end'] : []),
      ...(/\/sideband(?:\/re(?:quest|sponse))?$/i.test(pathname)
        ? ['a Service URL that names the path that is added']
        : []),
      ...(new URL(origin).host === url.host && url.host.startsWith(url.hostname)
        ? []
        : ['parts that contradict each other']),
    ];
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return text.length > 12 && problem.message.includes(text) ? ['a problem that quotes the value'] : [];
  }
}

const BUILDERS = new Map([
  ['rest', restUrl],
  ['http-1.0', httpV1Url],
  ['http-2.0', httpV2Url],
  ['websocket', websocketUrl],
]);

function rebuilt(kind: unknown, members: Members): readonly string[] {
  const known = typeof kind === 'string' && BUILDERS.has(kind) ? kind : 'rest';
  const [parts, around] = [membersOf(members['event']) ?? {}, membersOf(members['context']) ?? {}];
  const { host } = members;
  try {
    const headers = typeof host === 'string' && host !== '' ? ([['Host', host]] as const) : [];
    return rebuiltUrlProblems(namedBy(known, BUILDERS)(parts, around, headers), typedParts(known, parts, around, host));
  } catch (error) {
    if (error instanceof AuthorizerError && error.code === 'INVALID_REQUEST') return [];
    throw error;
  }
}

/** What the client typed, by what each kind of event says. The code has refused what is no text. */
function typedParts(kind: string, parts: Members, around: Members, host: unknown): Typed {
  const path = textIn(parts, 'path');
  const longer = textIn(around, 'path').length > path.length ? textIn(around, 'path') : path;
  const byKind = new Map([
    ['rest', longer],
    ['http-1.0', longer],
    ['http-2.0', textIn(parts, 'rawPath')],
    ['websocket', textIn(around, 'stage')],
  ]);
  const text = namedBy(kind, byKind);
  return {
    host: textIn(around, 'domainName') || textIn({ host }, 'host'),
    path: text.startsWith('/') ? text : `/${text}`,
    decoded: kind.startsWith('http'),
    query:
      kind === 'http-2.0'
        ? textIn(parts, 'rawQueryString')
        : pairs(parts, 'multiValueQueryStringParameters', 'queryStringParameters'),
  };
}

function textIn(members: Members, name: string): string {
  const value = Object.hasOwn(members, name) ? members[name] : '';
  return typeof value === 'string' ? value : '';
}
