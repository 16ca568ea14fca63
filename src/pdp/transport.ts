/** Send over keep-alive HTTP/1.1: the only importer of @smithy/node-http-handler; names every network fault. */
import type { Duplex, Readable } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { TransportSettings } from '../config/configuration.ts';
import type { Clock } from '../domain/clock.ts';
import { AuthorizerError } from '../domain/errors.ts';
import { correlationHeader } from '../sideband/correlation-id.ts';
import { correlationIdOf } from '../sideband/reply.ts';
import { SIDEBAND_PATH, type SidebandReply } from '../sideband/wire.ts';
import { type Sockets, type SocketWatch, UPGRADED } from './connection-pool.ts';
import { retryAfterMs } from './retry-after.ts';
import type { Send } from './send.ts';
import { bytesReadOn } from './socket-reuse.ts';

type HandlerRequest = Parameters<NodeHttpHandler['handle']>[0];

const RETRYABLE: ReadonlySet<number> = new Set([502, 503, 504]);
const USER_AGENT = 'pingone-lambda-authorizer';

/** The transport for one service. TLS certificates are verified; no setting turns that off. */
export const overHttp = (settings: TransportSettings, sockets: Sockets, clock: Clock): Send => {
  const { serviceUrl, requestTimeoutMs, maxReplyBytes } = settings;
  const quiet = (): void => undefined;
  const handler = new NodeHttpHandler({
    ...(serviceUrl.protocol === 'https:' ? { httpsAgent: sockets.agent } : { httpAgent: sockets.agent }),
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  const target = {
    protocol: serviceUrl.protocol,
    hostname: serviceUrl.hostname,
    // 0 where the URL names none: Node takes the protocol's own.
    port: Number(serviceUrl.port),
    path: `${serviceUrl.pathname.replace(/\/$/, '')}${SIDEBAND_PATH}`,
    method: 'POST',
    query: {},
  };

  return async (post, call) => {
    const headers = {
      ...post.propagation,
      ...correlationHeader(call.requestId),
      host: serviceUrl.host,
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      [settings.credentialHeader]: post.credential,
    };
    const request: HandlerRequest = { ...target, headers, body: post.body, clone: () => request };
    const attempt = startAttempt(call.signal, requestTimeoutMs, clock);
    sockets.watch(headers, attempt.watch);
    const started = clock.elapsed();
    call.facts.attempts += 1;
    call.facts.pdpStatus = undefined;
    const exchange = async (): Promise<SidebandReply> => {
      await sockets.ready();
      const { response } = await handler.handle(request, { abortSignal: attempt.ending });
      call.facts.pdpStatus = response.statusCode;
      const body = await readReplyBody(response.body, maxReplyBytes);
      const { endConnection } = attempt;
      return healthy({ status: response.statusCode, headers: response.headers, body, endConnection }, clock.now());
    };
    try {
      return await attempt.bound(exchange());
    } catch (error) {
      const fault = error instanceof AuthorizerError ? error : networkFaultOf(error, attempt);
      if (fault.retryable && !fault.unhealthy) sockets.dropIdle();
      throw fault;
    } finally {
      attempt.end();
      call.facts.pdpMs += clock.elapsed() - started;
    }
  };
};

/** What the HTTP handler accepts in place of an AbortSignal. It needs neither events nor listeners, which every call would pay for. */
interface Ending {
  aborted: boolean;
  reason: unknown;
  /** Set by the handler. */
  onabort: (() => void) | null;
}

interface Attempt {
  readonly ending: Ending;
  readonly watch: SocketWatch;
  /** Settles as the work does, or rejects as soon as the attempt is aborted, whatever Node makes of that. */
  readonly bound: <T>(work: Promise<T>) => Promise<T>;
  /** Whether it ever had a socket: waiting for one in our own pool says nothing about PingOne. */
  readonly hadItsTurn: () => boolean;
  /** Whether PingOne said anything at all. */
  readonly repliedAnything: () => boolean;
  readonly endConnection: () => void;
  /** Whether the connection was there before the request: its end says nothing about PingOne. */
  readonly onKeptSocket: () => boolean;
  readonly end: () => void;
}

const TOO_LONG = new Error('the attempt took too long');

/** An attempt ends with its request, or when it has had a connection for `timeoutMs`. */
function startAttempt(parent: AbortSignal, timeoutMs: number, clock: Clock): Attempt {
  const ending: Ending = { aborted: false, reason: undefined, onabort: null };
  let giveUp: (() => void) | undefined;
  let cancel: (() => void) | undefined;
  let socket: Duplex | undefined;
  let readBefore = 0;
  let kept = false;
  let hadItsTurn = false;
  const abort = (): void => {
    ending.aborted = true;
    ending.reason = parent.reason ?? TOO_LONG;
    giveUp?.();
    ending.onabort?.();
  };
  if (parent.aborted) abort();
  else parent.addEventListener('abort', abort);
  return {
    ending,
    watch: {
      onTurn: () => {
        hadItsTurn = true;
      },
      onConnected: (given, wasThere) => {
        socket = given;
        kept = wasThere;
        readBefore = bytesReadOn(given);
        if (!ending.aborted) cancel = clock.after(timeoutMs, abort);
      },
    },
    bound: work =>
      new Promise((resolve, reject) => {
        giveUp = () => reject(ending.reason);
        if (ending.aborted) giveUp();
        work.then(resolve, reject);
      }),
    hadItsTurn: () => hadItsTurn,
    repliedAnything: () => socket !== undefined && bytesReadOn(socket) > readBefore,
    endConnection: () => void socket?.destroy(),
    onKeptSocket: () => kept,
    end: () => {
      cancel?.();
      parent.removeEventListener('abort', abort);
    },
  };
}

/** The body whole, or undefined if it broke off or outgrew the limit; what is too large is never held. */
function readReplyBody(body: Readable, limit: number): Promise<Uint8Array | undefined> {
  return new Promise(resolve => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    body.on('data', (chunk: Uint8Array) => {
      size += chunk.byteLength;
      chunks.push(chunk);
      if (size <= limit) return;
      body.destroy();
      resolve(undefined);
    });
    const whole = (): void => resolve(Buffer.concat(chunks, size));
    const broken = (): void => resolve(undefined);
    body.once('end', whole).once('error', broken).once('close', broken);
  });
}

/** Throws if the status says that PingOne is unwell. Every other reply is an answer, which the sideband judges. */
function healthy(reply: SidebandReply, now: number): SidebandReply {
  const { status } = reply;
  if (status !== 429 && !(status >= 500 && status <= 599)) return reply;
  const details = { correlationId: correlationIdOf(reply), unhealthy: true };
  const hint = status === 429 || status === 503 ? retryAfterMs(reply.headers['retry-after'], now) : undefined;
  if (status === 429) throw new AuthorizerError('PDP_RATE_LIMITED', { ...details, retryAfterMs: hint });
  throw new AuthorizerError('PDP_ERROR', {
    ...details,
    detail: `HTTP ${status}`,
    retryable: RETRYABLE.has(status),
    retryAfterMs: hint,
  });
}

/** Names a fault by what was aborted and by its code, never by its name or text. */
function networkFaultOf(cause: unknown, attempt: Attempt): AuthorizerError {
  if (attempt.ending.aborted) return new AuthorizerError('PDP_TIMEOUT', { unhealthy: attempt.hadItsTurn(), cause });
  const code = errorCodeOf(cause);
  if (code.startsWith('HPE_')) return new AuthorizerError('PDP_BAD_REPLY', { detail: 'not HTTP', cause });
  if (code === UPGRADED) return new AuthorizerError('PDP_REJECTED', { detail: 'PingOne answered HTTP 101', cause });
  const retryable = !attempt.repliedAnything();
  const unhealthy = !(retryable && attempt.onKeptSocket());
  return new AuthorizerError('PDP_UNREACHABLE', { detail: code, unhealthy, retryable, cause });
}

function errorCodeOf(error: unknown): string {
  const code: unknown = Object(error).code;
  return typeof code === 'string' ? code : 'unknown';
}
