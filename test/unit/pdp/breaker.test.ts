/** Rules of the circuit breaker, told by a clock that the test owns. */
import { describe, expect, it } from 'vitest';
import type { BreakerSettings } from '../../../src/config/configuration.ts';
import { newFacts } from '../../../src/domain/call.ts';
import { AuthorizerError, type FaultCode, type FaultDetails } from '../../../src/domain/errors.ts';
import { type BreakerChange, guarded } from '../../../src/pdp/breaker.ts';
import type { Send } from '../../../src/pdp/send.ts';
import type { SidebandReply } from '../../../src/sideband/wire.ts';
import { fakeClock, settled } from '../fake-clock.ts';
import { openTransport } from './open-transport.ts';

const POST = { body: '{}', credential: 'c', propagation: {} };
const OK: SidebandReply = { status: 200, headers: {}, body: undefined };
const SETTINGS: BreakerSettings = { errorThresholdPercent: 50, volumeThreshold: 5, windowMs: 10_000, resetMs: 5000 };

const unhealthy = (details: FaultDetails = {}, code: FaultCode = 'PDP_ERROR'): AuthorizerError =>
  new AuthorizerError(code, { unhealthy: true, ...details });

const setUp = (settings: Partial<BreakerSettings> = {}) => {
  const clock = fakeClock();
  const changes: BreakerChange[] = [];
  let sent = 0;
  let answer: () => Promise<SidebandReply> = async () => OK;
  const send: Send = async () => {
    sent += 1;
    return answer();
  };
  const guard = guarded(send, { ...SETTINGS, ...settings }, clock, change => changes.push(change));
  const call = async (signal: AbortSignal = new AbortController().signal): Promise<string> => {
    const facts = newFacts();
    try {
      await guard.send(POST, { signal, facts, trace: undefined });
      return 'ok';
    } catch (error) {
      return error instanceof AuthorizerError ? error.code : String(error);
    }
  };
  const times = async (count: number): Promise<string[]> => {
    const results: string[] = [];
    for (let at = 0; at < count; at += 1) results.push(await call());
    return results;
  };
  return {
    clock,
    changes,
    guard,
    call,
    times,
    get sent() {
      return sent;
    },
    fails: (error: Error = unhealthy()) => {
      answer = () => Promise.reject(error);
    },
    works: () => {
      answer = async () => OK;
    },
    /** The next calls stay open until told how they end. */
    hangs: () => {
      const endings: { resolve: (reply: SidebandReply) => void; reject: (error: Error) => void }[] = [];
      answer = () => new Promise((resolve, reject) => endings.push({ resolve, reject }));
      return endings;
    },
  };
};

describe('a refusal', () => {
  it('says for how long the breaker stays open yet', async () => {
    const { clock, guard, fails, times } = setUp();
    fails(unhealthy({ retryAfterMs: 20_000 }));
    await times(1);
    await clock.advance(8000);
    const facts = newFacts();
    const refused = guard.send(POST, { signal: new AbortController().signal, facts, trace: undefined });
    await expect(refused).rejects.toMatchObject({ code: 'CIRCUIT_OPEN' });
    expect(facts.retryAfterMs).toBe(12_000);
  });
});

describe('a refusal while a probe is under way', () => {
  it('says no time: nobody knows when that ends', async () => {
    const breaker = setUp();
    breaker.fails();
    await breaker.times(5);
    breaker.clock.jump(5000);
    breaker.hangs();
    const request = new AbortController();
    const probe = breaker.call(request.signal);
    const facts = newFacts();
    const refused = breaker.guard.send(POST, { signal: new AbortController().signal, facts, trace: undefined });
    await expect(refused).rejects.toMatchObject({ code: 'CIRCUIT_OPEN' });
    expect(facts).toMatchObject({ breaker: 'half-open', retryAfterMs: undefined });
    request.abort();
    await breaker.clock.advance(10);
    expect(await probe).toBe('PDP_TIMEOUT');
  });
});

