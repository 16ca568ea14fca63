/** Rules of the opt-in cache: permits only, never across callers, never longer than the token lives. */
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { CacheSettings } from '../../../src/config/configuration.ts';
import { type Facts, newFacts } from '../../../src/domain/call.ts';
import { type Decision, deny, type Permit } from '../../../src/domain/decision.ts';
import { AuthorizerError } from '../../../src/domain/errors.ts';
import type { AccessRequest } from '../../../src/domain/request.ts';
import { cached } from '../../../src/pdp/decision-cache.ts';
import type { Pdp } from '../../../src/pdp/pdp.ts';
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

const jwt = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

const bearer = (claims: object): AccessRequest['headers'] => [['authorization', `Bearer ${jwt(claims)}`]];

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

  it('lives no longer than its time if the clock is set back and that time passes again', async () => {
    const cache = setUp();
    await cache.ask();
    cache.clock.jump(-30_000);
    await cache.clock.advance(60_000);
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
  });

  it.each(['"soon"', '"9999999999"', 'null', 'true', '[9999999999]', '1e999', '-1e300', '0'])(
    'is not kept where the token’s end is %s, which is no time to come',
    async exp => {
      const cache = setUp();
      const token = `e30.${Buffer.from(`{"exp":${exp}}`).toString('base64url')}.c2ln`;
      const headers = [['Authorization', `Bearer ${token}`] as const];
      await cache.ask({ headers });
      await cache.ask({ headers });
      expect(cache.calls).toBe(2);
    },
  );

  it('whose token ends at this moment takes no other’s place', async () => {
    const cache = setUp();
    await cache.ask({ url: 'https://h.example/1' });
    await cache.ask({ url: 'https://h.example/2' });
    await cache.ask({ headers: bearer({ exp: cache.clock.now() / 1000 }) });
    await cache.ask({ headers: bearer({ exp: cache.clock.now() / 1000 - 1 }) });
    await cache.ask({ url: 'https://h.example/1' });
    await cache.ask({ url: 'https://h.example/2' });
    expect(cache.calls).toBe(4);
  });

  it('that was once found to be of unknown age is never served again, whatever the clock is set to later', async () => {
    const cache = setUp();
    await cache.ask();
    cache.clock.jump(-1);
    cache.decides(async () => DENIED);
    await cache.ask();
    cache.clock.jump(1);
    expect([(await cache.ask())[0].effect, cache.calls]).toEqual(['deny', 3]);
  });

  it.each<[string, (token: string) => Partial<AccessRequest>]>([
    ['a cookie', token => ({ headers: [...REQUEST.headers, ['Cookie', `a=1; session=${token}`]] })],
    ['a header that the key does not name', token => ({ headers: [...REQUEST.headers, ['X-Token', token]] })],
    ['the query', token => ({ url: `https://h.example/a?access_token=${token}` })],
    ['the second Authorization', token => ({ headers: [...REQUEST.headers, ['Authorization', `DPoP ${token}`]] })],
  ])('never outlives a token in %s', async (_, requestWith) => {
    const cache = setUp();
    const request = requestWith(jwt({ exp: cache.clock.now() / 1000 + 10 }));
    await cache.ask(request);
    cache.clock.jump(9999);
    await cache.ask(request);
    expect(cache.calls).toBe(1);
    cache.clock.jump(1);
    await cache.ask(request);
    expect(cache.calls).toBe(2);
  });

  it('is never served under another principal: Authorization is in the key also where it is not named', async () => {
    const cache = setUp({ keyParts: ['method', 'url', 'header:x-api-key'], maxEntries: 9 });
    const headers = [['X-Api-Key', 'k'] as const];
    await cache.ask({ headers: [...headers, ...bearer({ sub: 'alice' })] });
    await cache.ask({ headers: [...headers, ...bearer({ sub: 'mallory' })] });
    await cache.ask({ headers });
    expect(cache.calls).toBe(3);
    await cache.ask({ headers });
    await cache.ask({ headers: [...headers, ...bearer({ sub: 'alice' })] });
    expect(cache.calls).toBe(3);
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

  it.each<[string, Partial<AccessRequest>]>([
    ['method', { method: 'POST' }],
    ['url', { url: 'https://h.example/b' }],
    ['sourceIp', { sourceIp: '192.0.2.2' }],
    ['header:x-tenant', { headers: [...REQUEST.headers, ['X-Tenant', 'b']] }],
  ])('is served for another %s only where that is no part of the key', async (part, other) => {
    const parts = ['method', 'url', 'sourceIp', 'header:x-tenant'];
    const within = setUp({ keyParts: [part] });
    await within.ask();
    await within.ask(other);
    expect(within.calls).toBe(2);
    const without = setUp({ keyParts: parts.filter(name => name !== part) });
    await without.ask();
    await without.ask(other);
    expect(without.calls).toBe(1);
  });

  it('is never served to a caller who sends what would reach the backend otherwise', async () => {
    const cache = setUp({ forwardHeaders: ['x-user'] });
    await cache.ask();
    await cache.ask({ headers: [...REQUEST.headers, ['X-User', 'admin']] });
    expect(cache.calls).toBe(2);
  });

  it.each(['', ' ', 'Bearer', 'bearer ', 'BEARER\t', 'Bearer, Bearer', ', ', 'DPoP', 'basic'])(
    'is neither kept nor shared where the key’s headers hold nobody’s token, as %j: callers could not be told apart',
    async value => {
      const cache = setUp({ keyParts: ['method', 'url', 'header:x-api-key'] });
      for (const headers of [[], [['Authorization', value] as const], [['X-Api-Key', value] as const]]) {
        const before = cache.calls;
        await Promise.all([cache.ask({ headers }), cache.ask({ headers })]);
        await cache.ask({ headers });
        expect(cache.calls - before).toBe(3);
      }
    },
  );

  it.each(['Bearer, Bearer x', 'x,'])('is kept where one of the lines in %j holds a token', async value => {
    const cache = setUp();
    const headers = [['Authorization', value] as const];
    await cache.ask({ headers });
    await cache.ask({ headers });
    expect(cache.calls).toBe(1);
  });

  it('is kept where one of the key’s headers holds a token and another is empty', async () => {
    const cache = setUp({ keyParts: ['method', 'url', 'authorization', 'header:x-api-key'] });
    const headers = [['Authorization', 'Bearer '] as const, ['X-Api-Key', 'k'] as const];
    await cache.ask({ headers });
    await cache.ask({ headers });
    expect(cache.calls).toBe(1);
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
  it.each([
    ['deny', DENIED, [false, false, false]],
    ['permit', permitFor({ headers: [], changes: [] }), [false, true, true]],
  ])('share one call, and only a permit counts as served from the cache: %s', async (effect, decision, hits) => {
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
    finish(decision);
    const answers = await Promise.all(asked);
    expect(answers.map(([answer]) => answer.effect)).toEqual([effect, effect, effect]);
    expect(answers.map(([, { cacheHit }]) => cacheHit)).toEqual(hits);
    expect(cache.calls).toBe(1);
  });

  /** Caller after caller, each with a signal that ends its time; each call is settled by hand. */
  const pending = () => {
    const cache = setUp();
    const calls: { readonly permit: () => void; readonly fail: (error: Error) => void }[] = [];
    cache.decides(
      () =>
        new Promise((resolve, reject) => {
          calls.push({ permit: () => resolve(permitFor({ headers: [], changes: [] })), fail: reject });
        }),
    );
    const caller = () => {
      const controller = new AbortController();
      const answer = cache.ask({}, controller.signal).then(
        ([{ effect }]) => effect,
        (error: unknown) => (error instanceof AuthorizerError ? error.code : error),
      );
      return { answer, runOut: () => controller.abort() };
    };
    return { calls, caller };
  };

  it.each(['PDP_TIMEOUT', 'CREDENTIAL_UNAVAILABLE', 'PDP_UNREACHABLE', 'INTERNAL'] as const)(
    'survive the end of the one who called, also where that ends as %s, and share one new call',
    async code => {
      const { calls, caller } = pending();
      const [first, ...others] = [caller(), caller(), caller(), caller()];
      await settled();
      first?.runOut();
      calls[0]?.fail(new AuthorizerError(code));
      await settled();
      expect([await first?.answer, calls.length]).toEqual([code, 2]);
      calls[1]?.permit();
      expect(await Promise.all(others.map(({ answer }) => answer))).toEqual(['permit', 'permit', 'permit']);
      expect(calls).toHaveLength(2);
    },
  );

  it('do not wait for a call that goes on after its caller has left', async () => {
    const { calls, caller } = pending();
    const [first, second] = [caller(), caller()];
    await settled();
    first.runOut();
    await settled();
    const third = caller();
    await settled();
    calls[0]?.fail(new AuthorizerError('PDP_ERROR'));
    expect(await first.answer).toBe('PDP_ERROR');
    const fourth = caller();
    await settled();
    expect(calls).toHaveLength(2);
    calls[1]?.permit();
    expect(await Promise.all([second, third, fourth].map(({ answer }) => answer))).toEqual([
      'permit',
      'permit',
      'permit',
    ]);
  });

  it('end in their own time, whatever becomes of the call', async () => {
    const { calls, caller } = pending();
    const [first, second] = [caller(), caller()];
    await settled();
    second.runOut();
    expect(await second.answer).toBe('PDP_TIMEOUT');
    calls[0]?.permit();
    expect([await first.answer, calls.length]).toEqual(['permit', 1]);
  });

  it('leave no listener on the signal of the one who called', async () => {
    const cache = setUp();
    const { signal } = new AbortController();
    await Promise.all([cache.ask({}, signal), cache.ask(), cache.ask()]);
    await settled();
    expect([cache.calls, getEventListeners(signal, 'abort')]).toEqual([1, []]);
  });

  it('share its fault where that is PingOne’s: asking again at once would help nobody', async () => {
    const { calls, caller } = pending();
    const [first, second] = [caller(), caller()];
    await settled();
    calls[0]?.fail(new AuthorizerError('PDP_ERROR'));
    expect([await first.answer, await second.answer, calls.length]).toEqual(['PDP_ERROR', 'PDP_ERROR', 1]);
  });
});
