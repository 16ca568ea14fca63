/** HTTP servers that only this machine can reach: listening, reading bodies within a bound, closing for good. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loopbackOnly } from './loopback-only.ts';

export const LOOPBACK = '127.0.0.1';

export type LoopbackServer = {
  readonly server: Server;
  readonly port: number;
  readonly origin: string;
  close(): Promise<void>;
};

const addressOf = (server: Server): AddressInfo => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP address');
  return address;
};

/**
 * Port 0 takes any free port. Rejects with the listen error (EADDRINUSE and such).
 * Requests for another host than this machine or one of `hosts` (in lower case) are refused with 421.
 */
export const listenOnLoopback = (
  listener: RequestListener,
  port = 0,
  hosts: readonly string[] = [],
): Promise<LoopbackServer> =>
  new Promise((resolve, reject) => {
    const server = createServer(loopbackOnly(listener, hosts));
    // Long polls and frozen clients must find their connection as they left it.
    server.keepAliveTimeout = 0;
    server.requestTimeout = 0;
    server.headersTimeout = 0;
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      const bound = addressOf(server).port;
      resolve({
        server,
        port: bound,
        origin: `http://${LOOPBACK}:${bound}`,
        close: () =>
          new Promise(done => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });

export const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** The whole body, or undefined where it is longer than the limit (the rest is read and dropped). */
export const readBody = async (
  request: IncomingMessage,
  limitBytes = 10 * 1024 * 1024,
): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size <= limitBytes) chunks.push(chunk);
  }
  return size <= limitBytes ? Buffer.concat(chunks) : undefined;
};

/** JSON of unknown shape; undefined where the text is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
