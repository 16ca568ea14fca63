/** One accepted connection: sends bytes with back-pressure, and can end in every way. */
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';

export interface Wire {
  /** Resolves when the bytes have left this process; with false if the peer has closed the connection. */
  write(bytes: Buffer): Promise<boolean>;
  /** FIN, after the written bytes. */
  end(): void;
  /** RST, at once. */
  reset(): void;
  /** Acts as soon as the peer sends more bytes. */
  onNextByte(action: () => void): void;
  /** FIN if the peer stays silent for so long. */
  endWhenIdleFor(ms: number): void;
  /** Resolves when the connection has ended, on either side. */
  readonly gone: Promise<void>;
  /** False if the connection ended first. */
  pause(ms: number): Promise<boolean>;
}

/** Wraps a connection: `stream` carries the bytes (TLS or plain), `tcp` is the connection below it. */
export const wireOver = (stream: Socket | TLSSocket, tcp: Socket): Wire => {
  const over = new AbortController();
  const gone = new Promise<void>(resolve => {
    for (const socket of [stream, tcp]) {
      socket.once('close', () => {
        over.abort();
        resolve();
      });
    }
  });

  const reset = (): void => {
    if (!tcp.destroyed) tcp.resetAndDestroy();
    stream.destroy();
  };

  return {
    gone,
    reset,
    write: bytes =>
      new Promise(resolve => {
        if (stream.destroyed || !stream.writable) {
          resolve(false);
          return;
        }
        stream.write(bytes, error => resolve(!error));
      }),
    end: () => {
      stream.end();
    },
    onNextByte: action => {
      stream.once('data', action);
    },
    endWhenIdleFor: ms => {
      const timer = setTimeout(() => stream.end(), ms);
      const keep = (): void => clearTimeout(timer);
      stream.once('data', keep);
      stream.once('close', keep);
    },
    pause: async ms => {
      try {
        await delay(ms, undefined, { signal: over.signal });
        return true;
      } catch {
        return false;
      }
    },
  };
};
