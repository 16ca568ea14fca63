/** Which sockets between two requests may carry another one: none that is too old, and none on which bytes came unasked. */
import type { Duplex } from 'node:stream';
import type { Clock } from '../domain/clock.ts';

export interface IdleSockets {
  /** A socket has nothing to do from now on. */
  readonly rest: (socket: Duplex) => void;
  /** Whether a request may use it. */
  readonly isFit: (socket: Duplex) => boolean;
}

interface Rest {
  /** Wall clock, ms. */
  readonly since: number;
  /** Bytes that had arrived by then: those belong to replies that were asked for. */
  readonly bytesRead: number;
}

/** Bytes that ever arrived on a socket. */
export const bytesReadOn = (socket: Duplex): number => Number(Reflect.get(socket, 'bytesRead') ?? 0);

/** @param idleMs a socket that is idle for longer is not fit; the server's own hint may make that sooner. */
export const idleSockets = (idleMs: number, clock: Pick<Clock, 'now'>): IdleSockets => {
  const resting = new WeakMap<Duplex, Rest>();

  /** A clock that was set back tells no age. */
  const isStale = (socket: Duplex, { since }: Rest): boolean => {
    // Without a hint there is no timeout, or it is 0.
    const hinted = Number(Reflect.get(socket, 'timeout')) || idleMs;
    const age = clock.now() - since;
    return age < 0 || age >= Math.min(hinted, idleMs);
  };

  /** Bytes that came between two requests answer neither: a reply sent twice, a load balancer's 408, or worse. */
  const wasSpokenOn = (socket: Duplex, { bytesRead }: Rest): boolean =>
    socket.readableLength > 0 || bytesReadOn(socket) !== bytesRead;

  return {
    rest: socket => void resting.set(socket, { since: clock.now(), bytesRead: bytesReadOn(socket) }),
    isFit: socket => {
      const rest = resting.get(socket);
      return rest !== undefined && !isStale(socket, rest) && !wasSpokenOn(socket, rest);
    },
  };
};
