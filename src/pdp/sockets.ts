/** The keep-alive pool: connections bounded in time, never reused when stale, one opened ahead of the first request. */
import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServiceUrl } from '../url.ts';
import type { Clock } from './deadline.ts';

export interface SocketSettings {
  readonly maxSockets: number;
  /** Idle longer than this, by the wall clock, is not reused. */
  readonly idleMs: number;
  /** TCP and TLS together. */
  readonly connectTimeoutMs: number;
}

/** What one request is told of its connection. */
export interface SocketWatch {
  /** It has a socket, connected or not: it no longer waits for its turn in the pool. */
  readonly onTurn: () => void;
  /** The socket is connected: what is written from then on is the request. `kept`: it was so before. */
  readonly onConnected: (socket: Duplex, kept: boolean) => void;
}

export interface Sockets {
  readonly agent: HttpAgent;
  /** Announces the request that will carry this headers object. */
  readonly watch: (headers: object, watch: SocketWatch) => void;
  /** Destroys idle sockets that are too old: after a freeze no timer has done so yet. */
  readonly dropStale: () => void;
  /** Destroys every idle socket: where one was forgotten by the peer, the others were too. */
  readonly dropIdle: () => void;
  /** Opens one connection now; never throws, and a failure changes nothing. */
  readonly prewarm: () => void;
}

type Connect = HttpAgent['createConnection'];
type ConnectOptions = Parameters<Connect>[0];
type Dispatch = (request: ClientRequest, options: { readonly headers?: object }) => void;

/** The code of the error that a 101 becomes: Node itself would end the connection without a word to anyone. */
export const UPGRADED = 'UPGRADED';

const swallow = (): void => undefined;

const connectTimeout = (): Error => Object.assign(new Error('connecting took too long'), { code: 'ETIMEDOUT' });

/** `addRequest` is how Node hands a request to its agent; it is there in every version, and missing in the types. */
const dispatcherOf = (agent: HttpAgent): Dispatch => {
  const add: unknown = Reflect.get(agent, 'addRequest');
  return (request, options) => {
    if (typeof add === 'function') Reflect.apply(add, agent, [request, options]);
  };
};

/** The pool for one service. */
export const openSockets = (serviceUrl: ServiceUrl, settings: SocketSettings, clock: Clock): Sockets => {
  const secure = serviceUrl.protocol === 'https:';
  // The agent's own timeout closes idle sockets while we run, and lets it honour the server's Keep-Alive hint.
  const pool = { keepAlive: true, maxSockets: settings.maxSockets, timeout: settings.idleMs };
  // Said outright, so that not even NODE_TLS_REJECT_UNAUTHORIZED turns verification off.
  const tls = { minVersion: 'TLSv1.2', rejectUnauthorized: true } as const;
  const agent = secure ? new HttpsAgent({ ...pool, ...tls }) : new HttpAgent(pool);
  const idleSince = new WeakMap<Duplex, number>();
  const connected = new WeakSet<Duplex>();
  const watched = new WeakMap<object, SocketWatch>();
  let ahead: Duplex | undefined;

  const connect: Connect = agent.createConnection.bind(agent);
  const keep = agent.keepSocketAlive.bind(agent);
  const dispatch = dispatcherOf(agent);

  const isStale = (socket: Duplex): boolean => {
    const hinted = 'timeout' in socket && typeof socket.timeout === 'number' ? socket.timeout : 0;
    const limit = hinted > 0 ? Math.min(hinted, settings.idleMs) : settings.idleMs;
    const idle = clock.now() - (idleSince.get(socket) ?? 0);
    return idle < 0 || idle >= limit;
  };

  const open = (to: ConnectOptions): Duplex | null | undefined => {
    const socket = connect(to);
    if (socket === null || socket === undefined) return socket;
    const cancel = clock.after(settings.connectTimeoutMs, () => socket.destroy(connectTimeout()));
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      cancel();
      connected.add(socket);
    });
    socket.once('close', cancel);
    return socket;
  };

  const takeAhead = (): Duplex | undefined => {
    const socket = ahead;
    ahead = undefined;
    if (socket === undefined || socket.destroyed || !socket.writable) return undefined;
    // Bytes that came before any request answer none: a load balancer's 408, or worse.
    if (!isStale(socket) && socket.readableLength === 0) return socket;
    socket.destroy();
    return undefined;
  };

  const tell = (socket: Duplex, { onTurn, onConnected }: SocketWatch): void => {
    onTurn();
    if (connected.has(socket)) onConnected(socket, true);
    else socket.once(secure ? 'secureConnect' : 'connect', () => onConnected(socket, false));
  };

  return Object.freeze({
    agent: Object.assign(agent, {
      createConnection: (to: ConnectOptions) => takeAhead() ?? open(to),
      keepSocketAlive: (socket: Duplex) => {
        idleSince.set(socket, clock.now());
        return keep(socket);
      },
      addRequest: (request: ClientRequest, requestOptions: { readonly headers?: object }) => {
        const watch = watched.get(requestOptions.headers ?? {});
        request.once('upgrade', (_response, socket) => {
          socket.destroy();
          request.emit('error', Object.assign(new Error('upgraded'), { code: UPGRADED }));
        });
        if (watch !== undefined) request.once('socket', socket => tell(socket, watch));
        dispatch(request, requestOptions);
      },
    }),
    watch: (headers: object, watch: SocketWatch) => {
      watched.set(headers, watch);
    },
    dropIdle: () => {
      for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
    },
    dropStale: () => {
      for (const sockets of Object.values(agent.freeSockets)) {
        for (const socket of sockets ?? []) if (isStale(socket)) socket.destroy();
      }
    },
    prewarm: () => {
      const host = serviceUrl.hostname.replace(/^\[|\]$/g, '');
      const port = Number(serviceUrl.port || (secure ? 443 : 80));
      const to = { ...pool, ...tls, host, port, servername: isIP(host) === 0 ? host : '' };
      // Under this key https.Agent keeps the TLS session, so that later connections resume it.
      const keyed = { ...to, _agentKey: agent.getName(to) };
      const socket = open(keyed);
      if (socket === null || socket === undefined) return;
      socket.on('error', swallow);
      idleSince.set(socket, clock.now());
      ahead = socket;
    },
  });
};
