/** Rules of one POST to PingOne over real sockets: what goes out, and the name of every way to fail. */
import { getEventListeners } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newFacts } from '../../../src/domain/call.ts';
import { type Clock, systemClock } from '../../../src/domain/clock.ts';
import type { Behaviour } from '../../support/behaviours.ts';
import { startFakePdp } from '../../support/fake-pdp.ts';
import { tlsMaterials } from '../../support/tls.ts';
import { codeOf, faultOf } from '../faults.ts';
import { ASKED } from '../permits.ts';
import { openTransport } from './open-transport.ts';

const PERMIT: Behaviour = { kind: 'permit' };

describe('what goes out', () => {
  it('is a POST of JSON to the service URL, the credential in its header, and no more', async () => {
    const { pdp, post } = await openTransport({ pdp: { script: [PERMIT] } });
    await post({ propagation: { traceparent: '00-a-b-01' } });
    expect(pdp.calls[0]).toMatchObject({
      method: 'POST',
      path: '/v1/environments/e1/sideband/request',
      rawBody: JSON.stringify(ASKED),
    });
    expect(pdp.calls[0]?.headers).toEqual({
      accept: 'application/json',
      'client-token': 'c-1',
      connection: 'keep-alive',
      'content-length': String(JSON.stringify(ASKED).length),
      'content-type': 'application/json',
      host: `127.0.0.1:${pdp.port}`,
      traceparent: '00-a-b-01',
      'user-agent': 'pingone-lambda-authorizer',
    });
    pdp.done();
  });

  it('names the credential header as configured', async () => {
    const { pdp, post } = await openTransport({
      credentialHeader: 'PDG-TOKEN',
      pdp: { script: [PERMIT], credentialHeader: 'PDG-TOKEN' },
    });
    await post();
    expect(pdp.calls[0]?.headerLines).toContainEqual(['PDG-TOKEN', 'c-1']);
    pdp.done();
  });

  it('counts a body in bytes', async () => {
    const { pdp, post } = await openTransport({ pdp: { otherwise: PERMIT } });
    const body = JSON.stringify({ ...ASKED, method: 'é😀' });
    await post({ body });
    expect(pdp.calls[0]?.rawBody).toBe(body);
    pdp.done();
  });

  it('has the gateway’s id of the request, by which PingOne finds it again', async () => {
    const { pdp, post } = await openTransport({ pdp: { otherwise: PERMIT } });
    await post({ requestId: 'r-1' });
    expect(pdp.calls[0]?.headers).toMatchObject({ 'correlation-id': 'r-1' });
  });

  it('goes to the same path where the service URL ends in a slash', async () => {
    const pdp = await startFakePdp({ otherwise: PERMIT });
    onTestFinished(() => pdp.close());
    const { post } = await openTransport({ url: `${pdp.url}/` });
    await post();
    expect(pdp.calls[0]?.path).toBe('/v1/environments/e1/sideband/request');
  });

  it.each([
    ['http://h.invalid/v1', 80],
    ['https://h.invalid/v1', 443],
    ['https://h.invalid:8443/v1', 8443],
  ])('goes to the port of %s: %i', async (url, port) => {
    const { sockets, post } = await openTransport({ url });
    const ports: unknown[] = [];
    sockets.agent.createConnection = options => {
      ports.push(options.port);
      throw Object.assign(new Error('no'), { code: 'ENOWHERE' });
    };
    expect(await faultOf(post)).toMatchObject({ code: 'PDP_UNREACHABLE', detail: 'ENOWHERE' });
    expect(ports).toEqual([port]);
  });

  it('needs no base path', async () => {
    const { pdp, post } = await openTransport({ pdp: { basePath: '', script: [PERMIT] } });
    await post();
    expect(pdp.calls[0]?.path).toBe('/sideband/request');
  });
});

describe('the facts of a request', () => {
  it('have the time of all its attempts, and the status of the last one’s reply', async () => {
    let elapsed = 0;
    const clock = { ...systemClock, elapsed: () => (elapsed += 7) };
    const { pdp, post } = await openTransport({ clock, pdp: { script: [PERMIT, { kind: 'reply', status: 502 }] } });
    const facts = newFacts();
    await post({ facts });
    expect(facts).toMatchObject({ attempts: 1, pdpMs: 7, pdpStatus: 200 });
    await faultOf(() => post({ facts }));
    expect(facts).toMatchObject({ attempts: 2, pdpMs: 14, pdpStatus: 502 });
    await pdp.stop();
    await faultOf(() => post({ facts }));
    expect(facts).toMatchObject({ attempts: 3, pdpMs: 21, pdpStatus: undefined });
  });
});

