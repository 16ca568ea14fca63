/** A scripted PingOne sideband service on loopback. It uses raw sockets, so that it can play every fault of a real service. */
import type { Socket } from 'node:net';
import type { Behaviour, ConnectionBehaviour } from './behaviours.ts';
import { type Call, type ConnectionCounts, conditions, type OpenCall, openCall, type Stray } from './call-book.ts';
import { deliver } from './deliver.ts';
import { ProtocolViolation, type RawRequest, readRequests } from './http-request.ts';
import { meet, securing, startListener, type TlsServing } from './listener.ts';
import { type AfterCall, send } from './reply-bytes.ts';
import { errorReply, sidebandViolations } from './sideband-answers.ts';
import { type Wire, wireOver } from './wire.ts';

export interface FakePdpOptions {
  readonly tls?: TlsServing;
  /** The host name in `url`. Both are the same loopback address. */
  readonly host?: 'localhost' | '127.0.0.1';
  readonly basePath?: string;
  /** One behaviour for each call. */
  readonly script?: readonly Behaviour[];
  /** The behaviour for calls after the script is used up. Without it such a call is answered 500 and fails `done()`. */
  readonly otherwise?: Behaviour;
  /** One behaviour for each connection. Later connections are accepted. */
  readonly connectionScript?: readonly ConnectionBehaviour[];
  /** The accepted credentials, which may change under traffic. If it is left out, every credential is accepted. */
  readonly acceptCredentials?: ReadonlySet<string>;
  readonly credentialHeader?: string;
  /** Methods of requests that only open a connection. They are answered 404 and are no violation on any path. */
  readonly warmUpMethods?: readonly string[];
  /** False: calls are counted and not kept, so that a long benchmark does not fill the memory. */
  readonly rememberCalls?: boolean;
}

