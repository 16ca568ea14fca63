/** Rules of the keep-alive pool: connections are reused, never when stale, and one is opened ahead. */
import { Agent } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/domain/clock.ts';
import type { Sockets } from '../../../src/pdp/connection-pool.ts';
import type { Behaviour } from '../../support/behaviours.ts';
import { tlsMaterials } from '../../support/tls.ts';
import { fakeClock } from '../fake-clock.ts';
import { openTransport } from './open-transport.ts';

const PERMIT: Behaviour = { kind: 'permit' };

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
  });

  it('on which somebody spoke before any request is not used: what he said answers none', async () => {
    const asked: number[] = [];
    let connections = 0;
    let spoke = false;
    const server = createServer(socket => {
      connections += 1;
      const connection = connections;
      socket.on('error', () => undefined);
      socket.on('data', () => {
        asked.push(connection);
        socket.end('HTTP/1.1 204 No Content\r\n\r\n');
      });
      if (connection === 1)
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}', () => {
          spoke = true;
        });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { sockets, post } = await openTransport({ url: `http://127.0.0.1:${port}` });
    sockets.prewarm();
    await expect.poll(() => spoke).toBe(true);
    expect((await post()).status).toBe(204);
    expect(asked).toEqual([2]);
  });

  it('never throws, not even where there is nobody', async () => {
    const { pdp, sockets, post } = await openTransport();
    await pdp.stop();
    expect(() => sockets.prewarm()).not.toThrow();
    await expect(post()).rejects.toThrow('PDP_UNREACHABLE');
  });

  it('leaves its TLS session to the next one, whose handshake is then shorter', async () => {
    const trusted = getCACertificates('default');
    setDefaultCACertificates([...trusted, tlsMaterials.caPem]);
    onTestFinished(() => setDefaultCACertificates(trusted));
    const { keyPem: key, certPem: cert } = tlsMaterials.good;
    const resumed: boolean[] = [];
    const server = createHttpsServer({ key, cert }, (request, response) => {
      request.resume().once('end', () => response.writeHead(204, { connection: 'close' }).end());
    });
    server.on('secureConnection', socket => resumed.push(socket.isSessionReused()));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { sockets, post } = await openTransport({ url: `https://localhost:${port}/v1` });
    sockets.prewarm();
    await post();
    await post();
    expect(resumed).toEqual([false, true]);
  });
});
