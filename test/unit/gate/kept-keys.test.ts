/** Rules of when keys are fetched, how long a request waits, and which keys are used while the server is away. */
import { describe, expect, it } from 'vitest';
import { keptKeys } from '../../../src/gate/kept-keys.ts';
import { fakeClock, settled } from '../fake-clock.ts';

const signal = new AbortController().signal;

/** Keys are numbers: the count of the fetch that gave them. */
const openKeys = (first: 'answers' | 'fails' | 'stalls' = 'answers', deadlineMs = 5000) => {
  const clock = fakeClock();
  let asked = 0;
  let behaviour = first;
  const kept = keptKeys(
    async abort => {
      asked += 1;
      const number = asked;
      if (behaviour === 'fails') throw new Error('away');
      if (behaviour === 'stalls') await new Promise((_, reject) => abort.addEventListener('abort', reject));
      return { number };
    },
    deadlineMs,
    clock,
  );
  return {
    clock,
    kept,
    asked: () => asked,
    server: (next: typeof behaviour) => {
      behaviour = next;
    },
  };
};

describe('keys', () => {
  it('are fetched ahead of the first request, once for all that wait', async () => {
    const { kept, asked } = openKeys();
    expect(asked()).toBe(1);
    const [one, other] = await Promise.all([kept.current(signal), kept.current(signal)]);
    expect(one).toEqual({ number: 1 });
    expect(other).toBe(one);
    expect(asked()).toBe(1);
  });

  it('that have come leave no timer behind', async () => {
    const { clock, kept } = openKeys();
    await kept.current(signal);
    await settled();
    expect(clock.pending).toBe(0);
  });

  it('are renewed after 5 min, beside a request that does not wait', async () => {
    const { clock, kept, asked, server } = openKeys();
    await kept.current(signal);
    await clock.advance(299_999);
    await kept.current(signal);
    expect(asked()).toBe(1);
    await clock.advance(1);
    server('stalls');
    expect(await kept.current(signal)).toEqual({ number: 1 });
    expect(asked()).toBe(2);
  });

  it('are used on while the server is away, which is asked every 10 s', async () => {
    const { clock, kept, asked, server } = openKeys();
    await kept.current(signal);
    server('fails');
    await clock.advance(300_000);
    for (let at = 0; at < 5; at += 1) {
      expect(await kept.current(signal)).toEqual({ number: 1 });
      await settled();
    }
    expect(asked()).toBe(2);
    await clock.advance(10_000);
    server('answers');
    await kept.current(signal);
    await settled();
    expect(await kept.current(signal)).toEqual({ number: 3 });
  });

  it.each([
    [5000, 1000],
    [2000, 500],
  ])('that there never were are waited for: of %i ms in all, %i', async (deadlineMs, waitedMs) => {
    const { clock, kept } = openKeys('stalls', deadlineMs);
    const ended: unknown[] = [];
    void kept.current(signal).then(keys => ended.push(keys));
    await clock.advance(waitedMs - 1);
    expect(ended).toEqual([]);
    await clock.advance(1);
    expect(ended).toEqual([undefined]);
  });

  it('are not waited for once the request is over', async () => {
    const { kept } = openKeys('stalls');
    const controller = new AbortController();
    const keys = kept.current(controller.signal);
    controller.abort();
    expect(await keys).toBeUndefined();
  });

  it('that there never were cost no request any time while the server was asked a moment ago', async () => {
    const { clock, kept, asked } = openKeys('fails');
    await settled();
    expect([await kept.current(signal), await kept.current(signal)]).toEqual([undefined, undefined]);
    expect(asked()).toBe(1);
    await clock.advance(10_000);
    expect(await kept.current(signal)).toBeUndefined();
    expect(asked()).toBe(2);
  });

  it('that come after 2 s come too late', async () => {
    const { clock, kept, server } = openKeys('stalls');
    await clock.advance(2000);
    server('answers');
    expect(await kept.current(signal)).toBeUndefined();
    await clock.advance(8000);
    expect(await kept.current(signal)).toEqual({ number: 2 });
  });
});

describe('for a token whose key is not known', () => {
  it('they are fetched anew, also if that was done a moment ago', async () => {
    const { kept } = openKeys();
    const known = await kept.current(signal);
    expect(known && (await kept.upToDate(known, signal))).toEqual({ number: 2 });
  });

  it('they are fetched at most every 10 s, and are those of the last fetch until then', async () => {
    const { clock, kept, asked } = openKeys();
    const first = await kept.current(signal);
    const second = first && (await kept.upToDate(first, signal));
    for (let at = 0; at < 20; at += 1) expect(second && (await kept.upToDate(second, signal))).toBe(second);
    expect(asked()).toBe(2);
    await clock.advance(10_000);
    expect(second && (await kept.upToDate(second, signal))).toEqual({ number: 3 });
  });

  it('they are those that are held by now, without a fetch, if others had them fetched', async () => {
    const { clock, kept, asked } = openKeys();
    const first = (await kept.current(signal)) ?? { number: 0 };
    const second = await kept.upToDate(first, signal);
    await clock.advance(10_000);
    expect(await kept.upToDate(first, signal)).toBe(second);
    expect(asked()).toBe(2);
  });

  it('nothing is known as long as the key server does not answer', async () => {
    const { clock, kept, asked, server } = openKeys();
    const known = (await kept.current(signal)) ?? { number: 0 };
    server('stalls');
    const one = kept.upToDate(known, signal);
    await clock.advance(999);
    const other = kept.upToDate(known, signal);
    const ended: unknown[] = [];
    void other.then(keys => ended.push(keys));
    await clock.advance(1);
    expect([await one, ended]).toEqual([undefined, []]);
    await clock.advance(999);
    expect([ended, asked()]).toEqual([[undefined], 2]);
  });

  it('they are fetched once for all that ask', async () => {
    const { kept, asked } = openKeys();
    const known = (await kept.current(signal)) ?? { number: 0 };
    const all = await Promise.all(Array.from({ length: 5 }, () => kept.upToDate(known, signal)));
    expect(all).toEqual(Array(5).fill({ number: 2 }));
    expect(asked()).toBe(2);
  });

  it('nothing is known while the server is away, for as long as it is not asked again', async () => {
    const { clock, kept, asked, server } = openKeys();
    const known = (await kept.current(signal)) ?? { number: 0 };
    server('fails');
    expect([await kept.upToDate(known, signal), await kept.upToDate(known, signal)]).toEqual([undefined, undefined]);
    expect(asked()).toBe(2);
    server('answers');
    await clock.advance(10_000);
    expect(await kept.upToDate(known, signal)).toEqual({ number: 3 });
  });
});
