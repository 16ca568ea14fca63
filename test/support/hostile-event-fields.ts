/** Events with a correct envelope and wrong members. */
import { httpEvent, httpV1Event, restEvent } from './events.ts';
import { type HostileEvent, refused, survived } from './hostile-event.ts';

const manyPairs = (prefix: string, count: number): [string, string][] =>
  Array.from({ length: count }, (_, at) => [`${prefix}-${at}`, 'v']);

/** Made from JSON, because in an object literal this name would set the prototype. */
const withProto = (event: object): string =>
  JSON.stringify({ ...event, headers: 'HEADERS' }).replace('"HEADERS"', '{"host":"x","__proto__":"y"}');

const fromJson = (text: string): unknown => JSON.parse(text);

/** Members that are missing or of a wrong type. */
export const hostileMembers: readonly HostileEvent[] = [
  refused('no requestContext', restEvent({ requestContext: undefined })),
  refused('requestContext null', httpEvent({ requestContext: null })),
  refused('requestContext a string', restEvent({ requestContext: 'dev' })),
  refused('requestContext an array', httpEvent({ requestContext: [] })),
  refused('requestContext.http missing', httpEvent({ requestContext: { http: undefined } })),
  refused('requestContext.http a string', httpEvent({ requestContext: { http: 'GET' } })),
  refused('the method missing', httpEvent({ requestContext: { http: { method: undefined } } })),
  refused('httpMethod missing', restEvent({ httpMethod: undefined, requestContext: { httpMethod: undefined } })),
  refused('httpMethod an array', restEvent({ httpMethod: ['GET'] })),
  refused('httpMethod with a line break', restEvent({ httpMethod: 'GET\r\nX: y' })),
  refused('rawPath missing', httpEvent({ rawPath: undefined })),
  refused('rawPath a number', httpEvent({ rawPath: 1 })),
  refused('path an object', restEvent({ path: {} })),
  refused('headers a string', restEvent({ headers: 'x', multiValueHeaders: 'x' })),
  refused('headers an array', httpEvent({ headers: [['host', 'x']] })),
  refused('headers an array, multi too', restEvent({ headers: [], multiValueHeaders: [] })),
  refused('a header value that is an object', httpEvent({ headers: { host: 'x', authorization: {} } })),
  refused('a multi-value header that is no list', restEvent({ multiValueHeaders: { Authorization: 'x' } })),
  refused('a multi-value header of numbers', restEvent({ multiValueHeaders: { Authorization: [1, 2] } })),
  refused('the raw query an object', httpEvent({ rawQueryString: { a: 1 } })),
  refused('a query value that is a number', restEvent({ multiValueQueryStringParameters: { a: [1] } })),
  refused('cookies a string', httpEvent({ cookies: 'a=b' })),
  refused('cookies of objects', httpEvent({ cookies: [{ a: 'b' }] })),
  survived('headers null', httpEvent({ headers: null })),
  survived('both header maps null', restEvent({ headers: null, multiValueHeaders: null })),
  survived('a header value null', httpEvent({ headers: { host: 'x', authorization: null } })),
  survived('a multi-value header null', restEvent({ multiValueHeaders: { Authorization: null } })),
  survived('multi-value headers missing', restEvent({ multiValueHeaders: undefined })),
  survived('no sourceIp', restEvent({ requestContext: { identity: { sourceIp: undefined } } })),
  survived('identity null', restEvent({ requestContext: { identity: null } })),
  survived('sourceIp no address', httpEvent({ requestContext: { http: { sourceIp: 'test-invoke-source-ip' } } })),
  survived('domainName missing', httpEvent({ requestContext: { domainName: undefined } })),
  survived('domainName with a path', restEvent({ requestContext: { domainName: 'evil.example/x?y#z' } })),
  survived('domainName with a user', restEvent({ requestContext: { domainName: 'api@evil.example' } })),
  survived('stage a number', restEvent({ requestContext: { stage: 1 } })),
  survived('a client certificate that is none', restEvent({ requestContext: { identity: { clientCert: 'x' } } })),
  survived(
    'a client certificate PEM that is not a certificate',
    httpEvent({ requestContext: { authentication: { clientCert: { clientCertPem: 'not a PEM' } } } }),
  ),
];

/** Members of the right type with hostile values. */
export const hostileValues: readonly HostileEvent[] = [
  survived('CR/LF in a header value', httpEvent({ headers: { host: 'x', 'x-a': 'b\r\nCLIENT-TOKEN: stolen' } })),
  survived('CR/LF in a header name', restEvent({ multiValueHeaders: { 'X\r\nY': ['z'] } })),
  survived('a NUL in a header value', httpEvent({ headers: { host: 'x', 'x-a': 'b\u0000c' } })),
  survived('a lone surrogate in a header', httpEvent({ headers: { host: 'x', 'x-a': '\ud800' } })),
  survived(
    'a lone surrogate in the path',
    httpEvent({ rawPath: '/\udfff', requestContext: { http: { path: '/\udfff' } } }),
  ),
  survived('a lone surrogate in the query', restEvent({ multiValueQueryStringParameters: { '\ud800': ['\udc00x'] } })),
  survived('a path that is no valid percent encoding', restEvent({ path: '/%zz/%' })),
  survived('a path with dot segments', httpEvent({ rawPath: '/a/../../admin' })),
  survived('a path that looks like a host', restEvent({ path: '//evil.example/x' })),
  survived('a path with ? and #', httpEvent({ rawPath: '/a?b#c' })),
  survived('a backslash path', httpEvent({ rawPath: '/\\evil.example' })),
  survived('a raw query with a fragment', httpEvent({ rawQueryString: 'a=1#b' })),
  survived('a header of 1 MB', httpEvent({ headers: { host: 'x', 'x-big': 'v'.repeat(1_000_000) } })),
  survived('ten thousand headers', httpEvent({ headers: Object.fromEntries(manyPairs('x-h', 10_000)) })),
  survived('headers named like prototype members', fromJson(withProto(httpEvent()))),
  survived('a query named __proto__', fromJson(JSON.stringify(restEvent()).replaceAll('"fields"', '"__proto__"'))),
  survived('a header named constructor', restEvent({ multiValueHeaders: { constructor: ['x'], toString: ['y'] } })),
  survived(
    'two Authorization headers of different case',
    restEvent({ headers: { authorization: 'a', Authorization: 'b' } }),
  ),
  survived('a bearer token that is no JWT', httpEvent({ headers: { host: 'x', authorization: 'Bearer ..' } })),
  survived(
    'a token whose sub is an object',
    httpEvent({ headers: { host: 'x', authorization: 'Bearer e30.eyJzdWIiOnt9fQ.x' } }),
  ),
  survived(
    'unknown members',
    restEvent({ response: { response_code: '200' }, isAuthorized: true, policyDocument: {} }),
  ),
  survived('HTTP 1.0 with a wrong ARN style', httpV1Event({ routeArn: '*' })),
];
