/** Rules of the opt-in cache: permits only, never across callers, never longer than the token lives. */
import { describe, expect, it } from 'vitest';
import { type Decision, deny, type Permit } from '../../../src/decision.ts';
import { AuthorizerError } from '../../../src/errors.ts';
import { type Facts, newFacts } from '../../../src/facts.ts';
import { type CacheSettings, cached } from '../../../src/pdp/decision-cache.ts';
import type { Pdp } from '../../../src/pdp/pdp.ts';
import type { AccessRequest } from '../../../src/request.ts';
import { fakeClock, settled } from '../fake-clock.ts';
import { permitFor } from '../permits.ts';

const SETTINGS: CacheSettings = {
  ttlMs: 60_000,
  maxEntries: 2,
  keyParts: ['method', 'url', 'authorization'],
  forwardHeaders: [],
};
const REQUEST: AccessRequest = {
  kind: 'rest',
  method: 'GET',
  url: 'https://h.example/a',
  headers: [['Authorization', 'Bearer opaque']],
  sourceIp: '192.0.2.1',
};
const DENIED = deny({ reasonCode: 'POLICY_DENIED', status: 403, reason: 'no', fromPdp: true });

const bearer = (claims: object): AccessRequest['headers'] => [
  ['authorization', `Bearer e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`],
];

const setUp = (settings: Partial<CacheSettings> = {}, cacheable: (permit: Permit) => boolean = () => true) => {
  const clock = fakeClock();
  let calls = 0;
  let epoch = 0;
  let decide: () => Promise<Decision> = async () => permitFor({ headers: [], changes: [] });
  const pdp: Pdp = () => {
    calls += 1;
    return decide();
  };
  const cache = cached(pdp, { ...SETTINGS, ...settings }, { credentialEpoch: () => epoch, cacheable }, clock);
  const ask = async (
    request: Partial<AccessRequest> = {},
    signal = new AbortController().signal,
  ): Promise<[Decision, Facts]> => {
    const facts = newFacts();
    return [await cache({ ...REQUEST, ...request }, { signal, facts, trace: undefined }), facts];
  };
  return {
    clock,
    ask,
    get calls() {
      return calls;
    },
    decides: (next: () => Promise<Decision>) => {
      decide = next;
    },
    rotate: () => {
      epoch += 1;
    },
  };
};

describe('a permit', () => {
  it('is served again for the same key until its time is over, by the wall clock', async () => {
    const cache = setUp();
    await cache.ask();
    cache.clock.jump(59_999);
    const [decision, facts] = await cache.ask();
    expect([decision.effect, facts.cacheHit, cache.calls]).toEqual(['permit', true, 1]);
    cache.clock.jump(1);
    await cache.ask();
    expect(cache.calls).toBe(2);
  });

  it('is never served after the clock was set back: its age is unknown', async () => {
    const cache = setUp();
    await cache.ask();
    cache.clock.jump(-1);
    await cache.ask();
    expect(cache.calls).toBe(2);
  });

  it('never outlives the token, nor is one kept whose end is no time', async () => {
    const cache = setUp();
    const headers = bearer({ exp: cache.clock.now() / 1000 + 10 });
    await cache.ask({ headers });
    cache.clock.jump(9999);
    await cache.ask({ headers });
    expect(cache.calls).toBe(1);
    cache.clock.jump(1);
    await cache.ask({ headers });
    expect(cache.calls).toBe(2);
    for (const exp of ['soon', null, Number.MAX_VALUE * -1]) {
      const odd = setUp();
      await odd.ask({ headers: bearer({ exp }) });
      await odd.ask({ headers: bearer({ exp }) });
      expect(odd.calls).toBe(2);
    }
  });

  it.each<[string, Partial<AccessRequest>]>([
    ['method', { method: 'POST' }],
    ['URL', { url: 'https://h.example/a?b' }],
    ['token', { headers: [['Authorization', 'Bearer other']] }],
    [
      'number of tokens',
      {
        headers: [
          ['Authorization', 'Bearer opaque'],
          ['Authorization', ''],
        ],
      },
    ],
    ['kind of API', { kind: 'http-2.0' }],
    ['client certificate', { clientCertificatePem: 'pem' }],
  ])('is never served for another %s', async (_, other) => {
    const cache = setUp();
    await cache.ask();
    await cache.ask(other);
    expect(cache.calls).toBe(2);
  });

  it('is never served to a caller who sends what would reach the backend otherwise', async () => {
    const cache = setUp({ forwardHeaders: ['x-user'] });
    await cache.ask();
    await cache.ask({ headers: [...REQUEST.headers, ['X-User', 'admin']] });
    expect(cache.calls).toBe(2);
  });

  it('is never kept where the request carries no token of the key: callers could not be told apart', async () => {
    const cache = setUp();
    await cache.ask({ headers: [] });
    await cache.ask({ headers: [] });
    expect(cache.calls).toBe(2);
  });

  it('is never kept across gateway credentials, nor where one changed meanwhile', async () => {
    const cache = setUp();
    await cache.ask();
    cache.rotate();
    await cache.ask();
    expect(cache.calls).toBe(2);
    cache.decides(async () => {
      cache.rotate();
      return permitFor({ headers: [], changes: [] });
    });
    await cache.ask({ url: 'https://h.example/b' });
    await cache.ask({ url: 'https://h.example/b' });
    expect(cache.calls).toBe(4);
  });

  it('is not kept where it may not be', async () => {
    const cache = setUp({}, () => false);
    await cache.ask();
    await cache.ask();
    expect(cache.calls).toBe(2);
  });

  it('gives way to younger ones where there are too many', async () => {
    const cache = setUp();
    for (const path of ['a', 'b', 'c', 'a']) await cache.ask({ url: `https://h.example/${path}` });
    expect(cache.calls).toBe(4);
  });
});

describe('a denial, and a fault', () => {
  it('are never kept', async () => {
    const cache = setUp();
    cache.decides(async () => DENIED);
    await cache.ask();
    expect((await cache.ask())[1].cacheHit).toBe(false);
    cache.decides(() => Promise.reject(new AuthorizerError('PDP_ERROR')));
    await expect(cache.ask()).rejects.toThrow('PDP_ERROR');
    await expect(cache.ask()).rejects.toThrow('PDP_ERROR');
    expect(cache.calls).toBe(4);
  });
});

describe('equal requests at one moment', () => {
  it('share one call', async () => {
    const cache = setUp();
    let finish: (decision: Decision) => void = () => undefined;
    cache.decides(
      () =>
        new Promise(resolve => {
          finish = resolve;
        }),
    );
    const asked = [cache.ask(), cache.ask(), cache.ask()];
    await settled();
    finish(DENIED);
    expect((await Promise.all(asked)).map(([{ effect }]) => effect)).toEqual(['deny', 'deny', 'deny']);
    expect(cache.calls).toBe(1);
  });

  it('ask for themselves where the one that they waited for ran out of its own time', async () => {
    const cache = setUp();
    let fail: (error: Error) => void = () => undefined;
    cache.decides(
      () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    );
    const first = cache.ask();
    const second = cache.ask();
    await settled();
    cache.decides(async () => DENIED);
    fail(new AuthorizerError('PDP_TIMEOUT'));
    await expect(first).rejects.toThrow('PDP_TIMEOUT');
    expect((await second)[0]).toBe(DENIED);
  });
});