describe('it opens', () => {
  it('at the threshold, once there were enough calls', async () => {
    const breaker = setUp();
    breaker.fails();
    await breaker.times(4);
    expect(breaker.guard.state()).toBe('closed');
    await breaker.call();
    expect(breaker.guard.state()).toBe('open');
    expect(breaker.changes).toEqual([{ state: 'open', forMs: 5000 }]);
  });

  it('at exactly the threshold, and not below it', async () => {
    const at = setUp({ volumeThreshold: 4 });
    await at.times(2);
    at.fails();
    await at.times(2);
    expect(at.guard.state()).toBe('open');
    const below = setUp({ volumeThreshold: 4 });
    await below.times(3);
    below.fails();
    await below.times(2);
    expect(below.guard.state()).toBe('closed');
  });

  it('for nothing that PingOne answered and for no fault of ours', async () => {
    for (const code of [
      'PDP_REJECTED',
      'PDP_BAD_REPLY',
      'CREDENTIAL_REFUSED',
      'CREDENTIAL_UNAVAILABLE',
      'INVALID_REQUEST',
      'INTERNAL',
    ] as const) {
      const breaker = setUp({ volumeThreshold: 1, errorThresholdPercent: 1 });
      breaker.fails(new AuthorizerError(code));
      expect(await breaker.times(5)).toEqual(Array.from({ length: 5 }, () => code));
      breaker.fails(new Error('bug'));
      expect(await breaker.call()).toBe('Error: bug');
      expect(breaker.guard.state()).toBe('closed');
    }
  });

  it('by the calls that PingOne saw, however many others only waited in our own pool', async () => {
    const breaker = setUp({ volumeThreshold: 3 });
    for (let round = 0; round < 3; round += 1) {
      breaker.fails(new AuthorizerError('PDP_TIMEOUT'));
      await breaker.times(5);
      expect(breaker.guard.state()).toBe('closed');
      breaker.fails();
      await breaker.call();
    }
    expect(breaker.guard.state()).toBe('open');
  });

  it('for calls that never end: each is a timeout when its request is over', async () => {
    const breaker = setUp({ volumeThreshold: 2 });
    breaker.hangs();
    const requests = [new AbortController(), new AbortController()];
    const calls = requests.map(({ signal }) => breaker.call(signal));
    for (const request of requests) request.abort();
    await breaker.clock.advance(10);
    expect(await Promise.all(calls)).toEqual(['PDP_TIMEOUT', 'PDP_TIMEOUT']);
    expect(breaker.guard.state()).toBe('open');
  });

  it('and then refuses without a word to PingOne', async () => {
    const breaker = setUp();
    breaker.fails();
    await breaker.times(5);
    expect(await breaker.times(20)).toEqual(Array.from({ length: 20 }, () => 'CIRCUIT_OPEN'));
    expect(breaker.sent).toBe(5);
  });
});

describe('its window', () => {
  it('forgets what is older than itself', async () => {
    const breaker = setUp();
    breaker.fails();
    await breaker.times(4);
    await breaker.clock.advance(10_001);
    await breaker.times(4);
    expect(breaker.guard.state()).toBe('closed');
    await breaker.call();
    expect(breaker.guard.state()).toBe('open');
  });

  it('rolls: what is younger still counts', async () => {
    const breaker = setUp();
    breaker.fails();
    await breaker.times(2);
    await breaker.clock.advance(5000);
    await breaker.times(2);
    await breaker.clock.advance(4000);
    await breaker.call();
    expect(breaker.guard.state()).toBe('open');
  });

  it('ages while the environment is frozen', async () => {
    const breaker = setUp();
    breaker.fails();
    await breaker.times(4);
    breaker.clock.jump(60_000);
    await breaker.times(4);
    expect(breaker.guard.state()).toBe('closed');
  });

  it('is as it was where the clock was set back, and rolls on', async () => {
    const breaker = setUp();
    breaker.fails();
    await breaker.times(3);
    breaker.clock.jump(-3_600_000);
    await breaker.call();
    await breaker.clock.advance(10_001);
    await breaker.times(4);
    expect(breaker.guard.state()).toBe('closed');
    breaker.clock.jump(-3_600_000);
    await breaker.call();
    expect(breaker.guard.state()).toBe('open');
  });
});

