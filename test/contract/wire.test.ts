/** Exactly what PingOne gets for each kind of event: golden fixtures, written by hand from docs/protocol.md. */
import { describe, expect, it } from 'vitest';
import { type GatewayEvent, httpHeaders, restHeaders, restQuery } from '../support/event-parts.ts';
import {
  httpBareEvent,
  httpEvent,
  httpNamedStageEvent,
  httpV1Event,
  restCustomDomainEvent,
  restEdgeEvent,
  restEvent,
  restTestInvokeEvent,
  websocketEvent,
} from '../support/events.ts';
import { BEARER } from '../support/golden-events.ts';
import { CREDENTIAL, setStage } from './stage.ts';

const body = (url: string, headers: readonly object[], more: object = {}): object => ({
  source_ip: '192.0.2.1',
  source_port: expect.toSatisfy(
    (port: unknown) => Number.isInteger(port) && Number(port) >= 49_152 && Number(port) <= 65_535,
  ),
  method: 'GET',
  url,
  http_version: '1.1',
  headers,
  ...more,
});

const ACCEPT = { accept: '*/*' };
const AUTHORIZATION = { authorization: BEARER };

const GOLDEN: readonly (readonly [kind: string, event: GatewayEvent, body: object])[] = [
  [
    'REST',
    restEvent(),
    body('https://api1.execute-api.us-east-1.amazonaws.com/dev/products/1?fields=name&fields=price&q=a%20b', [
      ACCEPT,
      AUTHORIZATION,
      { Host: 'api1.execute-api.us-east-1.amazonaws.com' },
      { 'User-Agent': 'curl/8.5.0' },
      { 'X-Forwarded-For': '192.0.2.1' },
    ]),
  ],
  [
    'REST, edge-optimised',
    restEdgeEvent(),
    body('https://api1.execute-api.us-east-1.amazonaws.com/dev/products/1?fields=name&fields=price&q=a%20b', [
      { Accept: '*/*' },
      { Authorization: BEARER },
      { 'CloudFront-Forwarded-Proto': 'https' },
      { 'CloudFront-Is-Desktop-Viewer': 'true' },
      { 'CloudFront-Viewer-Country': 'NL' },
      { Host: 'api1.execute-api.us-east-1.amazonaws.com' },
      { 'User-Agent': 'Amazon CloudFront' },
      { Via: '2.0 0123456789abcdef.cloudfront.net (CloudFront)' },
      { 'X-Amz-Cf-Id': 'cDehVQoZnx43VYQb9j2-nvCh-9z396Uhbp027Y2JvkCPNLmGJHqlaA==' },
      { 'X-Forwarded-For': '192.0.2.1, 198.51.100.7' },
    ]),
  ],
  [
    'REST, custom domain',
    restCustomDomainEvent(),
    body('https://api.example.org/shop/products/1?fields=name&fields=price&q=a%20b', [
      AUTHORIZATION,
      { Host: 'api.example.org' },
    ]),
  ],
  [
    'REST, console test',
    restTestInvokeEvent(),
    body('https://testPrefix.testDomainName/', [], { source_ip: 'test-invoke-source-ip' }),
  ],
  [
    'REST, repeats',
    restEvent({
      ...restHeaders([
        ['X-Tag', 'a'],
        ['X-Tag', 'b'],
        ['Cookie', 'c=d'],
      ]),
      ...restQuery('b=&a=%2B&a=%26&b'),
    }),
    body('https://api1.execute-api.us-east-1.amazonaws.com/dev/products/1?b=&b=&a=%2B&a=%26', [
      { 'X-Tag': 'a' },
      { 'X-Tag': 'b' },
      { Cookie: 'c=d' },
    ]),
  ],
  [
    'HTTP 2.0',
    httpEvent(),
    body('https://api2.execute-api.us-east-1.amazonaws.com/products/1?fields=name&fields=price&q=a%20b', [
      ACCEPT,
      AUTHORIZATION,
      { 'content-length': '0' },
      { host: 'api2.execute-api.us-east-1.amazonaws.com' },
      { 'user-agent': 'curl/8.5.0' },
      { 'x-forwarded-for': '192.0.2.1' },
      { cookie: 'session=abc; theme=dark' },
    ]),
  ],
  [
    'HTTP 2.0, named stage',
    httpNamedStageEvent(httpHeaders([['Host', 'x']])),
    body('https://api2.execute-api.us-east-1.amazonaws.com/dev/products/1?fields=name&fields=price&q=a%20b', [
      { host: 'x' },
      { cookie: 'session=abc; theme=dark' },
    ]),
  ],
  [
    'HTTP 2.0, bare',
    httpBareEvent(),
    body('https://api2.execute-api.us-east-1.amazonaws.com/products/1', [
      { host: 'api2.execute-api.us-east-1.amazonaws.com' },
    ]),
  ],
  [
    'HTTP 1.0',
    httpV1Event(),
    body('https://api2.execute-api.us-east-1.amazonaws.com/products/1?fields=name&fields=price&q=a%20b', [
      ACCEPT,
      AUTHORIZATION,
      { Host: 'api1.execute-api.us-east-1.amazonaws.com' },
      { 'User-Agent': 'curl/8.5.0' },
      { 'X-Forwarded-For': '192.0.2.1' },
    ]),
  ],
  [
    'WebSocket',
    websocketEvent(),
    body('https://api3.execute-api.us-east-1.amazonaws.com/dev?access_token=t0ken', [
      { Host: 'api3.execute-api.us-east-1.amazonaws.com' },
      { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' },
      { 'Sec-WebSocket-Version': '13' },
      { 'X-Forwarded-For': '192.0.2.1' },
    ]),
  ],
];

describe('on the wire', () => {
  it.each(GOLDEN)('%s is exactly this body', async (_, event, expected) => {
    const { pdp, play } = await setStage();
    await play({ kind: 'permit' }, event);
    expect(JSON.parse(pdp.calls[0]?.rawBody ?? '')).toEqual(expected);
    pdp.done();
  });

  it('every attempt has its own source port, even the second attempt of a request', async () => {
    const { pdp, play } = await setStage({ PINGONE_RETRIES: '1' });
    for (let at = 0; at < 20; at += 1) {
      pdp.script({ kind: 'reply', status: 503 });
      await play({ kind: 'permit' }, restEvent());
    }
    const ports = pdp.calls.map(({ body: { source_port: port } }) => port);
    expect(ports).toHaveLength(40);
    // Two of forty random ports are equal in 1 of 21 runs; ten never are.
    expect(new Set(ports).size).toBeGreaterThan(30);
  });

  it('every call is one POST with exactly these headers', async () => {
    const { pdp, play } = await setStage();
    await play({ kind: 'permit' }, restEvent());
    const [call] = pdp.calls;
    expect(call).toMatchObject({ method: 'POST', path: '/v1/environments/e1/sideband/request' });
    expect(call?.headerLines.map(([name]) => name.toLowerCase()).sort()).toEqual([
      'accept',
      'client-token',
      'connection',
      'content-length',
      'content-type',
      'correlation-id',
      'host',
      'user-agent',
    ]);
    expect(call?.headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/json',
      connection: 'keep-alive',
      'client-token': CREDENTIAL,
    });
  });

  it("every attempt carries API Gateway's request id, which its access log and our own line have as well", async () => {
    const { pdp, play, lines } = await setStage({ PINGONE_RETRIES: '1' });
    pdp.script({ kind: 'reply', status: 503 });
    const headers = restHeaders([['Correlation-Id', 'of-the-client']]);
    await play({ kind: 'permit' }, restEvent({ ...headers, requestContext: { requestId: 'gateway-1' } }));
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ requestId: 'gateway-1' });
    expect(pdp.calls.map(call => call.headers['correlation-id'])).toEqual(['gateway-1', 'gateway-1']);
  });

  it("an event without a request id is asked about under Lambda's", async () => {
    const { pdp, play } = await setStage();
    await play({ kind: 'permit' }, restEvent({ requestContext: { requestId: undefined } }));
    expect(pdp.calls[0]?.headers).toMatchObject({ 'correlation-id': 'lambda-1' });
  });

  it.each(['X-Custom', 'PDG-TOKEN'])('PINGONE_CREDENTIAL_HEADER=%s carries the credential instead', async name => {
    const { pdp, play } = await setStage({ PINGONE_CREDENTIAL_HEADER: name });
    await play({ kind: 'permit' }, restEvent());
    expect(pdp.calls[0]?.headerLines).toContainEqual([name, CREDENTIAL]);
    expect(pdp.calls[0]?.headers).not.toHaveProperty('client-token');
  });

  it('headers of a client never become headers of the call', async () => {
    const { pdp, play } = await setStage();
    const smuggled = httpHeaders([
      ['CLIENT-TOKEN', 'stolen'],
      ['X-Evil', 'a\r\nCLIENT-TOKEN: stolen'],
      ['Host', 'x'],
    ]);
    await play({ kind: 'permit' }, httpEvent(smuggled));
    expect(pdp.calls[0]?.headerLines.filter(([name]) => /client-token|evil/i.test(name))).toEqual([
      ['CLIENT-TOKEN', CREDENTIAL],
    ]);
    pdp.done();
  });
});
