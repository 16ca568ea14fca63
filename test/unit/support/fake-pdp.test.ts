/** The fake PDP does on the wire what its behaviours say, and fails tests that do not meet its script. */
import { Agent, type IncomingMessage, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Behaviour } from '../../support/behaviours.ts';
import { type FakePdp, type FakePdpOptions, startFakePdp } from '../../support/fake-pdp.ts';
import { tlsMaterials } from '../../support/tls.ts';

const SIDEBAND = {
  source_ip: '192.0.2.1',
  source_port: 443,
  method: 'GET',
  url: 'https://api.example.org/orders?id=7',
  http_version: '1.1',
  headers: [{ Accept: '*/*' }, { 'X-App': 'one' }],
};

interface Exchange {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const start = async (options: FakePdpOptions): Promise<FakePdp> => {
  const pdp = await startFakePdp(options);
  closers.push(pdp.close);
  return pdp;
};

/** The bodies of so many replies on one connection on which so many requests are written, one after the other. */
const heard = (pdp: FakePdp, replies: number, requests = 1): Promise<readonly string[]> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify(SIDEBAND);
    const post = `POST /v1/environments/e1/sideband/request HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const socket = connect(pdp.port, '127.0.0.1', () => socket.write(post));
    closers.push(() => void socket.destroy());
    let text = '';
    let written = 1;
    socket.once('error', reject);
    socket.on('data', chunk => {
      text += chunk;
      const bodies = text.split('HTTP/1.1 200 OK').slice(1);
      if (bodies.length === replies) resolve(bodies);
      else if (written < requests) written += Number(socket.write(post));
    });
  });

const client = (pdp: FakePdp) => {
  const tls = pdp.url.startsWith('https:');
  const agent = tls
    ? new TlsAgent({ keepAlive: true, maxSockets: 1, ca: tlsMaterials.caPem })
    : new Agent({ keepAlive: true, maxSockets: 1 });
  closers.push(() => agent.destroy());
  return (signal?: AbortSignal, token = 'good', body: unknown = SIDEBAND): Promise<Exchange> =>
    new Promise((resolve, reject) => {
      const sent = (tls ? tlsRequest : request)(
        `${pdp.url}/sideband/request`,
        {
          method: 'POST',
          agent,
          headers: { 'CLIENT-TOKEN': token, 'Content-Type': 'application/json' },
          ...(signal === undefined ? {} : { signal }),
        },
        reply => {
          const chunks: Buffer[] = [];
          reply.on('data', (chunk: Buffer) => chunks.push(chunk));
          reply.once('error', reject);
          reply.once('end', () =>
            resolve({ status: reply.statusCode, headers: reply.headers, body: Buffer.concat(chunks).toString() }),
          );
        },
      );
      sent.once('error', reject);
      sent.once('upgrade', (reply, socket) => {
        socket.destroy();
        resolve({ status: reply.statusCode, headers: reply.headers, body: '' });
      });
      sent.end(JSON.stringify(body));
    });
};

const play = async (...script: Behaviour[]) => {
  const pdp = await start({ script });
  return { pdp, ask: client(pdp) };
};

const soon = (): AbortSignal => AbortSignal.timeout(150);

describe('answers', () => {
  it('a permit echoes the request with the edits it was told to make', async () => {
    const { pdp, ask } = await play({
      kind: 'permit',
      edits: { set: [['x-app', 'two']], add: [['SH-USER', 'u']], remove: ['accept'], method: 'PUT', state: 's' },
      headers: [['X-Reply', 'yes']],
    });
    const { status, headers, body } = await ask();
    expect(status).toBe(200);
    expect(headers['x-reply']).toBe('yes');
    expect(JSON.parse(body)).toEqual({
      ...SIDEBAND,
      method: 'PUT',
      headers: [{ 'x-app': 'two' }, { 'SH-USER': 'u' }],
      state: 's',
    });
    pdp.done();
  });

  it('a denial carries what it was given, and lacks what it was told to lack', async () => {
    const { ask } = await play(
      { kind: 'deny', code: 451, headers: [['WWW-Authenticate', 'Bearer']], body: '{}' },
      { kind: 'deny', code: null, headers: null },
    );
    expect(JSON.parse((await ask()).body)).toMatchObject({
      method: 'GET',
      response: { response_code: 451, headers: [{ 'WWW-Authenticate': 'Bearer' }], body: '{}' },
    });
    expect(JSON.parse((await ask()).body).response).toEqual({ response_status: 'Forbidden', http_version: '1.1' });
  });

  it('a reply may have any status, and echoes perfectly when it has no body', async () => {
    const { ask } = await play(
      { kind: 'reply', status: 201 },
      { kind: 'reply', status: 429, headers: [['Retry-After', '7']], body: 'later' },
    );
    const created = await ask();
    expect([created.status, JSON.parse(created.body)]).toEqual([201, SIDEBAND]);
    expect(await ask()).toMatchObject({ status: 429, body: 'later', headers: { 'retry-after': '7' } });
  });
});

describe('faults on the wire', () => {
  // A FIN makes Node say "socket hang up" or "aborted"; only a true RST is a failed read.
  const failing: readonly (readonly [string, Behaviour, object])[] = [
    ['resetBeforeHead', { kind: 'resetBeforeHead' }, { message: 'read ECONNRESET' }],
    ['closeBeforeHead', { kind: 'closeBeforeHead' }, { message: 'socket hang up' }],
    ['resetMidHead', { kind: 'resetMidHead' }, { message: 'read ECONNRESET' }],
    ['resetMidBody', { kind: 'resetMidBody' }, { message: 'read ECONNRESET' }],
    ['truncate', { kind: 'truncate' }, { message: 'aborted' }],
    ['chunked, unfinished', { kind: 'chunked', unfinished: true }, { message: 'aborted' }],
    ['raw bytes that are no HTTP', { kind: 'raw', bytes: 'SMTP\r\n\r\n' }, { code: 'HPE_INVALID_CONSTANT' }],
    [
      'raw bytes and a reset',
      { kind: 'raw', bytes: 'HTTP/1.1 2', afterwards: 'reset' },
      { message: 'read ECONNRESET' },
    ],
    ['raw bytes and a close', { kind: 'raw', bytes: 'HTTP/1.1 2', afterwards: 'close' }, { message: 'socket hang up' }],
    ['headerBomb', { kind: 'headerBomb', bytes: 40_000 }, { code: 'HPE_HEADER_OVERFLOW' }],
  ];
  it.each(failing)('%s fails the client', async (_, behaviour, error) => {
    const { pdp, ask } = await play(behaviour);
    await expect(ask()).rejects.toMatchObject(error);
    pdp.done();
  });

  const stalling: readonly (readonly [string, Behaviour])[] = [
    ['stallHead', { kind: 'stallHead' }],
    ['stallBody', { kind: 'stallBody' }],
    ['drip', { kind: 'drip', bytes: 1, everyMs: 20 }],
    ['slow', { kind: 'slow', ms: 5000, behaviour: { kind: 'permit' } }],
  ];
  it.each(stalling)('%s keeps the client waiting until it gives up', async (_, behaviour) => {
    const { pdp, ask } = await play(behaviour);
    await expect(ask(soon())).rejects.toMatchObject({ name: 'AbortError' });
    await pdp.open(0);
    await pdp.settled();
    expect(pdp.calls.map(({ outcome }) => outcome)).toEqual(['broken']);
  });

  const whole: readonly (readonly [string, Behaviour])[] = [
    ['drip', { kind: 'drip', bytes: 200, everyMs: 1 }],
    ['slow', { kind: 'slow', ms: 5, behaviour: { kind: 'permit' } }],
    ['chunked', { kind: 'chunked', chunkBytes: 10 }],
    ['http10', { kind: 'http10' }],
    ['continue100', { kind: 'continue100' }],
    ['keepAliveHint', { kind: 'keepAliveHint', seconds: 9 }],
    ['forget', { kind: 'forget' }],
  ];
  it.each(whole)('%s delivers the whole answer', async (_, behaviour) => {
    const { pdp, ask } = await play(behaviour);
    expect(JSON.parse((await ask()).body)).toEqual(SIDEBAND);
    await pdp.settled();
    expect(pdp.calls.map(({ outcome }) => outcome)).toEqual(['answered']);
  });

  it('forget answers the next request on that connection with a reset, and does not count it as a call', async () => {
    const { pdp, ask } = await play({ kind: 'forget' }, { kind: 'permit' });
    await ask();
    expect(pdp.connections.open).toBe(1);
    await expect(ask()).rejects.toMatchObject({ message: 'read ECONNRESET' });
    expect(pdp.connections).toMatchObject({ opened: 1, usedAfterForgetting: 1 });
    expect((await ask()).status).toBe(200);
    expect(pdp.callCount).toBe(2);
  });

  it('closeAfterIdle ends an idle connection, and spares one that is used', async () => {
    const { pdp, ask } = await play(
      { kind: 'closeAfterIdle', ms: 60 },
      { kind: 'slow', ms: 120, behaviour: { kind: 'permit' } },
    );
    await ask();
    await ask();
    expect(pdp.connections.opened).toBe(1);
    pdp.script({ kind: 'closeAfterIdle', ms: 10 });
    await ask();
    await pdp.open(0);
  });

  it('upgrade101 switches protocols', async () => {
    const { ask } = await play({ kind: 'upgrade101' });
    expect((await ask()).status).toBe(101);
  });

  it('hugeBody counts what was taken of it, and stops when the reader goes', async () => {
    const { pdp, ask } = await play({ kind: 'hugeBody', bytes: 3_000_000 }, { kind: 'hugeBody', bytes: 4e9 });
    expect((await ask()).body).toHaveLength(3_000_000);
    await expect(ask(soon())).rejects.toMatchObject({ name: 'AbortError' });
    await pdp.open(0);
    const [first, second] = pdp.calls.map(call => call.bodyBytesTaken);
    expect(first).toBe(3_000_000);
    expect(second).toBeLessThan(4e9);
  });

  it('deepJson nests as deep as told, where told', async () => {
    const { ask } = await play({ kind: 'deepJson', depth: 20_000 }, { kind: 'deepJson', depth: 3, within: 'response' });
    expect((await ask()).body).toHaveLength(40_000);
    expect(JSON.parse((await ask()).body)).toEqual({ ...SIDEBAND, response: [[[]]] });
  });
});

describe('connections', () => {
  it('meet what is scripted before a byte is read', async () => {
    const pdp = await start({
      otherwise: { kind: 'permit' },
      connectionScript: [{ kind: 'resetConnect' }, { kind: 'closeConnect' }, { kind: 'stallConnect' }],
    });
    const ask = client(pdp);
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(ask(soon())).rejects.toMatchObject({ name: 'AbortError' });
    expect((await ask()).status).toBe(200);
    expect(pdp.callCount).toBe(1);
    pdp.done();
  });

  it('are refused while stopped, and taken again on the same port', async () => {
    const pdp = await start({ otherwise: { kind: 'permit' } });
    const ask = client(pdp);
    await ask();
    await pdp.stop();
    await pdp.open(0);
    await expect(client(pdp)()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await pdp.restart();
    expect((await client(pdp)()).status).toBe(200);
  });

  it.each(['forget', 'resetMidBody'] as const)('%s works over TLS', async kind => {
    const pdp = await start({ tls: tlsMaterials.good, host: 'localhost', script: [{ kind }] });
    const ask = client(pdp);
    if (kind === 'forget') await ask();
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET' });
    pdp.done();
  });
});

describe('an answer that comes twice', () => {
  it('comes with the first one, in one piece', async () => {
    const pdp = await start({ script: [{ kind: 'twice', after: 0 }] });
    const replies = await heard(pdp, 2);
    expect(replies).toHaveLength(2);
    expect(new Set(replies).size).toBe(1);
    pdp.done();
  });

  it.each([5, 'next request'] as const)('comes after the first one: %s', async after => {
    const pdp = await start({
      script: [
        { kind: 'twice', after },
        { kind: 'slow', ms: 50, behaviour: { kind: 'deny' } },
      ],
    });
    const [first, copy, own] = await heard(pdp, 3, 2);
    expect(copy).toBe(first);
    expect(own).toContain('response_code');
    pdp.done();
  });
});

describe('expectations', () => {
  it('a script that is not used up fails', async () => {
    const { pdp } = await play({ kind: 'permit' }, { kind: 'stallHead' });
    expect(() => pdp.done()).toThrow('scripted but not met: permit, stallHead');
    expect(() => pdp.done({ unusedScript: true })).not.toThrow();
  });

  it('a call that no script expected is answered 500 and fails', async () => {
    const { pdp, ask } = await play();
    expect((await ask()).status).toBe(500);
    expect(() => pdp.done()).toThrow('1 calls that no script expected');
    expect(() => pdp.done({ unexpectedCalls: true })).not.toThrow();
  });

  it('a request elsewhere fails, a warm-up does not', async () => {
    const { pdp } = await play();
    await fetch(pdp.url, { method: 'HEAD' });
    pdp.done();
    expect((await fetch(`${pdp.url}/sideband/request`)).status).toBe(404);
    expect(() => pdp.done()).toThrow('stray request GET /v1/environments/e1/sideband/request');
    expect([pdp.warmUps.length, pdp.strays.length, pdp.callCount]).toEqual([1, 1, 0]);
  });

  it('a body that is not the wire format fails', async () => {
    const { pdp, ask } = await play({ kind: 'permit' });
    await ask(undefined, 'good', { ...SIDEBAND, source_port: '443', headers: { Accept: '*/*' } });
    expect(() => pdp.done()).toThrow(/source_port is not a port number; headers is not an array/);
  });
});

describe('calls', () => {
  it('are written down as they came', async () => {
    const { pdp, ask } = await play({ kind: 'permit' });
    await ask();
    await pdp.called(1);
    expect(pdp.calls[0]).toMatchObject({
      method: 'POST',
      path: '/v1/environments/e1/sideband/request',
      credential: 'good',
      connection: 1,
      body: SIDEBAND,
      headers: { 'client-token': 'good', 'content-type': 'application/json' },
    });
    expect(pdp.calls[0]?.headerLines).toContainEqual(['CLIENT-TOKEN', 'good']);
  });

  it('with a credential that is not accepted get a 401 and use up no script, until it is accepted', async () => {
    const accepted = new Set(['old']);
    const pdp = await start({ script: [{ kind: 'permit' }], acceptCredentials: accepted });
    const ask = client(pdp);
    const refused = await ask(undefined, 'new');
    expect([refused.status, JSON.parse(refused.body).message]).toEqual([401, 'The Gateway Token is invalid']);
    accepted.add('new');
    expect((await ask(undefined, 'new')).status).toBe(200);
    expect(pdp.calls.map(({ outcome }) => outcome)).toEqual(['refused', 'answered']);
    pdp.done();
  });
});