/** The system's clock, and the timers that have neither run nor been cancelled. */
const countingTimers = () => {
  const timers = new Set<() => void>();
  const clock: Clock = {
    ...systemClock,
    after: (ms, action) => {
      const cancel = systemClock.after(ms, action);
      timers.add(cancel);
      return () => {
        timers.delete(cancel);
        cancel();
      };
    },
  };
  return { timers, clock };
};

describe('an attempt that has ended', () => {
  it.each<[string, Behaviour]>([
    ['with an answer', PERMIT],
    ['with a fault', { kind: 'resetBeforeHead' }],
  ])('%s leaves neither timers nor listeners', async (_, behaviour) => {
    const { timers, clock } = countingTimers();
    const { post } = await openTransport({ clock, pdp: { script: [behaviour] } });
    const { signal } = new AbortController();
    await post({ signal }).catch(() => undefined);
    expect([timers.size, getEventListeners(signal, 'abort')]).toEqual([0, []]);
  });

  it('without a connection leaves no timer either', async () => {
    const { timers, clock } = countingTimers();
    const { pdp, post } = await openTransport({ clock, connectTimeoutMs: 30_000 });
    await pdp.stop();
    expect((await faultOf(post)).detail).toBe('ECONNREFUSED');
    await expect.poll(() => timers.size).toBe(0);
  });

  it('can end its connection, so that no other one is on it', async () => {
    const { pdp, post } = await openTransport({ pdp: { otherwise: PERMIT } });
    const { endConnection } = await post();
    endConnection?.();
    await post();
    expect(pdp.connections.opened).toBe(2);
  });
});

describe('an answer', () => {
  it.each([200, 201, 204, 301, 307, 400, 401, 403, 404, 413, 499, 600, 999])(
    'is any reply with HTTP %i: others judge it',
    async status => {
      const { pdp, post } = await openTransport({
        pdp: {
          script: [
            {
              kind: 'reply',
              status,
              headers: [
                ['Location', '/x'],
                ['Correlation-Id', 'c'],
              ],
              body: '',
            },
          ],
        },
      });
      const facts = newFacts();
      const reply = await post({ facts });
      expect(reply).toMatchObject({ status, headers: { 'correlation-id': 'c' } });
      expect(facts).toMatchObject({ attempts: 1, pdpStatus: status });
      expect(facts.pdpMs).toBeGreaterThan(0);
      // No redirect is ever followed.
      expect([pdp.callCount, pdp.strays.length]).toEqual([1, 0]);
    },
  );

  it.each<[string, Behaviour]>([
    ['in one piece', PERMIT],
    ['in drops', { kind: 'drip', bytes: 50, everyMs: 1 }],
    ['in chunks', { kind: 'chunked', chunkBytes: 7 }],
    ['by HTTP/1.0, ended by the connection', { kind: 'http10' }],
    ['after a 100 Continue', { kind: 'continue100' }],
  ])('arrives whole %s', async (_, behaviour) => {
    const { post } = await openTransport({ pdp: { script: [behaviour] } });
    const { status, body } = await post();
    expect(status).toBe(200);
    expect(JSON.parse(Buffer.from(body ?? []).toString())).toMatchObject({ method: 'GET', url: ASKED.url });
  });

  it.each<[string, Behaviour]>([
    ['its end is missing', { kind: 'truncate' }],
    ['the connection breaks inside it', { kind: 'resetMidBody' }],
    ['the last chunk never comes', { kind: 'chunked', unfinished: true }],
  ])('has no body where %s', async (_, behaviour) => {
    const { post } = await openTransport({ pdp: { script: [behaviour] } });
    expect(await post()).toMatchObject({ status: 200, body: undefined });
  });
});

describe('a reply that is too large', () => {
  it.each([true, false])('is refused while it streams, announced: %s', async announced => {
    const { pdp, post } = await openTransport({
      maxReplyBytes: 100_000,
      pdp: { script: [{ kind: 'hugeBody', bytes: 200_000_000, announced }] },
    });
    expect(await post()).toMatchObject({ status: 200, body: undefined });
    await pdp.settled();
    expect(pdp.calls[0]?.bodyBytesTaken).toBeLessThan(50_000_000);
    await pdp.open(0);
  });

  it('is one of a byte more than the limit', async () => {
    const script: Behaviour[] = [100, 101].map(bytes => ({ kind: 'reply', status: 200, body: 'x'.repeat(bytes) }));
    const { post } = await openTransport({ maxReplyBytes: 100, pdp: { script } });
    expect((await post()).body).toHaveLength(100);
    expect((await post()).body).toBeUndefined();
  });

  it('is refused where its head is', async () => {
    const { post } = await openTransport({ pdp: { script: [{ kind: 'headerBomb', bytes: 1_000_000 }] } });
    expect(await codeOf(post)).toBe('PDP_BAD_REPLY');
  });
});

