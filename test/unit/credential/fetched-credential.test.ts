/** Rules of a credential that a secret store keeps. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CredentialEvent, fetchedCredential } from '../../../src/credential/fetched-credential.ts';
import { credentialIn } from '../../../src/credential/secret-text.ts';
import { newCounts, newFacts } from '../../../src/domain/call.ts';
import { AuthorizerError } from '../../../src/domain/errors.ts';
import { fakeClock, settled } from '../fake-clock.ts';
import { codeOf, faultOf } from '../faults.ts';
import { aStep, play } from './credential-story.ts';

type Fetched = string | Error | 'hang' | { readonly rejectsWith: unknown };
const TTL = 300_000;

const setUp = (...script: readonly Fetched[]) => setUpWith(5000, ...script);

const setUpWith = (deadlineMs: number, ...script: readonly Fetched[]) => {
  const clock = fakeClock();
  const counts = newCounts();
  const events: CredentialEvent[] = [];
  let onEvent = (): void => undefined;
  const signals: AbortSignal[] = [];
  const next = [...script];
  const endings: ((text: string) => void)[] = [];
  const fetchText = (signal: AbortSignal): Promise<string> => {
    signals.push(signal);
    const result = next.shift();
    if (result === undefined) return Promise.reject(new Error('a fetch too many'));
    if (result === 'hang') return new Promise(resolve => endings.push(resolve));
    if (typeof result === 'object' && 'rejectsWith' in result) return Promise.reject(result.rejectsWith);
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  };
  const credential = fetchedCredential(fetchText, { ttlMs: TTL, deadlineMs }, clock, counts, event => {
    events.push(event);
    onEvent();
  });
  const call = (signal: AbortSignal = new AbortController().signal) => ({
    signal,
    facts: newFacts(),
    trace: undefined,
  });
  return {
    clock,
    counts,
    events,
    signals,
    endings,
    credential,
    call,
    onEvent: (action: () => void) => {
      onEvent = action;
    },
    current: (signal?: AbortSignal) => credential.current(call(signal)),
    replacement: (refused: string, signal?: AbortSignal) => credential.replacement(refused, call(signal)),
    get fetches() {
      return signals.length;
    },
  };
};

describe('a secret', () => {
  it('is the credential itself, or JSON that has it under "credential"', () => {
    expect(credentialIn('plain')).toBe('plain');
    expect(credentialIn(' plain\n')).toBe('plain');
    expect(credentialIn('{"credential":"json","other":1}')).toBe('json');
    expect(credentialIn('\n{ "credential" : "json" }')).toBe('json');
  });

  it('is read through white space and byte order marks around it, as text and as JSON', () => {
    const around = fc.string({ unit: fc.constantFrom('\uFEFF', ' ', '\t', '\r\n', '\n'), maxLength: 4 });
    const credential = fc.stringMatching(/^[!-z](?:[ -z]{0,20}[!-z])?$/);
    fc.assert(
      fc.property(around, around, credential, (before, after, value) => {
        fc.pre(!value.startsWith('{'));
        expect(credentialIn(before + value + after)).toBe(value);
        expect(credentialIn(before + JSON.stringify({ credential: value }) + after)).toBe(value);
        expect(credentialIn(JSON.stringify({ credential: before + value + after }))).toBe(value);
      }),
    );
  });

  const NO_HEADER = 'the secret cannot be sent in a header';
  const NO_CREDENTIAL = 'the secret is JSON without a string under "credential"';
  const NO_JSON = 'the secret starts like JSON and is none';
  it.each([
    ['', NO_HEADER],
    [' ', NO_HEADER],
    ['a\r\nb', NO_HEADER],
    ['é', NO_HEADER],
    ['{"credential":""}', NO_HEADER],
    ['{"credential":"a\\nb"}', NO_HEADER],
    ['{"credential":1}', NO_CREDENTIAL],
    ['{"credential":null}', NO_CREDENTIAL],
    ['{"other":"x"}', NO_CREDENTIAL],
    ['{}', NO_CREDENTIAL],
    ['{', NO_JSON],
    ['{"credential":"x"} y', NO_JSON],
  ])('is unavailable as %j, and never quoted: %s', async (text, detail) => {
    const fault = await faultOf(() => credentialIn(text));
    expect(fault).toMatchObject({ code: 'CREDENTIAL_UNAVAILABLE', unhealthy: false, detail });
    if (text.length > 3) expect(fault.message).not.toContain(text);
  });
});

describe('a fetched credential', () => {
  it('is used for its time to live, by the wall clock, and fetched again after it', async () => {
    const store = setUp('c-1', 'c-2');
    expect(await store.current()).toBe('c-1');
    store.clock.jump(TTL);
    expect([await store.current(), store.fetches]).toEqual(['c-1', 1]);
    store.clock.jump(1);
    expect([await store.current(), store.fetches]).toEqual(['c-2', 2]);
    expect(store.counts).toMatchObject({ credentialRefresh: 2, credentialRefreshFailed: 0 });
    expect(store.events).toEqual([
      { event: 'refreshed', changed: true },
      { event: 'refreshed', changed: true },
    ]);
  });

  it('is told as unchanged where the store has the same, and leaves no timer behind', async () => {
    const store = setUp('c-1', 'c-1');
    await store.current();
    store.clock.jump(TTL + 1);
    await store.current();
    expect(store.events).toEqual([
      { event: 'refreshed', changed: true },
      { event: 'refreshed', changed: false },
    ]);
    expect(store.clock.pending).toBe(0);
  });

  it('is used no longer than that where the clock is set back', async () => {
    const store = setUp('c-1', 'c-2');
    await store.current();
    store.clock.jump(-3_600_000);
    await store.clock.advance(TTL);
    expect(await store.current()).toBe('c-1');
    await store.clock.advance(1);
    expect([await store.current(), store.fetches]).toEqual(['c-2', 2]);
  });

  it('is fetched once for all who wait', async () => {
    const store = setUp('hang');
    const waiting = Array.from({ length: 20 }, () => store.current());
    await settled();
    store.endings[0]?.('c-1');
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['c-1']));
    expect(store.fetches).toBe(1);
  });

  it('is fetched ahead of the first request, which then waits for nothing', async () => {
    const store = setUp('c-1');
    store.credential.prewarm();
    await settled();
    expect([await store.current(), store.fetches]).toEqual(['c-1', 1]);
  });

  it('that cannot be fetched ahead is fetched when it is needed', async () => {
    const store = setUp(new Error('no'), 'c-1');
    store.credential.prewarm();
    await settled();
    expect(await store.current()).toBe('c-1');
  });

  it('is fetched anew where the fetch begun ahead died in a freeze', async () => {
    const store = setUp('hang', 'c-1');
    store.credential.prewarm();
    await settled();
    const waiting = store.current();
    await store.clock.advance(5000);
    expect(await waiting).toBe('c-1');
    expect(store.fetches).toBe(2);
  });
});

describe('an outage of the store', () => {
  it('is the reason where there never was a credential; each request tries', async () => {
    const store = setUp(new Error('canary'), 'c-1');
    const fault = await faultOf(() => store.current());
    expect(fault.code).toBe('CREDENTIAL_UNAVAILABLE');
    expect(fault.message).not.toContain('canary');
    expect(store.counts.credentialRefreshFailed).toBe(1);
    expect(await store.current()).toBe('c-1');
  });

  it('leaves the last good credential in use, is counted, and the store is asked again only after a while', async () => {
    const store = setUp('c-1', new Error('down'), 'c-2');
    await store.current();
    store.clock.jump(TTL + 1);
    expect([await store.current(), await store.current(), await store.current()]).toEqual(['c-1', 'c-1', 'c-1']);
    expect([store.fetches, store.counts.credentialRefreshFailed]).toEqual([2, 1]);
    expect(store.events.at(-1)).toEqual({ event: 'refresh-failed', cause: 'Error', stale: true });
    store.clock.jump(10_001);
    expect(await store.current()).toBe('c-2');
  });

  it('costs a quarter of a second, once, where there is a last good credential', async () => {
    const store = setUp('c-1', 'hang');
    await store.current();
    store.clock.jump(TTL + 1);
    const waiting = store.current();
    await settled();
    await store.clock.advance(250);
    expect(await waiting).toBe('c-1');
    expect(await store.current()).toBe('c-1');
    expect([store.fetches, store.signals[1]?.aborted]).toEqual([2, false]);
    await store.clock.advance(4750);
    expect(store.signals[1]?.aborted).toBe(true);
  });

  it('does not keep a store that is slower than that from being read', async () => {
    const store = setUp('c-1', 'hang');
    await store.current();
    store.clock.jump(TTL + 1);
    const waiting = store.current();
    await settled();
    await store.clock.advance(250);
    expect(await waiting).toBe('c-1');
    store.endings[0]?.('c-2');
    await settled();
    expect(await store.current()).toBe('c-2');
  });

  it('costs at most a quarter of a short deadline, so that the call itself still has time', async () => {
    const store = setUpWith(800, 'c-1', 'hang');
    await store.current();
    store.clock.jump(TTL + 1);
    const waiting = store.current();
    await settled();
    await store.clock.advance(200);
    expect(await waiting).toBe('c-1');
  });

  it('is told by the name of the innermost error, never by its words', async () => {
    class AccessDeniedException extends Error {
      override readonly name = 'AccessDeniedException';
    }
    const store = setUp(new Error('outer canary', { cause: new AccessDeniedException('inner canary') }));
    await codeOf(() => store.current());
    expect(store.events).toEqual([{ event: 'refresh-failed', cause: 'AccessDeniedException', stale: false }]);
  });

  it.each<[string, Fetched, string]>([
    ['an error', new TypeError('canary'), 'TypeError'],
    ['an error whose cause is none', new RangeError('canary', { cause: 'canary' }), 'RangeError'],
    ['what is no error', { rejectsWith: 'canary' }, 'unknown'],
    ['a secret that cannot be read', '{', 'the secret starts like JSON and is none'],
  ])('is told to the log and to the request alike: %s', async (_, fetched, cause) => {
    const store = setUp(fetched);
    expect(await faultOf(() => store.current())).toMatchObject({ code: 'CREDENTIAL_UNAVAILABLE', detail: cause });
    expect(store.events).toEqual([{ event: 'refresh-failed', cause, stale: false }]);
  });

  it('is told as well where the store does not answer', async () => {
    const store = setUp('hang');
    const waiting = faultOf(() => store.current());
    await store.clock.advance(5000);
    const cause = 'the secret store did not answer in time';
    expect(await waiting).toMatchObject({ code: 'CREDENTIAL_UNAVAILABLE', detail: cause });
    expect(store.events).toEqual([{ event: 'refresh-failed', cause, stale: false }]);
  });
});

describe('a request that gives up', () => {
  it('stops waiting at once, and ends the fetch where nobody else waits', async () => {
    const store = setUp('hang');
    const controller = new AbortController();
    const waiting = codeOf(() => store.current(controller.signal));
    await settled();
    controller.abort();
    expect(await waiting).toBe('CREDENTIAL_UNAVAILABLE');
    expect(store.signals[0]?.aborted).toBe(true);
  });

  it('was over before it asked, and is told so', async () => {
    const store = setUp('hang');
    expect(await faultOf(() => store.current(AbortSignal.abort()))).toMatchObject({
      code: 'CREDENTIAL_UNAVAILABLE',
      detail: 'the secret store did not answer in time',
    });
  });

  it('does not make the store be asked again where the fetch of another fails at that moment', async () => {
    const store = setUp('hang', 'c-1');
    store.credential.prewarm();
    const controller = new AbortController();
    const gone = codeOf(() => store.current(controller.signal));
    store.onEvent(() => controller.abort());
    await store.clock.advance(5000);
    expect([await gone, store.fetches]).toEqual(['CREDENTIAL_UNAVAILABLE', 1]);
  });

  it('does not take the next request along, which comes as the fetch ends', async () => {
    const store = setUp('hang', 'c-1');
    const controller = new AbortController();
    const gone = codeOf(() => store.current(controller.signal));
    await settled();
    controller.abort();
    await gone;
    expect([await store.current(), store.fetches]).toEqual(['c-1', 2]);
  });

  it('leaves a fetch to its end where there is a last good credential', async () => {
    const store = setUp('old', 'hang');
    await store.current();
    const controller = new AbortController();
    const replaced = store.replacement('old', controller.signal);
    await settled();
    controller.abort();
    expect([await replaced, store.signals[1]?.aborted]).toEqual([undefined, false]);
    store.endings[0]?.('new');
    await settled();
    expect([await store.current(), store.fetches]).toEqual(['new', 2]);
  });

  it('does not take the credential from those who still wait', async () => {
    const store = setUp('hang');
    const controller = new AbortController();
    const gone = codeOf(() => store.current(controller.signal));
    const stays = store.current();
    await settled();
    controller.abort();
    await gone;
    expect(store.signals[0]?.aborted).toBe(false);
    store.endings[0]?.('c-1');
    expect(await stays).toBe('c-1');
  });
});

describe('a refused credential', () => {
  it('is replaced by a fresh one', async () => {
    const store = setUp('old', 'new');
    await store.current();
    expect(await store.replacement('old')).toBe('new');
    expect([await store.current(), store.fetches]).toEqual(['new', 2]);
  });

  it('has no replacement where the store still has the same', async () => {
    const store = setUp('same', 'same');
    await store.current();
    expect(await store.replacement('same')).toBeUndefined();
  });

  it('is fetched afresh once for however many suffer', async () => {
    const store = setUp('old', 'hang');
    await store.current();
    const suffering = Array.from({ length: 20 }, () => store.replacement('old'));
    await settled();
    store.endings[0]?.('new');
    expect(new Set(await Promise.all(suffering))).toEqual(new Set(['new']));
    expect(store.fetches).toBe(2);
  });

  it('is fetched afresh at most every 10 s', async () => {
    const store = setUp('old', 'old', 'new');
    await store.current();
    expect(await store.replacement('old')).toBeUndefined();
    store.clock.jump(9999);
    expect([await store.replacement('old'), store.fetches]).toEqual([undefined, 2]);
    store.clock.jump(1);
    expect([await store.replacement('old'), store.fetches]).toEqual(['new', 3]);
  });

  it('is fetched afresh no sooner and no later where the clock is set back', async () => {
    const store = setUp('old', 'old', 'new');
    await store.current();
    await store.replacement('old');
    for (let second = 0; second < 10; second += 1) {
      store.clock.jump(-3_600_000);
      expect([await store.replacement('old'), store.fetches]).toEqual([undefined, 2]);
      await store.clock.advance(1000);
    }
    expect([await store.replacement('old'), store.fetches]).toEqual(['new', 3]);
  });

  it('that somebody else has already replaced costs no fetch', async () => {
    const store = setUp('old', 'new');
    await store.current();
    await store.replacement('old');
    store.clock.jump(10_000);
    expect([await store.replacement('old'), store.fetches]).toEqual(['new', 2]);
  });

  it('has no replacement while the store is down, and goes on being used', async () => {
    const store = setUp('old', new Error('down'));
    await store.current();
    expect(await store.replacement('old')).toBeUndefined();
    expect(await store.current()).toBe('old');
    expect(store.counts.credentialRefreshFailed).toBe(1);
  });

  it('is replaced by the one before it where the store was ahead of PingOne', async () => {
    const store = setUp('old', 'too-new', 'too-new');
    await store.current();
    store.clock.jump(TTL + 1);
    expect(await store.current()).toBe('too-new');
    expect(await store.replacement('too-new')).toBe('old');
  });

  it('never comes back as its own replacement', async () => {
    const store = setUp('a', 'b', 'b');
    await store.current();
    expect(await store.replacement('a')).toBe('b');
    expect(await store.replacement('a')).toBe('b');
    store.clock.jump(10_000);
    expect(await store.replacement('b')).toBe('a');
    expect(await store.replacement('a')).toBe('b');
    expect(await store.replacement('b')).toBeUndefined();
  });

  it('is fallen back on in a later rotation, if PingOne refused it for one request only', async () => {
    const store = setUp('old', 'old', 'too-new', 'too-new');
    await store.current();
    expect(await store.replacement('old')).toBeUndefined();
    store.clock.jump(TTL + 1);
    expect(await store.current()).toBe('too-new');
    expect(await store.replacement('too-new')).toBe('old');
  });

  it('is fallen back on at once, if that refusal made the store be asked, which was ahead of PingOne', async () => {
    const store = setUp('old', 'too-new');
    await store.current();
    expect(await store.replacement('old')).toBe('too-new');
    store.credential.noteRefusal('too-new');
    expect([await store.current(), await store.replacement('too-new'), store.fetches]).toEqual(['too-new', 'old', 2]);
  });
});

describe('a credential whose refusal makes the store be asked', () => {
  it('is used again only when the store has answered', async () => {
    const store = setUp('old', 'hang');
    await store.current();
    const replaced = store.replacement('old');
    const next = store.current();
    await settled();
    store.endings[0]?.('new');
    expect([await replaced, await next, store.fetches]).toEqual(['new', 'new', 2]);
  });

  it('is used again where the store is slow: no request waits for it longer than for a stale one', async () => {
    const store = setUp('old', 'hang');
    await store.current();
    void store.replacement('old');
    const next = store.current();
    await store.clock.advance(250);
    expect([await next, await store.current(), store.fetches]).toEqual(['old', 'old', 2]);
  });

  it('stays refused whatever a request is late to tell of an earlier one', async () => {
    const store = setUp('old', 'refused', 'hang');
    await store.current();
    expect(await store.replacement('old')).toBe('refused');
    store.clock.jump(10_000);
    const replaced = [store.replacement('refused'), store.replacement('old')];
    await settled();
    store.endings[0]?.('new');
    expect([await Promise.all(replaced), store.fetches]).toEqual([['new', 'new'], 3]);
  });
});

describe('a replacement that is refused as well', () => {
  it('is no replacement until the store has answered again', async () => {
    const store = setUp('old', 'too-new', 'too-new', 'too-new');
    await store.current();
    store.clock.jump(TTL + 1);
    await store.current();
    expect(await store.replacement('too-new')).toBe('old');
    store.credential.noteRefusal('old');
    store.clock.jump(9999);
    expect([await store.replacement('too-new'), store.fetches]).toEqual([undefined, 3]);
    store.clock.jump(1);
    expect([await store.replacement('too-new'), store.fetches]).toEqual(['old', 4]);
  });

  it('is no replacement while the store is away', async () => {
    const store = setUp('old', 'too-new', 'too-new', new Error('down'));
    await store.current();
    store.clock.jump(TTL + 1);
    await store.current();
    expect(await store.replacement('too-new')).toBe('old');
    store.credential.noteRefusal('old');
    store.clock.jump(10_000);
    expect([await store.replacement('too-new'), store.fetches]).toEqual([undefined, 4]);
  });

  it('is still tried by a request that sent another one, since PingOne may learn it later than the store', async () => {
    const store = setUp('old', 'new');
    await store.current();
    expect(await store.replacement('old')).toBe('new');
    store.credential.noteRefusal('new');
    expect([await store.replacement('old'), store.fetches]).toEqual(['new', 2]);
  });
});

describe('a fault of the store', () => {
  it('is ours, and none of PingOne’s', async () => {
    const store = setUp(new Error('no'));
    await expect(store.current()).rejects.toBeInstanceOf(AuthorizerError);
  });
});

describe('any order of requests, refusals, rotations, outages and freezes', () => {
  it('leaves the credential available, fetched once at a time, seldom, and in the end the one that the store has', async () => {
    await fc.assert(fc.asyncProperty(fc.array(aStep, { maxLength: 25 }), play), { numRuns: 150 });
  });
});
