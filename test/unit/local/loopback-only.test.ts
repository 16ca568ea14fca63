/** The rules by which local servers take requests: for this machine only, and no request ends the process. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startBackend } from '../../../local/backend.ts';
import { createDistribution } from '../../../local/cloudfront/distribution.ts';
import { startDashboard } from '../../../local/dashboard/dashboard.ts';
import { HTTP_API, REST_API, WEBSOCKET_API } from '../../../local/demo-apis.ts';
import { createHttpApi } from '../../../local/gateway/http-api.ts';
import { jsonReply } from '../../../local/gateway/request.ts';
import { createRestApi } from '../../../local/gateway/rest-api.ts';
import { startGatewayServer } from '../../../local/gateway/server.ts';
import { createWebSocketApi } from '../../../local/gateway/websocket-api.ts';
import { startRuntimeApi } from '../../../local/lambda/runtime-api.ts';
import { listenOnLoopback } from '../../../local/loopback.ts';
import { startPolicyService } from '../../../local/policy/policy-service.ts';
import { startSecretStore } from '../../../local/secret-store.ts';

/** The first line of the answer to a request that is sent byte for byte; empty where the connection just ends. */
const statusLine = (port: number, requestLine: string, ...headers: readonly string[]): Promise<string> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('error', () => undefined);
    socket.on('data', chunk => {
      answer += chunk.toString();
      if (answer.includes('\r\n')) socket.destroy();
    });
    socket.once('close', () => resolve(answer.split('\r\n')[0] ?? ''));
    socket.write([requestLine, ...headers, 'Connection: close', '', ''].join('\r\n'));
  });

const echoing = async (hosts?: readonly string[]): Promise<number> => {
  const server = await listenOnLoopback((request, response) => response.end(request.url), 0, hosts);
  onTestFinished(() => server.close());
  return server.port;
};

