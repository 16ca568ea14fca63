/** API Gateway's front door on loopback: an HTTP listener that hands each request to an API. */
import { randomBytes, randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type LoopbackServer, listenOnLoopback, readBody } from '../loopback.ts';
import { isLoopbackHost, type Refusal, refusalOf } from '../loopback-only.ts';
import { type GatewayReply, type GatewayRequest, type HeaderList, jsonReply } from './request.ts';
import type { Gateway } from './rest-api.ts';

export type Exchange = { readonly request: GatewayRequest; readonly reply: GatewayReply; readonly ms: number };

export type GatewayServerOptions = {
  readonly gateway: Gateway;
  /** The name that clients of the deployed API would use; it takes the place of a loopback Host. */
  readonly domainName: string;
  /** Further names, in lower case, under which clients may call it; each reaches the API as it is. */
  readonly hosts?: readonly string[];
  readonly port?: number;
  /** Answers handshakes of WebSocket clients; they are refused where missing. */
  readonly websocket?: Gateway;
  readonly onExchange?: (exchange: Exchange) => void;
  /** Requests that are not for the API but for the emulator; true where it has answered. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
};

/** API Gateway's limit for a payload. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

const headersOf = (request: IncomingMessage, domainName: string): HeaderList =>
  request.rawHeaders.flatMap((name, index, raw) => {
    if (index % 2 === 1) return [];
    const value = raw[index + 1] ?? '';
    const host = name.toLowerCase() === 'host' && isLoopbackHost(value);
    return [[name, host ? domainName : value] as const];
  });

const traceIdOf = (request: IncomingMessage, timeMs: number): string => {
  const sent = request.headers['x-amzn-trace-id'];
  const time = Math.floor(timeMs / 1000).toString(16);
  return typeof sent === 'string' ? sent : `Root=1-${time}-${randomBytes(12).toString('hex')}`;
};

const gatewayRequest = (request: IncomingMessage, domainName: string): GatewayRequest => {
  const timeMs = Date.now();
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    headers: headersOf(request, domainName),
    sourceIp: (request.socket.remoteAddress ?? '127.0.0.1').replace('::ffff:', ''),
    requestId: randomUUID(),
    timeMs,
    traceId: traceIdOf(request, timeMs),
  };
};

const write = (response: ServerResponse, reply: GatewayReply): void => {
  const length = reply.status === 204 ? [] : ['Content-Length', String(reply.body.length)];
  const headers = [...reply.headers.flat(), ...length];
  if (reply.statusText === undefined) response.writeHead(reply.status, headers);
  else response.writeHead(reply.status, reply.statusText, headers);
  response.end(reply.body);
};

const textReply = ({ status, text }: Refusal): GatewayReply => ({
  status,
  headers: [['Content-Type', 'text/plain; charset=utf-8']],
  body: Buffer.from(text),
});

const writeHandshake = (socket: Duplex, reply: GatewayReply): void => {
  const head = reply.headers.map(([name, value]) => `${name}: ${value}`);
  const length = reply.status === 101 ? [] : [`Content-Length: ${reply.body.length}`, 'Connection: close'];
  const lines = [`HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? ''}`, ...head, ...length, '', ''];
  socket.write(lines.join('\r\n'));
  // Only the handshake is emulated: a close frame (1000) ends the connection that it opened.
  socket.end(reply.status === 101 ? Buffer.from([0x88, 0x02, 0x03, 0xe8]) : reply.body);
};

export const startGatewayServer = async (options: GatewayServerOptions): Promise<LoopbackServer> => {
  const { domainName, onExchange } = options;
  const hosts = [domainName, ...(options.hosts ?? [])];

  const exchange = async (gateway: Gateway, incoming: IncomingMessage, body: Buffer): Promise<GatewayReply> => {
    const request = gatewayRequest(incoming, domainName);
    const started = performance.now();
    const reply = await gateway(request, body);
    onExchange?.({ request, reply, ms: performance.now() - started });
    return reply;
  };

  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (options.intercept?.(incoming, response) === true) return;
    const body = await readBody(incoming, MAX_BODY_BYTES);
    const reply =
      body === undefined
        ? jsonReply(413, { message: 'Request Too Long' })
        : await exchange(options.gateway, incoming, body);
    write(response, reply);
  };

  const server = await listenOnLoopback(
    (incoming, response) => {
      answer(incoming, response).catch(() => response.destroy());
    },
    options.port,
    hosts,
  );

  server.server.on('upgrade', (incoming: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    const { websocket } = options;
    const refusal = refusalOf(incoming, hosts);
    if (refusal !== undefined) writeHandshake(socket, textReply(refusal));
    else if (websocket === undefined) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else
      exchange(websocket, incoming, Buffer.alloc(0)).then(
        reply => writeHandshake(socket, reply),
        () => socket.destroy(),
      );
  });
  return server;
};