describe('ill health of PingOne', () => {
  it.each([
    [500, false],
    [501, false],
    [502, true],
    [503, true],
    [504, true],
    [599, false],
  ])('is HTTP %i; a second attempt may help: %s', async (status, retryable) => {
    const { post } = await openTransport({ pdp: { script: [{ kind: 'reply', status, body: '{"id":"e-1"}' }] } });
    expect(await faultOf(post)).toMatchObject({
      code: 'PDP_ERROR',
      unhealthy: true,
      retryable,
      correlationId: 'e-1',
      detail: `HTTP ${status}`,
    });
  });

  it('is HTTP 429, which is never repeated and says how long to wait', async () => {
    const { post } = await openTransport({
      pdp: { script: [{ kind: 'reply', status: 429, headers: [['Retry-After', '7']] }] },
    });
    expect(await faultOf(post)).toMatchObject({
      code: 'PDP_RATE_LIMITED',
      unhealthy: true,
      retryable: false,
      retryAfterMs: 7000,
    });
  });

  it('of HTTP 503 may say how long to wait, of HTTP 500 not', async () => {
    const headers = [['Retry-After', '7']] as const;
    const { post } = await openTransport({
      pdp: {
        script: [
          { kind: 'reply', status: 503, headers },
          { kind: 'reply', status: 500, headers },
        ],
      },
    });
    expect((await faultOf(post)).retryAfterMs).toBe(7000);
    expect((await faultOf(post)).retryAfterMs).toBeUndefined();
  });
});

describe('an unreachable PingOne', () => {
  it.each<[string, Behaviour, boolean]>([
    ['resets before its reply', { kind: 'resetBeforeHead' }, true],
    ['closes before its reply', { kind: 'closeBeforeHead' }, true],
    ['resets inside the head of its reply', { kind: 'resetMidHead' }, false],
  ])('%s', async (_, behaviour, retryable) => {
    const { post } = await openTransport({ pdp: { script: [behaviour] } });
    expect(await faultOf(post)).toMatchObject({ code: 'PDP_UNREACHABLE', unhealthy: true, retryable });
  });

  it('refuses the connection', async () => {
    const { pdp, post } = await openTransport();
    await pdp.stop();
    expect(await faultOf(post)).toMatchObject({ code: 'PDP_UNREACHABLE', detail: 'ECONNREFUSED', retryable: true });
  });

  it('has a name that nobody knows', async () => {
    const { post } = await openTransport({ url: 'http://no-such-host.invalid/v1' });
    expect(await faultOf(post)).toMatchObject({ code: 'PDP_UNREACHABLE', unhealthy: true });
  });

  it('answers what is not HTTP: a bad reply', async () => {
    const { post } = await openTransport({
      pdp: { script: [{ kind: 'raw', bytes: 'SSH-2.0-OpenSSH\r\n\r\n', afterwards: 'close' }] },
    });
    expect(await faultOf(post)).toMatchObject({
      code: 'PDP_BAD_REPLY',
      detail: 'not HTTP',
      unhealthy: false,
      retryable: false,
    });
  });

  it('wants to speak another protocol: a rejection', async () => {
    const { pdp, post } = await openTransport({ pdp: { script: [{ kind: 'upgrade101' }] } });
    expect(await faultOf(post)).toMatchObject({
      code: 'PDP_REJECTED',
      detail: 'PingOne answered HTTP 101',
      cause: { message: 'upgraded', code: 'UPGRADED' },
      unhealthy: false,
      retryable: false,
    });
    await pdp.open(0);
  });

  it.each([['EHOSTUNREACH'], [7], [undefined]])(
    'fails with the code %j, which the detail has if it is one',
    async code => {
      const { sockets, post } = await openTransport();
      sockets.agent.createConnection = () => {
        throw Object.assign(new Error('canary'), { code });
      };
      const fault = await faultOf(post);
      expect(fault).toMatchObject({ code: 'PDP_UNREACHABLE', detail: typeof code === 'string' ? code : 'unknown' });
      expect(fault.message).not.toContain('canary');
    },
  );
});

