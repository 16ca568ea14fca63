/** Rules of the states of a stored credential. */
import { describe, expect, it } from 'vitest';
import {
  afterAsking,
  afterFailure,
  afterFetch,
  afterRefusal,
  type Kept,
  mayAsk,
  NOTHING_KEPT,
  PENALTY_MS,
  reserveOf,
  stateAt,
} from '../../../src/credential/credential-state.ts';

const TTL = 300_000;
const fetched = (value: string, kept: Kept = NOTHING_KEPT, now = 0): Kept => afterFetch(now, kept, value, TTL);

describe('a credential', () => {
  it('is empty until it is fetched, and fetching while it is', () => {
    expect(stateAt(0, NOTHING_KEPT, undefined)).toEqual({ is: 'empty' });
    expect(stateAt(0, NOTHING_KEPT, 'fetch')).toEqual({ is: 'fetching', fetch: 'fetch' });
  });

  it('is fresh for its time to live, whatever is under way, and stale after it', () => {
    const kept = fetched('a');
    expect(stateAt(TTL, kept, 'fetch')).toEqual({ is: 'fresh', value: 'a' });
    expect(stateAt(TTL + 1, kept, undefined)).toEqual({ is: 'stale', value: 'a', fetch: undefined });
    expect(stateAt(TTL + 1, kept, 'fetch')).toEqual({ is: 'stale', value: 'a', fetch: 'fetch' });
  });

  it('is refused if PingOne refused it, and stale all the same once its time is over', () => {
    const kept = afterRefusal(fetched('a'), 'a');
    expect(stateAt(TTL, kept, 'fetch')).toEqual({ is: 'refused', value: 'a', fetch: 'fetch' });
    expect(stateAt(TTL + 1, kept, undefined)).toMatchObject({ is: 'stale' });
    expect(stateAt(0, fetched('b', kept), undefined)).toEqual({ is: 'fresh', value: 'b' });
    expect(stateAt(0, afterRefusal(fetched('a'), 'other'), undefined)).toEqual({ is: 'fresh', value: 'a' });
    expect(stateAt(0, afterRefusal(kept, 'other'), undefined)).toMatchObject({ is: 'refused' });
    expect(afterRefusal(kept, 'other')).toEqual(kept);
  });

  it('is refused no longer once the store gave it again: PingOne may have refused one request only', () => {
    const kept = fetched('a', afterRefusal(fetched('a'), 'a'));
    expect(stateAt(0, kept, undefined)).toEqual({ is: 'fresh', value: 'a' });
    expect(reserveOf(fetched('b', kept))).toBe('a');
  });

  it('is used for another 10 s after a fetch that failed, or for its time to live if that is less', () => {
    const later = afterFailure(TTL + 1, fetched('a'), TTL);
    expect(stateAt(TTL + 1 + PENALTY_MS, later, undefined)).toMatchObject({ is: 'fresh' });
    expect(stateAt(TTL + 2 + PENALTY_MS, later, undefined)).toMatchObject({ is: 'stale' });
    expect(afterFailure(0, fetched('a'), 50).freshUntil).toBe(50);
  });

  it('has the one before it in reserve, unless PingOne refused that one since the store last answered', () => {
    expect(reserveOf(fetched('a'))).toBeUndefined();
    expect(reserveOf(fetched('b', fetched('a')))).toBe('a');
    expect(reserveOf(fetched('b', fetched('b', fetched('a'))))).toBe('a');
    expect(reserveOf(fetched('b', afterRefusal(fetched('a'), 'a')))).toBe('a');
    const refused = afterRefusal(fetched('b', fetched('a')), 'a');
    expect(reserveOf(refused)).toBeUndefined();
    expect(reserveOf(afterRefusal(refused, 'b'))).toBeUndefined();
    expect(reserveOf(fetched('b', refused))).toBe('a');
  });

  it('may be asked for because of a refusal every 10 s', () => {
    expect(mayAsk(0, NOTHING_KEPT)).toBe(true);
    const asked = afterAsking(0, NOTHING_KEPT);
    expect([mayAsk(PENALTY_MS - 1, asked), mayAsk(PENALTY_MS, asked)]).toEqual([false, true]);
  });
});