describe('it stays open', () => {
  it.each([
    [0, 4000],
    [0.5, 5000],
    [1, 6000],
  ])('for the reset time ±20 %%: chance %f makes it %i ms', async (chance, forMs) => {
    const breaker = setUp();
    breaker.clock.chance(chance);
    breaker.fails();
    await breaker.times(5);
    expect(breaker.changes.at(0)?.forMs).toBeCloseTo(forMs, 3);
    breaker.works();
    breaker.clock.jump(forMs - 1);
    expect(await breaker.call()).toBe('CIRCUIT_OPEN');
    breaker.clock.jump(2);
    expect(await breaker.call()).toBe('ok');
  });

  it('neither longer nor shorter where the clock is set back', async () => {
    const breaker = setUp();
    breaker.fails();
    await breaker.times(5);
    breaker.works();
    await breaker.clock.advance(1000);
    breaker.clock.jump(-3_600_000);
    await breaker.clock.advance(3999);
    expect(await breaker.call()).toBe('CIRCUIT_OPEN');
    await breaker.clock.advance(1);
    expect(await breaker.call()).toBe('ok');
  });

  it('as long as a Retry-After asks, also where the clock was set back since the last one', async () => {
    const breaker = setUp();
    breaker.fails(unhealthy({ retryAfterMs: 60_000 }, 'PDP_RATE_LIMITED'));
    await breaker.call();
    breaker.works();
    await breaker.clock.advance(60_000);
    expect(await breaker.call()).toBe('ok');
    breaker.clock.jump(-50_000);
    breaker.fails(unhealthy({ retryAfterMs: 5000 }, 'PDP_RATE_LIMITED'));
    expect(await breaker.call()).toBe('PDP_RATE_LIMITED');
    breaker.works();
    await breaker.clock.advance(4999);
    expect(await breaker.call()).toBe('CIRCUIT_OPEN');
    await breaker.clock.advance(1);
    expect(await breaker.call()).toBe('ok');
  });

  it('as long as a Retry-After asks, from the first one on', async () => {
    const breaker = setUp();
    breaker.fails(unhealthy({ retryAfterMs: 30_000 }, 'PDP_RATE_LIMITED'));
    await breaker.call();
    expect(breaker.guard.state()).toBe('open');
    breaker.works();
    breaker.clock.jump(29_999);
    expect(await breaker.call()).toBe('CIRCUIT_OPEN');
    breaker.clock.jump(1);
    expect(await breaker.call()).toBe('ok');
  });

  it('for the longer one of two Retry-After', async () => {
    const breaker = setUp();
    const endings = breaker.hangs();
    const calls = [breaker.call(), breaker.call()];
    await settled();
    endings[0]?.reject(unhealthy({ retryAfterMs: 30_000 }));
    endings[1]?.reject(unhealthy({ retryAfterMs: 1000 }));
    await Promise.all(calls);
    breaker.clock.jump(2000);
    breaker.works();
    expect(await breaker.call()).toBe('CIRCUIT_OPEN');
    expect(breaker.changes.filter(({ state }) => state === 'open')).toHaveLength(1);
  });
});

