/** The keep-alive pool: connections bounded in time, never reused when stale, one opened ahead of the first request. */
import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { PoolSettings } from '../config/configuration.ts';
import type { ServiceUrl } from '../config/service-url.ts';
import type { Clock } from '../domain/clock.ts';
import { idleSockets } from './socket-reuse.ts';

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
  /**
   * Resolves when idle sockets are fit for a request. Those that are too old are destroyed, since after a freeze no timer
   * has done so yet, and those on which bytes came that nobody asked for, since they would be taken for the next reply.
   */
  readonly ready: () => Promise<void>;
  /** Destroys every idle socket: where one was forgotten by the peer, the others were too. */
  readonly dropIdle: () => void;
  /** Opens one connection now, which keeps no process alive once it is there; never throws, and a failure changes nothing. */
  readonly prewarm: () => void;
}

type Connect = HttpAgent['createConnection'];
type ConnectOptions = Parameters<Connect>[0];
type Dispatch = (request: ClientRequest, options: { readonly headers?: object }) => void;

/** The code of the error that a 101 becomes: Node itself would end the connection without a word to anyone. */
export const UPGRADED = 'UPGRADED';

const swallow = (): void => undefined;

const connectTimeout = (): Error => Object.assign(new Error('connecting took too long'), { code: 'ETIMEDOUT' });

/**
 * Resolves when everything has been read that had arrived before: the first `setImmediate` ends the turn of the event
 * loop that is under way, the second one comes after the sockets were polled anew.
 */
const heardAll = (): Promise<void> => new Promise(resolve => void setImmediate(() => void setImmediate(resolve)));

/** `addRequest` is how Node hands a request to its agent; it is there in every version, and missing in the types. */
const dispatcherOf = (agent: HttpAgent): Dispatch => {
  const add: unknown = Reflect.get(agent, 'addRequest');
  return (request, options) => {
    if (typeof add === 'function') Reflect.apply(add, agent, [request, options]);
  };
};

/** The pool for one service. */
export const openSockets = (serviceUrl: ServiceUrl, settings: PoolSettings, clock: Clock): Sockets => {
  const secure = serviceUrl.protocol === 'https:';
  // The agent's own timeout closes idle sockets while we run, and lets it honour the server's Keep-Alive hint.
  const pool = { keepAlive: true, maxSockets: settings.maxSockets, timeout: settings.idleMs };
  // Said outright, so that not even NODE_TLS_REJECT_UNAUTHORIZED turns verification off.
  const tls = { minVersion: 'TLSv1.2', rejectUnauthorized: true } as const;
  const agent = secure ? new HttpsAgent({ ...pool, ...tls }) : new HttpAgent(pool);
  const connectedEvent = secure ? 'secureConnect' : 'connect';
  const idle = idleSockets(settings.idleMs, clock);
  const connected = new WeakSet<Duplex>();
  const watched = new WeakMap<object, SocketWatch>();
  let ahead: Socket | undefined;

  const connect: Connect = agent.createConnection.bind(agent);
  const keep = agent.keepSocketAlive.bind(agent);
  const dispatch = dispatcherOf(agent);

  const open = (to: ConnectOptions): Socket => {
    const socket = connect(to);
    // Only for the types: Node's agents open nothing else.
    if (!(socket instanceof Socket)) throw new TypeError();
    const cancel = clock.after(settings.connectTimeoutMs, () => socket.destroy(connectTimeout()));
    socket.once(connectedEvent, () => {
      cancel();
      connected.add(socket);
      if (ahead === socket) socket.unref();
    });
    socket.once('close', cancel);
    return socket;
  };

  const takeAhead = (): Socket | undefined => {
    const socket = ahead;
    ahead = undefined;
    if (socket === undefined || socket.destroyed || !socket.writable) return undefined;
    if (!idle.isFit(socket)) {
      socket.destroy();
      return undefined;
    }
    socket.ref();
    return socket;
  };

  /** Told to leave at once: `close` comes later, and until then the agent could still hand it out. */
  const drop = (socket: Duplex): void => {
    socket.destroy();
    socket.emit('agentRemove');
  };

  /** A copy, since to drop a socket changes the agent's own lists. */
  const freeSockets = (): readonly Duplex[] => {
    const all: Duplex[] = [];
    for (const name in agent.freeSockets) all.push(...(agent.freeSockets[name] ?? []));
    return all;
  };

  const tell = (socket: Duplex, { onTurn, onConnected }: SocketWatch): void => {
    onTurn();
    if (connected.has(socket)) onConnected(socket, true);
    else socket.once(connectedEvent, () => onConnected(socket, false));
  };

  return Object.freeze({
    agent: Object.assign(agent, {
      createConnection: (to: ConnectOptions) => takeAhead() ?? open(to),
      keepSocketAlive: (socket: Duplex) => {
        idle.rest(socket);
        const kept: unknown = keep(socket);
        return kept !== false && idle.isFit(socket);
      },
      addRequest: (request: ClientRequest, requestOptions: { readonly headers?: object }) => {
        const watch = watched.get(requestOptions.headers ?? {});
        // Said outright, so that not even --insecure-http-parser lets one reply be read as two.
        Reflect.set(request, 'insecureHTTPParser', false);
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
      for (const socket of freeSockets()) drop(socket);
    },
    ready: async () => {
      if (ahead === undefined && freeSockets().length === 0) return;
      await heardAll();
      for (const socket of freeSockets()) if (!idle.isFit(socket)) drop(socket);
    },
    prewarm: () => {
      const host = serviceUrl.hostname.replace(/[[\]]/g, '');
      const port = Number(serviceUrl.port || (secure ? 443 : 80));
      const to = { ...pool, ...tls, host, port, servername: isIP(host) === 0 ? host : '' };
      // Under this key https.Agent keeps the TLS session, so that later connections resume it.
      const keyed = { ...to, _agentKey: agent.getName(to) };
      const socket = open(keyed);
      socket.on('error', swallow);
      idle.rest(socket);
      ahead = socket;
    },
  });
};
