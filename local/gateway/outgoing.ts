/** The request that goes on to a backend, and the call itself. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { withoutHopByHop } from './headers.ts';
import type { GatewayReply, HeaderList } from './request.ts';

export type OutgoingRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
};

/** Undefined where the backend could not be reached. */
export type Backend = (request: OutgoingRequest) => Promise<GatewayReply | undefined>;

const BACKEND_TIMEOUT_MS = 29_000;

const headerPairs = (raw: readonly string[]): HeaderList =>
  raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));

const replyOf = async (response: IncomingMessage): Promise<GatewayReply> => ({
  status: response.statusCode ?? 502,
  headers: withoutHopByHop(headerPairs(response.rawHeaders)),
  body: await buffer(response),
});

/** A backend by HTTP, such as `http://127.0.0.1:4000`; Host is the backend's own, as it is behind API Gateway. */
export const httpBackend =
  (origin: string): Backend =>
  ({ method, path, query, headers, body }) =>
    new Promise(resolve => {
      const { hostname, port, host } = new URL(origin);
      const own: HeaderList = [
        ['Host', host],
        ['Content-Length', String(body.length)],
      ];
      const outgoing = httpRequest({
        host: hostname,
        port,
        method,
        path: query === '' ? path : `${path}?${query}`,
        headers: [...headers, ...own].flat(),
        signal: AbortSignal.timeout(BACKEND_TIMEOUT_MS),
      });
      outgoing.once('error', () => resolve(undefined));
      outgoing.once('response', response => {
        replyOf(response).then(resolve, () => resolve(undefined));
      });
      outgoing.end(body);
    });
