/** The client of the three APIs: GET requests, WebSocket handshakes, and the tokens that go with them. */
import { request } from 'node:http';
import { isRecord, LOOPBACK, parseJson } from '../../local/loopback.ts';
import { demoToken } from '../../local/policy/token.ts';

const TIMEOUT_MS = 15_000;

export type Headers = Readonly<Record<string, string>>;

const bearer = (claims: object): Headers => {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  return { authorization: `Bearer ${demoToken({ exp, sub: 'alice', tier: 'gold', ...claims })}` };
};

export const READER = bearer({ scope: 'orders:read' });
/** Logged in, and allowed nothing. */
export const STRANGER = bearer({ scope: 'none' });
export const NOBODY: Headers = {};

export type Reply = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };

export const get = async (port: number, path: string, headers: Headers): Promise<Reply> => {
  const response = await fetch(`http://${LOOPBACK}:${port}${path}`, {
    headers,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = parseJson(await response.text());
  return { status: response.status, body: isRecord(body) ? body : {} };
};

/** The status that a handshake is answered with: 101 where the connection stands. */
export const handshake = (port: number, headers: Headers): Promise<number> =>
  new Promise((resolve, reject) => {
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.from(crypto.randomUUID().slice(0, 16)).toString('base64'),
    };
    const asked = request({
      host: LOOPBACK,
      port,
      path: '/',
      headers: { ...upgrade, ...headers },
      timeout: TIMEOUT_MS,
    });
    asked.once('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    asked.once('response', response => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once('timeout', () => asked.destroy(new Error(`no answer to a handshake within ${TIMEOUT_MS} ms`)));
    asked.once('error', reject);
    asked.end();
  });
