/** The demo backend: it answers with what reached it, so that one sees which headers the gateway mapped. */
import { type LoopbackServer, listenOnLoopback } from './loopback.ts';

/** The token is for the API, not for a screen. */
const shown = (headers: NodeJS.Dict<string | string[]>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'authorization' && name !== 'cookie'));

export const startBackend = (port?: number): Promise<LoopbackServer> =>
  listenOnLoopback((request, response) => {
    request.resume();
    request.once('end', () => {
      const { method, url, headers } = request;
      const echo = { message: 'Hello from the backend', method, path: url?.split('?')[0], headers: shown(headers) };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify(echo, undefined, 2)}\n`);
    });
  }, port);
