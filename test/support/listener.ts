/** A loopback listener, plain or TLS, that can be stopped and started again on the same port. */
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, type SecureVersion, TLSSocket } from 'node:tls';
import type { ConnectionBehaviour } from './behaviours.ts';
import type { TlsMaterial } from './tls.ts';

export interface TlsServing extends TlsMaterial {
  /** The only TLS version to offer; by default Node's. */
  readonly version?: SecureVersion;
}

export interface Listener {
  readonly port: number;
  /** Refuses new connections and resets the open ones. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** The byte stream of an accepted connection: the connection itself, or TLS over it. */
export const securing = (tls: TlsServing | undefined): ((tcp: Socket) => Socket) => {
  if (tls === undefined) return tcp => tcp;
  const { version } = tls;
  const secureContext = createSecureContext({
    key: tls.keyPem,
    cert: tls.certPem,
    // OpenSSL offers versions before 1.2 only at security level 0.
    ...(version === undefined ? {} : { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }),
  });
  return tcp => new TLSSocket(tcp, { isServer: true, secureContext });
};

/** Applies a behaviour to a new connection. True if requests may be read from it. */
export const meet = (behaviour: ConnectionBehaviour, tcp: Socket): boolean => {
  switch (behaviour.kind) {
    case 'accept':
      return true;
    case 'stallConnect':
      // Bytes are read and dropped, because otherwise the peer's end would not be noticed.
      tcp.resume();
      return false;
    case 'resetConnect':
      tcp.resetAndDestroy();
      return false;
    case 'closeConnect':
      tcp.resume();
      tcp.end();
      return false;
  }
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('the fake PDP has no port'));
    });
  });

/** Listens on a free loopback port and passes on every accepted connection. */
export const startListener = async (accepted: (tcp: Socket) => void): Promise<Listener> => {
  const open = new Set<Socket>();
  const server = createServer(tcp => {
    open.add(tcp);
    tcp.once('close', () => open.delete(tcp));
    tcp.setNoDelay(true);
    accepted(tcp);
  });
  const port = await listen(server, 0);
  return {
    port,
    start: async () => {
      await listen(server, port);
    },
    stop: () =>
      new Promise(resolve => {
        for (const tcp of open) tcp.destroy();
        if (server.listening) server.close(() => resolve());
        else resolve();
      }),
  };
};