export interface FakePdp {
  /** The service URL, base path included. */
  readonly url: string;
  readonly port: number;
  readonly calls: readonly Call[];
  readonly callCount: number;
  readonly warmUps: readonly Stray[];
  readonly strays: readonly Stray[];
  /** The clients' violations of HTTP/1.1 and of the sideband protocol. */
  readonly violations: readonly string[];
  readonly connections: ConnectionCounts;
  script(...behaviours: readonly Behaviour[]): void;
  scriptConnections(...behaviours: readonly ConnectionBehaviour[]): void;
  otherwise(behaviour: Behaviour | undefined): void;
  /** Resolves when so many calls have arrived, counted from the start. */
  called(times: number, withinMs?: number): Promise<void>;
  /** Resolves when exactly so many connections are open. */
  open(connections: number, withinMs?: number): Promise<void>;
  /** Resolves when no call is being answered any more. */
  settled(withinMs?: number): Promise<void>;
  /** Throws if the script was not used up, or if something unexpected arrived. */
  done(lenient?: { readonly unexpectedCalls?: boolean; readonly unusedScript?: boolean }): void;
  /** Refuses connections and resets the open ones, until `restart()`. */
  stop(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a fake PDP on a free port. */
export const startFakePdp = async (options: FakePdpOptions = {}): Promise<FakePdp> => {
  const { credentialHeader = 'CLIENT-TOKEN', warmUpMethods = ['HEAD'], basePath = '/v1/environments/e1' } = options;
  const script: Behaviour[] = [...(options.script ?? [])];
  const connectionScript: ConnectionBehaviour[] = [...(options.connectionScript ?? [])];
  const calls: OpenCall[] = [];
  const warmUps: Stray[] = [];
  const strays: Stray[] = [];
  const violations: string[] = [];
  const connections = { opened: 0, open: 0, usedAfterForgetting: 0 };
  const { changed, until } = conditions();
  const secure = securing(options.tls);
  let otherwise = options.otherwise;
  let callCount = 0;
  let unscripted = 0;

  const notACall = async (request: RawRequest, connection: number, wire: Wire): Promise<AfterCall> => {
    const warmUp = warmUpMethods.includes(request.method);
    (warmUp ? warmUps : strays).push({ method: request.method, path: request.target, connection });
    changed();
    const reply = errorReply(404, 'NOT_FOUND', 'The requested resource was not found');
    return send(request.method === 'HEAD' ? { ...reply, body: Buffer.alloc(0) } : reply, wire);
  };

  const answer = async (call: OpenCall, wire: Wire): Promise<AfterCall> => {
    const accepted = options.acceptCredentials;
    if (accepted !== undefined && (call.credential === undefined || !accepted.has(call.credential))) {
      call.outcome = 'refused';
      return send(errorReply(401, 'ACCESS_FAILED', 'The Gateway Token is invalid'), wire);
    }
    const behaviour = script.shift() ?? otherwise;
    if (behaviour === undefined) {
      unscripted += 1;
      return send(errorReply(500, 'UNSCRIPTED', 'The fake PDP expected no further call'), wire);
    }
    const after = await deliver(behaviour, wire, {
      request: call.body,
      answered: () => {
        call.outcome = 'answered';
        changed();
      },
      bodyBytesTaken: count => {
        call.bodyBytesTaken = count;
      },
      usedAfterForgetting: () => {
        connections.usedAfterForgetting += 1;
        changed();
      },
    });
    if (call.outcome === 'pending') call.outcome = 'broken';
    return after;
  };

  const take = async (request: RawRequest, connection: number, wire: Wire): Promise<AfterCall> => {
    const endpoint = `${basePath}/sideband/request`;
    if (request.method !== 'POST' || request.target !== endpoint) return notACall(request, connection, wire);
    const call = openCall(request, connection, credentialHeader);
    callCount += 1;
    if (options.rememberCalls !== false) {
      calls.push(call);
      violations.push(...sidebandViolations(call.body));
    }
    changed();
    const after = await answer(call, wire);
    changed();
    return after;
  };

  const serve = async (stream: Socket, wire: Wire, connection: number): Promise<void> => {
    const requests = readRequests(stream);
    try {
      for (;;) {
        const request = await requests.next();
        if (request === undefined) return;
        if ((await take(request, connection, wire)) === 'ended') return;
      }
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      violations.push(error.message);
      changed();
      await send(errorReply(400, 'INVALID_REQUEST', error.message), wire);
      wire.end();
    }
  };

  const listener = await startListener(tcp => {
    connections.opened += 1;
    connections.open += 1;
    const connection = connections.opened;
    tcp.once('close', () => {
      connections.open -= 1;
      changed();
    });
    // A peer may close its connection at any time. An unfinished call shows in the calls.
    tcp.on('error', () => undefined);
    changed();
    if (!meet(connectionScript.shift() ?? { kind: 'accept' }, tcp)) return;
    const stream = secure(tcp);
    stream.on('error', () => tcp.destroy());
    void serve(stream, wireOver(stream, tcp), connection);
  });

  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${options.host ?? '127.0.0.1'}:${listener.port}${basePath}`,
    port: listener.port,
    calls,
    warmUps,
    strays,
    violations,
    connections,
    get callCount() {
      return callCount;
    },
    script: (...behaviours) => {
      script.push(...behaviours);
    },
    scriptConnections: (...behaviours) => {
      connectionScript.push(...behaviours);
    },
    otherwise: behaviour => {
      otherwise = behaviour;
    },
    called: (times, withinMs) => until(`${times} calls`, () => callCount >= times, withinMs),
    open: (count, withinMs) => until(`${count} open connections`, () => connections.open === count, withinMs),
    settled: withinMs =>
      until('every call settled', () => calls.every(({ outcome }) => outcome !== 'pending'), withinMs),
    done: (lenient = {}) => {
      const unused = [...script, ...connectionScript].map(({ kind }) => kind);
      const complaints = [
        ...(lenient.unusedScript || unused.length === 0 ? [] : [`scripted but not met: ${unused.join(', ')}`]),
        ...(lenient.unexpectedCalls || unscripted === 0 ? [] : [`${unscripted} calls that no script expected`]),
        ...(lenient.unexpectedCalls ? [] : strays.map(({ method, path }) => `stray request ${method} ${path}`)),
        ...new Set(violations),
      ];
      if (complaints.length > 0) throw new Error(`fake PDP: ${complaints.join('; ')}`);
    },
    stop: listener.stop,
    restart: listener.start,
    close: listener.stop,
  };
};