describe('a probe', () => {
  const opened = async () => {
    const breaker = setUp();
    breaker.fails();
    await breaker.times(5);
    breaker.clock.jump(5000);
    return breaker;
  };

  it('is one call at a time; the others are refused', async () => {
    const breaker = await opened();
    const endings = breaker.hangs();
    const probe = breaker.call();
    await settled();
    expect(breaker.guard.state()).toBe('half-open');
    expect(await breaker.times(5)).toEqual(Array.from({ length: 5 }, () => 'CIRCUIT_OPEN'));
    endings[0]?.resolve(OK);
    expect(await probe).toBe('ok');
    expect(breaker.sent).toBe(6);
    expect(breaker.changes.map(({ state }) => state)).toEqual(['open', 'half-open', 'closed']);
  });

  it('that fails opens it again, for another reset time', async () => {
    const breaker = await opened();
    expect(await breaker.call()).toBe('PDP_ERROR');
    expect(breaker.guard.state()).toBe('open');
    breaker.works();
    breaker.clock.jump(4999);
    expect(await breaker.call()).toBe('CIRCUIT_OPEN');
    breaker.clock.jump(1);
    expect(await breaker.call()).toBe('ok');
  });

  it.each(['PDP_REJECTED', 'PDP_BAD_REPLY'] as const)(
    'that gets an answer, even one that we refuse as %s, closes it: PingOne is there',
    async code => {
      const breaker = await opened();
      breaker.fails(new AuthorizerError(code));
      expect(await breaker.call()).toBe(code);
      expect(breaker.guard.state()).toBe('closed');
    },
  );

  it.each([
    ['met a kept connection which broke', new AuthorizerError('PDP_UNREACHABLE', { retryable: true })],
    ['only waited in our own pool', new AuthorizerError('PDP_TIMEOUT')],
    ['failed by a fault of ours', new Error('bug')],
  ])('that %s says nothing of PingOne: the next call probes at once', async (_, fault) => {
    const breaker = await opened();
    breaker.fails(fault);
    expect(await breaker.call()).not.toBe('ok');
    expect(breaker.guard.state()).toBe('open');
    expect(await breaker.call()).not.toBe('CIRCUIT_OPEN');
    expect(breaker.guard.state()).toBe('open');
    breaker.works();
    expect(await breaker.call()).toBe('ok');
    expect(breaker.guard.state()).toBe('closed');
  });

  it('that never ends is a timeout when its request is over, and the breaker opens again', async () => {
    const breaker = await opened();
    breaker.hangs();
    const request = new AbortController();
    const probe = breaker.call(request.signal);
    request.abort();
    await breaker.clock.advance(10);
    expect(await probe).toBe('PDP_TIMEOUT');
    expect(await breaker.call()).toBe('CIRCUIT_OPEN');
    breaker.works();
    breaker.clock.jump(5000);
    expect(await breaker.call()).toBe('ok');
  });

  it('is the only one, also where a Retry-After to an earlier call begins and ends meanwhile', async () => {
    const breaker = setUp();
    const endings = breaker.hangs();
    const straggler = breaker.call();
    breaker.fails();
    await breaker.times(5);
    breaker.clock.jump(5000);
    const probes = breaker.hangs();
    const probe = breaker.call();
    await settled();
    endings[0]?.reject(unhealthy({ retryAfterMs: 1000 }, 'PDP_RATE_LIMITED'));
    expect(await straggler).toBe('PDP_RATE_LIMITED');
    expect(await breaker.call()).toBe('CIRCUIT_OPEN');
    breaker.clock.jump(2000);
    expect(await breaker.call()).toBe('CIRCUIT_OPEN');
    probes[0]?.resolve(OK);
    expect(await probe).toBe('ok');
    breaker.works();
    expect(await breaker.call()).toBe('ok');
    expect(breaker.guard.state()).toBe('closed');
  });

  it('that succeeds does not end a Retry-After that an earlier call was given meanwhile', async () => {
    const breaker = setUp();
    const endings = breaker.hangs();
    const straggler = breaker.call();
    breaker.fails();
    await breaker.times(5);
    breaker.clock.jump(5000);
    const probes = breaker.hangs();
    const probe = breaker.call();
    endings[0]?.reject(unhealthy({ retryAfterMs: 10_000 }, 'PDP_RATE_LIMITED'));
    await straggler;
    probes[0]?.resolve(OK);
    expect(await probe).toBe('ok');
    breaker.works();
    breaker.clock.jump(9999);
    expect(await breaker.call()).toBe('CIRCUIT_OPEN');
    breaker.clock.jump(1);
    expect(await breaker.call()).toBe('ok');
  });

  it('that closes it leaves an empty window, also where a Retry-After opened it', async () => {
    const breaker = setUp();
    breaker.fails();
    await breaker.times(4);
    breaker.fails(unhealthy({ retryAfterMs: 1000 }));
    await breaker.call();
    breaker.clock.jump(1000);
    breaker.works();
    await breaker.call();
    breaker.fails();
    await breaker.times(4);
    expect(breaker.guard.state()).toBe('closed');
  });

  it('that fails with Retry-After holds it for that long', async () => {
    const breaker = await opened();
    breaker.fails(unhealthy({ retryAfterMs: 60_000 }));
    await breaker.call();
    breaker.works();
    breaker.clock.jump(59_999);
    expect(await breaker.call()).toBe('CIRCUIT_OPEN');
    breaker.clock.jump(1);
    expect(await breaker.call()).toBe('ok');
  });
});