describe('a kept connection that breaks', () => {
  it('says nothing about PingOne: worth another attempt, and no sign of ill health', async () => {
    const { post } = await openTransport({ pdp: { script: [{ kind: 'forget' }, PERMIT] } });
    await post();
    expect(await faultOf(post)).toMatchObject({ code: 'PDP_UNREACHABLE', unhealthy: false, retryable: true });
    expect((await post()).status).toBe(200);
  });

  it('takes the others with it: what forgot one has forgotten all', async () => {
    const forget: Behaviour = { kind: 'slow', ms: 30, behaviour: { kind: 'forget' } };
    const { pdp, post } = await openTransport({ pdp: { script: [forget, forget, forget, PERMIT] } });
    await Promise.all([post(), post(), post()]);
    await faultOf(post);
    expect((await post()).status).toBe(200);
    expect(pdp.connections).toMatchObject({ opened: 4, usedAfterForgetting: 1 });
  });
});

describe('idle connections', () => {
  it('stay in use where PingOne answered on another that it is unwell', async () => {
    const slow: Behaviour = { kind: 'slow', ms: 30, behaviour: PERMIT };
    const { pdp, post } = await openTransport({
      pdp: { script: [slow, slow, { kind: 'reply', status: 502 }, slow, slow] },
    });
    await Promise.all([post(), post()]);
    expect((await faultOf(post)).code).toBe('PDP_ERROR');
    await Promise.all([post(), post()]);
    expect(pdp.connections.opened).toBe(2);
  });
});

describe('time', () => {
  it.each<[string, Behaviour]>([
    ['the head never comes', { kind: 'stallHead' }],
    ['the body stops', { kind: 'stallBody' }],
    ['the body only drips', { kind: 'drip', bytes: 1, everyMs: 20 }],
  ])('runs out for one attempt where %s', async (_, behaviour) => {
    const { pdp, post } = await openTransport({ requestTimeoutMs: 60, pdp: { script: [behaviour] } });
    expect(await faultOf(post)).toMatchObject({
      code: 'PDP_TIMEOUT',
      unhealthy: true,
      retryable: false,
      cause: { message: 'the attempt took too long' },
    });
    await pdp.open(0);
  });

  it('for connecting is its own', async () => {
    const { post } = await openTransport({
      connectTimeoutMs: 60,
      requestTimeoutMs: 5000,
      pdp: { tls: tlsMaterials.good, host: 'localhost', connectionScript: [{ kind: 'stallConnect' }] },
    });
    expect(await faultOf(post)).toMatchObject({
      code: 'PDP_UNREACHABLE',
      detail: 'ETIMEDOUT',
      retryable: true,
      cause: { message: 'connecting took too long' },
    });
  });

  it('of an attempt runs from the end of the handshake on, over TLS too', async () => {
    const { good, caPem } = tlsMaterials;
    const { post } = await openTransport({
      ca: caPem,
      requestTimeoutMs: 60,
      pdp: { tls: good, host: 'localhost', script: [{ kind: 'stallHead' }] },
    });
    expect((await faultOf(post)).code).toBe('PDP_TIMEOUT');
  });

  it('ends with the request: nothing is left on the wire', async () => {
    const { pdp, post } = await openTransport({ pdp: { script: [{ kind: 'stallHead' }] } });
    const controller = new AbortController();
    const fault = faultOf(() => post({ signal: controller.signal }));
    await pdp.called(1);
    const reason = new Error('over');
    controller.abort(reason);
    expect(await fault).toMatchObject({ code: 'PDP_TIMEOUT', unhealthy: true, cause: reason });
    await pdp.open(0);
  });

  it('that is already over sends nothing', async () => {
    const { pdp, post } = await openTransport();
    const reason = new Error('over');
    const fault = await faultOf(() => post({ signal: AbortSignal.abort(reason) }));
    expect(fault).toMatchObject({ code: 'PDP_TIMEOUT', unhealthy: false });
    expect(fault.cause).toBe(reason);
    expect([pdp.callCount, pdp.connections.opened]).toEqual([0, 0]);
  });
});

describe('TLS', () => {
  it.each(['selfSigned', 'expired', 'notYetValid', 'wrongName', 'untrustedIssuer'] as const)(
    'refuses a certificate that is %s, whatever the environment says',
    async kind => {
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      try {
        const { caPem, [kind]: tls } = tlsMaterials;
        const { pdp, post } = await openTransport({ ca: caPem, pdp: { tls, host: 'localhost', otherwise: PERMIT } });
        expect(await faultOf(post)).toMatchObject({ code: 'PDP_UNREACHABLE', unhealthy: true });
        expect(pdp.callCount).toBe(0);
      } finally {
        delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      }
    },
  );

  it('carries the call where the certificate is right', async () => {
    const { good, caPem } = tlsMaterials;
    const { pdp, post } = await openTransport({ ca: caPem, pdp: { tls: good, host: 'localhost', script: [PERMIT] } });
    expect((await post()).status).toBe(200);
    pdp.done();
  });
});
