/** Rules of the keep-alive pool: connections are reused, never when stale, and one is opened ahead. */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../../src/domain/clock.ts';
import type { Sockets } from '../../../src/pdp/connection-pool.ts';
import type { Behaviour } from '../../support/behaviours.ts';
import { tlsMaterials } from '../../support/tls.ts';
import { fakeClock } from '../fake-clock.ts';
import { ASKED } from '../permits.ts';
import { openTransport } from './open-transport.ts';

const PERMIT: Behaviour = { kind: 'permit' };

/** A clock, and when a connection is there: the time to connect is not needed any more. */
const tellingWhenConnected = () => {
  const { promise: connected, resolve } = Promise.withResolvers<void>();
  const clock: Clock = {
    ...systemClock,
    after: (ms, action) => {
      const cancel = systemClock.after(ms, action);
      return () => {
        cancel();
        resolve();
      };
    },
  };
  return { clock, connected };
};

/** Real timers, and a wall clock that a freeze can move. */
const freezable = () => {
  const wall = fakeClock(Date.now());
  return { clock: { ...systemClock, now: wall.now }, freeze: wall.jump };
};

describe('a connection', () => {
  it('carries one request after another', async () => {
    const { pdp, post } = await openTransport({ pdp: { otherwise: PERMIT } });
    for (let at = 0; at < 5; at += 1) await post();
    expect(pdp.connections.opened).toBe(1);
    pdp.done();
  });

  it('that was idle for too long by the wall clock is not used again, frozen or not', async () => {
    const { clock, freeze } = freezable();
    const { pdp, post } = await openTransport({ clock, idleMs: 30_000, pdp: { script: [{ kind: 'forget' }, PERMIT] } });
    await post();
    freeze(30_000);
    expect((await post()).status).toBe(200);
    expect(pdp.connections).toMatchObject({ opened: 2, usedAfterForgetting: 0 });
    pdp.done();
  });

  it.each([0, 1])('is not used again where the server says that it closes it at once: in %i s', async seconds => {
    const { pdp, post } = await openTransport({ pdp: { script: [{ kind: 'keepAliveHint', seconds }, PERMIT] } });
    await post();
    await post();
    expect(pdp.connections.opened).toBe(2);
  });

  it('that is younger is used again', async () => {
    const { clock, freeze } = freezable();
    const { pdp, post } = await openTransport({ clock, idleMs: 30_000, pdp: { otherwise: PERMIT } });
    await post();
    freeze(29_000);
    await post();
    expect(pdp.connections.opened).toBe(1);
  });

  it('is not used again where the clock was set back: its age is unknown', async () => {
    const { clock, freeze } = freezable();
    const { pdp, post } = await openTransport({ clock, pdp: { otherwise: PERMIT } });
    await post();
    freeze(-1000);
    await post();
    expect(pdp.connections.opened).toBe(2);
  });

  it('is given up before the server does, where that says when', async () => {
    const { clock, freeze } = freezable();
    const { pdp, post } = await openTransport({
      clock,
      pdp: { script: [{ kind: 'keepAliveHint', seconds: 5 }, PERMIT] },
    });
    await post();
    freeze(5000);
    await post();
    expect(pdp.connections.opened).toBe(2);
  });

  it('on which bytes came meanwhile is not used again, but another one that is idle as well', async () => {
    const { pdp, sockets, post } = await openTransport({
      // The second of two connections, which an agent would use first.
      pdp: { script: [{ kind: 'slow', ms: 5, behaviour: PERMIT }, PERMIT], otherwise: PERMIT },
    });
    await Promise.all([post(), post()]);
    const idle = unguarded(sockets);
    const heard = (): number => idle.reduce((bytes, { bytesRead }) => bytes + bytesRead, 0);
    const eachReply = heard() / 2;
    pdp.script({ kind: 'twice', after: 5 });
    await post();
    unguarded(sockets);
    await expect.poll(heard).toBe(4 * eachReply);
    const spokenOn = pdp.calls[2]?.connection;
    expect((await post()).status).toBe(200);
    expect(pdp.calls[3]?.connection).not.toBe(spokenOn);
    expect(pdp.connections.opened).toBe(2);
    await pdp.open(1);
  });

  it('is one of as many as configured; further requests wait', async () => {
    const { pdp, post } = await openTransport({
      maxSockets: 2,
      pdp: { otherwise: { kind: 'slow', ms: 20, behaviour: PERMIT } },
    });
    const replies = await Promise.all(Array.from({ length: 8 }, () => post()));
    expect(replies.every(({ status }) => status === 200)).toBe(true);
    expect(pdp.connections.opened).toBe(2);
  });

  it('that a request never got, for want of room, says nothing about PingOne', async () => {
    const { post } = await openTransport({ maxSockets: 1, pdp: { otherwise: { kind: 'stallHead' } } });
    const first = new AbortController();
    const holding = post({ signal: first.signal });
    await expect(post({ signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      code: 'PDP_TIMEOUT',
      unhealthy: false,
    });
    first.abort();
    await expect(holding).rejects.toMatchObject({ code: 'PDP_TIMEOUT', unhealthy: true });
  });
});

/** Idle sockets as they are on a Node that does not watch them by itself. */
const unguarded = ({ agent }: Sockets): readonly Socket[] => {
  const idle = Object.values(agent.freeSockets).flatMap(sockets => sockets ?? []);
  for (const socket of idle) Reflect.apply(Agent.prototype.reuseSocket, agent, [socket, {}]);
  return idle.filter(socket => socket instanceof Socket);
};

describe('a connection ahead of the first request', () => {
  it('is opened once and used by it', async () => {
    const { pdp, sockets, post } = await openTransport({ pdp: { otherwise: PERMIT } });
    sockets.prewarm();
    await pdp.open(1);
    await post();
    await post();
    expect(pdp.connections.opened).toBe(1);
    pdp.done();
  });

  it('that fails, stalls or grows old changes nothing', async () => {
    const { clock, freeze } = freezable();
    const { pdp, sockets, post } = await openTransport({
      clock,
      connectTimeoutMs: 50,
      pdp: { otherwise: PERMIT, connectionScript: [{ kind: 'resetConnect' }, { kind: 'accept' }] },
    });
    sockets.prewarm();
    await pdp.open(0);
    await expect.poll(() => pdp.connections.opened).toBe(1);
    expect((await post()).status).toBe(200);
    sockets.agent.destroy();
    sockets.prewarm();
    await expect.poll(() => pdp.connections.opened).toBe(3);
    freeze(60_000);
    expect((await post()).status).toBe(200);
    expect(pdp.connections.opened).toBe(4);
    await pdp.open(1);
  });

  it('on which somebody spoke before any request is not used: what he said answers none', async () => {
    const asked: number[] = [];
    let connections = 0;
    const { connected, clock } = tellingWhenConnected();
    const accepted = Promise.withResolvers<Socket>();
    const server = createServer(socket => {
      connections += 1;
      accepted.resolve(socket);
      const connection = connections;
      socket.on('error', () => undefined);
      socket.on('data', () => {
        asked.push(connection);
        socket.end('HTTP/1.1 204 No Content\r\n\r\n');
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { sockets, post } = await openTransport({ clock, url: `http://127.0.0.1:${port}` });
    sockets.prewarm();
    const [peer] = await Promise.all([accepted.promise, connected]);
    // Asked in the very turn in which the bytes are on their way, and nobody has read them yet.
    await new Promise<void>(resolve => peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}', () => resolve()));
    expect((await post()).status).toBe(204);
    expect(asked).toEqual([2]);
  });

  it('never throws, not even where there is nobody', async () => {
    const { pdp, sockets, post } = await openTransport();
    await pdp.stop();
    expect(() => sockets.prewarm()).not.toThrow();
    await expect(post()).rejects.toThrow('PDP_UNREACHABLE');
  });

  it.each([
    ['localhost', 'localhost'],
    ['127.0.0.1', false],
  ])(
    'over TLS to %s names that host where it is a name, and leaves its session to the next one',
    async (host, named) => {
      const trusted = getCACertificates('default');
      setDefaultCACertificates([...trusted, tlsMaterials.caPem]);
      onTestFinished(() => setDefaultCACertificates(trusted));
      const { keyPem: key, certPem: cert } = tlsMaterials.good;
      const handshakes: { readonly resumed: boolean; readonly named: unknown }[] = [];
      const server = createHttpsServer({ key, cert }, (request, response) => {
        request.resume().once('end', () => response.writeHead(204, { connection: 'close' }).end());
      });
      server.on('secureConnection', socket => {
        handshakes.push({ resumed: socket.isSessionReused(), named: Reflect.get(socket, 'servername') });
      });
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const { sockets, post } = await openTransport({ url: `https://${host}:${port}/v1` });
      sockets.prewarm();
      await post();
      await post();
      expect(handshakes).toEqual([
        { resumed: false, named },
        { resumed: true, named },
      ]);
    },
  );

  it('may be to an IPv6 address', async () => {
    const { connected, clock } = tellingWhenConnected();
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, '::1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { sockets } = await openTransport({ clock, url: `http://[::1]:${port}` });
    sockets.prewarm();
    const [peer] = await Promise.all([once(server, 'connection'), connected]);
    expect(peer).toHaveLength(1);
    for (const socket of peer) socket.destroy();
  });

  /** Sockets of this process that keep it alive. */
  const keptAliveBy = (): number => process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap').length;

  it('keeps no process alive, and a request on it does', async () => {
    const { clock, connected } = tellingWhenConnected();
    const { pdp, sockets, post } = await openTransport({ clock, pdp: { otherwise: { kind: 'stallHead' } } });
    // Those of tests before this one are closed, but not gone at once.
    await expect.poll(keptAliveBy).toBe(0);
    sockets.prewarm();
    await Promise.all([pdp.open(1), connected]);
    // The service's own end of the connection is in this process too.
    expect(keptAliveBy()).toBe(1);
    const over = new AbortController();
    const first = post({ signal: over.signal });
    await pdp.called(1);
    expect(keptAliveBy()).toBe(2);
    const second = post({ signal: over.signal });
    await pdp.called(2);
    expect(keptAliveBy()).toBe(4);
    over.abort();
    await expect(first).rejects.toThrow('PDP_TIMEOUT');
    await expect(second).rejects.toThrow('PDP_TIMEOUT');
  });
});

describe('the agent', () => {
  it('reads replies strictly, also to a request that asks for leniency and that nobody watches', async () => {
    const bytes = 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n';
    const { pdp, sockets } = await openTransport({ pdp: { otherwise: { kind: 'raw', bytes } } });
    const { agent } = sockets;
    const asked = request(`${pdp.url}/sideband/request`, { agent, method: 'POST', insecureHTTPParser: true });
    const ended = Promise.withResolvers<string>();
    asked.once('error', error => ended.resolve(String(Reflect.get(error, 'code'))));
    asked.once('response', () => ended.resolve('a response'));
    asked.end(JSON.stringify(ASKED));
    expect(await ended.promise).toMatch(/^HPE_/);
  });
});