describe('calls that were under way', () => {
  it('when it opened still count for themselves, and neither close nor reopen it', async () => {
    const breaker = setUp();
    const endings = breaker.hangs();
    const late = [breaker.call(), breaker.call()];
    await settled();
    breaker.fails();
    await breaker.times(5);
    expect(breaker.guard.state()).toBe('open');
    endings[0]?.resolve(OK);
    endings[1]?.reject(unhealthy());
    expect(await Promise.all(late)).toEqual(['ok', 'PDP_ERROR']);
    expect(breaker.guard.state()).toBe('open');
    expect(breaker.changes).toHaveLength(1);
  });

  it.each([3, 7])(
    'when it opened and fail after it closed do not count, %i of them: the outage they tell of is over',
    async count => {
      const breaker = setUp();
      const endings = breaker.hangs();
      const late = Array.from({ length: count }, () => breaker.call());
      breaker.fails();
      await breaker.times(5);
      breaker.clock.jump(5000);
      breaker.works();
      expect(await breaker.call()).toBe('ok');
      for (const { reject } of endings) reject(unhealthy({}, 'PDP_TIMEOUT'));
      expect(await Promise.all(late)).toEqual(Array.from({ length: count }, () => 'PDP_TIMEOUT'));
      expect(breaker.guard.state()).toBe('closed');
      breaker.fails();
      await breaker.times(4);
      expect(breaker.guard.state()).toBe('closed');
      await breaker.call();
      expect(breaker.guard.state()).toBe('open');
    },
  );

  it('and fail as one of them is told when to come back hold it open until then, and not for the reset time', async () => {
    const breaker = setUp();
    const endings = breaker.hangs();
    const calls = Array.from({ length: 6 }, () => breaker.call());
    for (const [at, { reject }] of endings.entries()) reject(unhealthy(at === 5 ? { retryAfterMs: 1000 } : {}));
    await Promise.all(calls);
    expect(breaker.changes).toEqual([{ state: 'open', forMs: 1000 }]);
    breaker.works();
    breaker.clock.jump(1000);
    expect(await breaker.call()).toBe('ok');
  });

  it('all fail at once, and it is told once', async () => {
    const breaker = setUp();
    const endings = breaker.hangs();
    const calls = Array.from({ length: 50 }, () => breaker.call());
    await settled();
    for (const { reject } of endings) reject(unhealthy());
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['PDP_ERROR']));
    expect(breaker.changes).toEqual([{ state: 'open', forMs: 5000 }]);
  });
});

describe('the facts of a request', () => {
  it('have the state that its first attempt met', async () => {
    const breaker = setUp();
    breaker.fails();
    await breaker.times(5);
    const facts = newFacts();
    await expect(
      breaker.guard.send(POST, { signal: new AbortController().signal, facts, trace: undefined }),
    ).rejects.toThrow('CIRCUIT_OPEN');
    expect(facts.breaker).toBe('open');
  });

  it('keep the state that the first attempt met, whatever a later one meets', async () => {
    const breaker = setUp();
    breaker.fails();
    await breaker.times(5);
    const facts = { ...newFacts(), attempts: 1, breaker: 'closed' as const };
    const refused = breaker.guard.send(POST, { signal: new AbortController().signal, facts, trace: undefined });
    await expect(refused).rejects.toThrow('CIRCUIT_OPEN');
    expect(facts.breaker).toBe('closed');
  });
});

describe('over real sockets', () => {
  it('a probe that waits for a connection that another call has decides nothing', async () => {
    const { pdp, post } = await openTransport({
      maxSockets: 1,
      pdp: { script: [{ kind: 'reply', status: 500 }, { kind: 'stallHead' }, { kind: 'permit' }] },
    });
    const clock = fakeClock();
    const { send, state } = guarded(
      (_, { signal, facts }) => post({ signal, facts }),
      { ...SETTINGS, volumeThreshold: 1 },
      clock,
      () => undefined,
    );
    const ask = (signal: AbortSignal = new AbortController().signal): Promise<SidebandReply> =>
      send(POST, { signal, facts: newFacts(), trace: undefined });
    await expect(ask()).rejects.toMatchObject({ code: 'PDP_ERROR' });
    clock.jump(5000);

    const other = new AbortController();
    const occupied = expect(post({ signal: other.signal })).rejects.toMatchObject({ code: 'PDP_TIMEOUT' });
    await pdp.called(2);
    const hurried = new AbortController();
    const probe = expect(ask(hurried.signal)).rejects.toMatchObject({ code: 'PDP_TIMEOUT', unhealthy: false });
    await settled();
    hurried.abort();
    await probe;
    expect([state(), pdp.callCount]).toEqual(['open', 2]);

    other.abort();
    await occupied;
    expect((await ask()).status).toBe(200);
    expect(state()).toBe('closed');
  });
});