describe('a local server', () => {
  it.each(['127.0.0.1', '127.0.0.1:3000', '127.9.9.9', 'localhost', 'LocalHost:1', '[::1]', '[::1]:3000'])(
    'answers requests for %s, whatever its own port',
    async host => {
      expect(await statusLine(await echoing(), 'GET / HTTP/1.1', `Host: ${host}`)).toBe('HTTP/1.1 200 OK');
    },
  );

  it.each([
    'evil.example',
    'evil.example:3000',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '10.0.0.1',
    '[::2]',
    '',
    'evil@127.0.0.1',
  ])(
    'refuses requests for "%s" with 421: a name that was bound to this machine may be a hostile page’s',
    async host => {
      expect(await statusLine(await echoing(), 'GET / HTTP/1.1', `Host: ${host}`)).toBe(
        'HTTP/1.1 421 Misdirected Request',
      );
    },
  );

  it('says in the refusal how to call it', async () => {
    const socket = connect(await echoing(), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write('GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    expect((await text(socket)).split('\r\n\r\n')[1]).toContain('call it as 127.0.0.1, localhost or [::1]');
  });

  it('answers for the further names that it was given, on any port and in any case, and for no others', async () => {
    const port = await echoing(['api.example.com']);
    const asked = (host: string): Promise<string> => statusLine(port, 'GET / HTTP/1.1', `Host: ${host}`);
    expect(await asked('api.example.com:8443')).toBe('HTTP/1.1 200 OK');
    expect(await asked('API.example.com')).toBe('HTTP/1.1 200 OK');
    expect(await asked('www.api.example.com')).toBe('HTTP/1.1 421 Misdirected Request');
  });

  it('answers a client without Host, which no browser is', async () => {
    expect(await statusLine(await echoing(), 'GET / HTTP/1.0')).toBe('HTTP/1.1 200 OK');
  });

  it('takes a target in absolute form as the path in it, and refuses one for another host', async () => {
    const port = await echoing();
    const host = `Host: 127.0.0.1:${port}`;
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write(`GET http://localhost:1/orders/7?q=1 HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`);
    expect(await text(socket)).toContain('/orders/7?q=1');
    expect(await statusLine(port, 'GET http://evil.example/ HTTP/1.1', host)).toBe('HTTP/1.1 421 Misdirected Request');
    expect(await statusLine(port, 'GET ftp://127.0.0.1/ HTTP/1.1', host)).toBe('HTTP/1.1 400 Bad Request');
  });

  it('ends the connection of a request at which its listener throws, and answers the next', async () => {
    const server = await listenOnLoopback((request, response) => {
      if (request.url === '/bug') throw new Error('a bug');
      response.end();
    });
    onTestFinished(() => server.close());
    expect(await statusLine(server.port, 'GET /bug HTTP/1.1', 'Host: localhost')).toBe('');
    expect(await statusLine(server.port, 'GET / HTTP/1.1', 'Host: localhost')).toBe('HTTP/1.1 200 OK');
  });
});

const invoke = () => Promise.resolve({ ok: true, payload: {} } as const);
const backend = () => Promise.resolve(jsonReply(200, {}));

type Server = { readonly port: number; close(): Promise<void> };

const SERVERS: readonly (readonly [name: string, start: () => Promise<Server>])[] = [
  [
    'the dashboard',
    async () => {
      const { url, close } = await startDashboard();
      return { port: Number(new URL(url).port), close };
    },
  ],
  [
    'the REST API',
    () =>
      startGatewayServer({
        gateway: createRestApi({ api: REST_API, invoke, backend }),
        domainName: REST_API.domainName,
        websocket: createWebSocketApi({ api: WEBSOCKET_API, invoke }),
      }),
  ],
  [
    'the HTTP API',
    () =>
      startGatewayServer({
        gateway: createHttpApi({ api: HTTP_API, invoke, backend }),
        domainName: HTTP_API.domainName,
      }),
  ],
  [
    'CloudFront',
    () => startGatewayServer({ gateway: createDistribution({ invoke, origin: backend }), domainName: 'shop.example' }),
  ],
  ['the backend', () => startBackend()],
  [
    'the policy service',
    async () => {
      const { serviceUrl, close } = await startPolicyService({ policy: { realm: 'x', services: [] } });
      return { port: Number(new URL(serviceUrl).port), close };
    },
  ],
  ['the secret store', () => startSecretStore({ name: 'n', secret: () => 's' })],
  [
    'the Runtime API',
    async () => {
      const { address, close } = await startRuntimeApi({ functionArn: 'a', functionName: 'f', handler: 'h' });
      return { port: Number(address.split(':')[1]), close };
    },
  ],
];

/** What parses as HTTP and as no URL, or as one that nobody expects. */
const TARGETS = [
  'GET //',
  'GET //?x',
  'GET ///',
  'GET /%',
  'GET /%FF',
  'GET /?%',
  'GET http:///',
  'GET http://[',
  'OPTIONS *',
];

describe.each(SERVERS)('%s', (_name, start) => {
  it('survives every target that HTTP lets through, and answers afterwards', async () => {
    const server = await start();
    onTestFinished(() => server.close());
    const host = `Host: 127.0.0.1:${server.port}`;
    for (const target of TARGETS) {
      expect(await statusLine(server.port, `${target} HTTP/1.1`, host), target).toMatch(/^HTTP\/1\.1 \d{3} /);
      await statusLine(server.port, `${target} HTTP/1.1`, host, 'Connection: Upgrade', 'Upgrade: websocket');
    }
    expect(await statusLine(server.port, 'GET / HTTP/1.1', host)).toMatch(/^HTTP\/1\.1 \d{3} /);
  });

  it('refuses requests and handshakes under another name', async () => {
    const server = await start();
    onTestFinished(() => server.close());
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
    for (const headers of [[], upgrade]) {
      expect(await statusLine(server.port, 'GET / HTTP/1.1', 'Host: evil.example', ...headers)).toBe(
        'HTTP/1.1 421 Misdirected Request',
      );
    }
  });
});
