/** Rules of what is taken from a key server, over real sockets. */
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fetchJson } from '../../../src/gate/key-server.ts';
import { startKeyServer } from '../../support/key-server.ts';
import { tlsMaterials } from '../../support/tls.ts';

const signal = new AbortController().signal;

const portOf = async (server: Server): Promise<number> => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

describe('a key server', () => {
  it('is believed if it answers 200 with JSON', async () => {
    const { url } = await startKeyServer({ body: '{"keys":[1]}' });
    expect(await fetchJson(url, signal)).toEqual({ keys: [1] });
  });

  it('is believed up to 256 KiB', async () => {
    const text = 'x'.repeat(262_142);
    const { url } = await startKeyServer({ body: `"${text}"` });
    expect(await fetchJson(url, signal)).toBe(text);
  });

  it('is not believed without a certificate that is trusted, whatever the environment says', async () => {
    const { keyPem, certPem } = tlsMaterials.selfSigned;
    let asked = 0;
    const server = createHttpsServer({ key: keyPem, cert: certPem }, (_, response) => {
      asked += 1;
      response.end('{}');
    });
    const port = await portOf(server);
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    await expect(fetchJson(`https://127.0.0.1:${port}/jwks`, signal)).rejects.toThrow(/certificate/);
    expect(asked).toBe(0);
  });

  it('is not believed if it breaks off', async () => {
    const server = createHttpServer((_, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('{}', () => response.destroy());
    });
    await expect(fetchJson(`http://127.0.0.1:${await portOf(server)}/jwks`, signal)).rejects.toThrow('aborted');
  });

  it.each([
    ['another status', { status: 201, body: '{}' }, 'HTTP 201'],
    ['an error', { status: 500, body: '{}' }, 'HTTP 500'],
    ['a redirect', { status: 302, headers: { location: '/other' } }, 'HTTP 302'],
    ['what is no JSON', { body: '<html>' }, 'JSON'],
    ['nothing', {}, 'JSON'],
    ['too much', { body: `"${'x'.repeat(1_000_000)}"` }, 'the key set is too large'],
  ])('is not believed if it answers with %s', async (_, answer, message) => {
    const server = await startKeyServer(answer);
    await expect(fetchJson(server.url, signal)).rejects.toThrow(message);
    expect(server.asked).toBe(1);
  });

  it('that is not there is an error', async () => {
    await expect(fetchJson('http://127.0.0.1:1/jwks', signal)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('is left if the signal says so', async () => {
    const { url } = await startKeyServer({ stalls: true });
    const controller = new AbortController();
    const fetching = fetchJson(url, controller.signal);
    controller.abort();
    await expect(fetching).rejects.toMatchObject({ name: 'AbortError' });
  });
});
