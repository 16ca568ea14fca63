/** Send over keep-alive HTTP/1.1: the only importer of @smithy/node-http-handler; names every network fault. */
import type { Duplex, Readable } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { TransportSettings } from '../config/groups.ts';
import { type Clock, until } from '../domain/clock.ts';
import { AuthorizerError } from '../domain/errors.ts';
import { correlationHeader } from '../sideband/correlation-id.ts';
import { correlationIdOf } from '../sideband/reply.ts';
import { SIDEBAND_PATH, type SidebandReply } from '../sideband/wire.ts';
import { bytesReadOn } from './idle-sockets.ts';
import type { Send } from './send.ts';
import { type Sockets, type SocketWatch, UPGRADED } from './sockets.ts';

type HandlerRequest = Parameters<NodeHttpHandler['handle']>[0];

const LONGEST_RETRY_AFTER_MS = 60_000;
/** RFC 9110 IMF-fixdate; `Date.parse` alone takes much else for a date. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const RETRYABLE: ReadonlySet<number> = new Set([502, 503, 504]);
const USER_AGENT = 'pingone-lambda-authorizer';

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'unknown';

/** `Retry-After` as ms from now: seconds or an HTTP date, at most a minute. */
export const retryAfterMs = (value: string | undefined, now: number): number | undefined => {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : HTTP_DATE.test(value) ? Date.parse(value) - now : 0;
  return ms > 0 ? Math.min(ms, LONGEST_RETRY_AFTER_MS) : undefined;
};

/** Throws where the status says that PingOne is unwell; every other reply is an answer for others to judge. */
const healthy = (reply: SidebandReply, now: number): SidebandReply => {
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
};

/** The body whole, or undefined where it broke off or outgrew the limit; what is too large is never held. */
const readBody = (body: Readable, limit: number): Promise<Uint8Array | undefined> =>
  new Promise(resolve => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    body.on('data', (chunk: Uint8Array) => {
      size += chunk.byteLength;
      chunks.push(chunk);
      if (size <= limit) return;
      body.destroy();
      resolve(undefined);
    });
    const whole = (): void => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size));
    const broken = (): void => resolve(undefined);
    body.once('end', whole).once('error', broken).once('close', broken);
  });

interface Attempt {
  readonly signal: AbortSignal;
  readonly watch: SocketWatch;
  /** Whether it ever had a socket: waiting for one in our own pool says nothing about PingOne. */
  readonly hadItsTurn: () => boolean;
  /** Whether PingOne said anything at all. */
  readonly repliedAnything: () => boolean;
  readonly endConnection: () => void;
  /** Whether the connection was there before the request: its end says nothing about PingOne. */
  readonly onKeptSocket: () => boolean;
  readonly end: () => void;
}

const startAttempt = (parent: AbortSignal, timeoutMs: number, clock: Clock): Attempt => {
  const controller = new AbortController();
  const abort = (): void => controller.abort(parent.reason);
  let cancel = (): void => undefined;
  let socket: Duplex | undefined;
  let readBefore = 0;
  let kept = false;
  let hadItsTurn = false;
  parent.addEventListener('abort', abort, { once: true });
  if (parent.aborted) abort();
  return {
    signal: controller.signal,
    watch: {
      onTurn: () => {
        hadItsTurn = true;
      },
      onConnected: (given, wasThere) => {
        socket = given;
        kept = wasThere;
        readBefore = bytesReadOn(given);
        if (!controller.signal.aborted) cancel = clock.after(timeoutMs, abort);
      },
    },
    hadItsTurn: () => hadItsTurn,
    repliedAnything: () => socket !== undefined && bytesReadOn(socket) > readBefore,
    endConnection: () => void socket?.destroy(),
    onKeptSocket: () => kept,
    end: () => {
      cancel();
      parent.removeEventListener('abort', abort);
    },
  };
};

/** Names a fault by what was aborted and by its code, never by its name or text. */
const faultOf = (cause: unknown, attempt: Attempt): AuthorizerError => {
  if (attempt.signal.aborted) return new AuthorizerError('PDP_TIMEOUT', { unhealthy: attempt.hadItsTurn(), cause });
  const code = codeOf(cause);
  if (code.startsWith('HPE_')) return new AuthorizerError('PDP_BAD_REPLY', { detail: 'not HTTP', cause });
  if (code === UPGRADED) return new AuthorizerError('PDP_REJECTED', { detail: 'PingOne answered HTTP 101', cause });
  const retryable = !attempt.repliedAnything();
  const unhealthy = !(retryable && attempt.onKeptSocket());
  return new AuthorizerError('PDP_UNREACHABLE', { detail: code, unhealthy, retryable, cause });
};

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
    ...(serviceUrl.port === '' ? {} : { port: Number(serviceUrl.port) }),
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
      const { response } = await handler.handle(request, { abortSignal: attempt.signal });
      call.facts.pdpStatus = response.statusCode;
      const body = await readBody(response.body, maxReplyBytes);
      if (attempt.signal.aborted) throw faultOf(undefined, attempt);
      const { endConnection } = attempt;
      return healthy({ status: response.statusCode, headers: response.headers, body, endConnection }, clock.now());
    };
    try {
      // Whatever Node makes of an abort, the breaker must see an end to every call.
      return await until(attempt.signal, exchange(), () => attempt.signal.reason);
    } catch (error) {
      const fault = error instanceof AuthorizerError ? error : faultOf(error, attempt);
      if (fault.retryable && !fault.unhealthy) sockets.dropIdle();
      throw fault;
    } finally {
      attempt.end();
      call.facts.pdpMs += clock.elapsed() - started;
    }
  };
};
