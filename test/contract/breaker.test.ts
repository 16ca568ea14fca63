/** The breaker's rules under random calls: they overlap and end in every way, with freezes and a wall clock that is set at random. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newFacts } from '../../src/domain/call.ts';
import { AuthorizerError } from '../../src/domain/errors.ts';
import { type BreakerChange, guarded } from '../../src/pdp/breaker.ts';
import type { Send } from '../../src/pdp/send.ts';
import type { SidebandReply } from '../../src/sideband/wire.ts';
import { type FakeClock, fakeClock, settled } from '../unit/fake-clock.ts';

const SETTINGS = { errorThresholdPercent: 50, volumeThreshold: 2, windowMs: 10_000, resetMs: 5000 };
const LONGEST_RESET_MS = 6000;
const POST = { body: '{}', credential: 'c', propagation: {} };
const OK: SidebandReply = { status: 200, headers: {}, body: undefined };

type How = 'replies' | 'is refused' | 'fails' | 'is limited' | 'waited for us' | 'never ends';
type Step =
  | { readonly do: 'call' }
  | { readonly do: 'end'; readonly which: number; readonly how: How; readonly forMs: number }
  /** Each step except `pass` is followed by a call, because two changes of the wall clock between two readings show only as their sum. */
  | { readonly do: 'pass' | 'freeze' | 'set back' | 'set forward'; readonly ms: number };

const HOWS: readonly How[] = [
  'replies',
  'is refused',
  'fails',
  'fails',
  'fails',
  'is limited',
  'is limited',
  'waited for us',
  'never ends',
];
const ms = fc.integer({ min: 2, max: 20_000 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ do: 'call' } as const) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      which: fc.nat(),
      how: fc.constantFrom(...HOWS),
      forMs: fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.constant(60_000)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('pass', 'pass', 'freeze', 'set back', 'set forward'), ms }),
  },
);

/** A call that PingOne has not answered yet. */
interface Open {
  readonly period: number;
  readonly probe: boolean;
  readonly request: AbortController;
  readonly resolve: (reply: SidebandReply) => void;
  readonly reject: (error: Error) => void;
  readonly got: Promise<string>;
}

const live = (clock: FakeClock) => {
  const changes: BreakerChange[] = [];
  const open: Open[] = [];
  /** A new period begins each time the breaker closes. */
  const period = (): number => changes.filter(({ state }) => state === 'closed').length;
  let sent: Omit<Open, 'got' | 'request'> | undefined;
  const send: Send = () =>
    new Promise((resolve, reject) => {
      sent = { period: period(), probe: guard.state() !== 'closed', resolve, reject };
    });
  const guard = guarded(send, SETTINGS, clock, change => changes.push(change));

  const call = async (): Promise<'sent' | string> => {
    sent = undefined;
    const request = new AbortController();
    const got = guard.send(POST, { signal: request.signal, facts: newFacts(), trace: undefined }).then(
      () => 'ok',
      (error: unknown) => (error instanceof AuthorizerError ? error.code : String(error)),
    );
    if (sent === undefined) return got;
    open.push({ ...(sent as Omit<Open, 'got' | 'request'>), request, got });
    return 'sent';
  };

  const end = async ({ resolve, reject, request, got }: Open, how: How, forMs: number): Promise<void> => {
    if (how === 'replies') resolve(OK);
    else if (how === 'is refused') reject(new AuthorizerError('PDP_BAD_REPLY'));
    else if (how === 'fails') reject(new AuthorizerError('PDP_ERROR', { unhealthy: true }));
    else if (how === 'waited for us') reject(new AuthorizerError('PDP_TIMEOUT'));
    else if (how === 'never ends') {
      request.abort();
      await clock.advance(10);
    } else reject(new AuthorizerError('PDP_RATE_LIMITED', { unhealthy: true, retryAfterMs: forMs }));
    await got;
    await settled();
  };

  return { changes, open, period, state: guard.state, call, end };
};

const isCounted = (how: How): boolean => how === 'fails' || how === 'is limited' || how === 'never ends';
const isAnswer = (how: How): boolean => how === 'replies' || how === 'is refused';

/** Whether some run of latest outcomes, at least as long as the volume, has a share of failures at the threshold or above. */
const explains = (failures: readonly boolean[]): boolean =>
  failures.some((_, from) => {
    const latest = failures.slice(from);
    const share = (100 * latest.filter(Boolean).length) / latest.length;
    return latest.length >= SETTINGS.volumeThreshold && share >= SETTINGS.errorThresholdPercent;
  });

/** Runs the steps and checks each one. */
const judge = async (steps: readonly Step[], chance: number): Promise<void> => {
  const clock = fakeClock();
  clock.chance(chance);
  const breaker = live(clock);
  /** The real time, and the latest time that the breaker may believe. */
  let real = 0;
  let believed = 0;
  /** The time until which the breaker was asked to stay open. */
  let asked = 0;
  let outcomes: { readonly failed: boolean; readonly at: number }[] = [];

  const pass = async (span: number): Promise<void> => {
    await clock.advance(span);
    real += span;
    believed += span;
  };

  const call = async (): Promise<void> => {
    const probing = breaker.open.some(({ probe }) => probe);
    const before = breaker.state();
    const got = await breaker.call();
    if (got === 'sent') expect(before === 'closed' || !probing, 'one probe at a time').toBe(true);
    else {
      expect([got, before === 'closed']).toEqual(['CIRCUIT_OPEN', false]);
      expect(probing || real < asked, 'no longer open than asked').toBe(true);
    }
  };

  const end = async (which: number, how: How, forMs: number): Promise<void> => {
    const [ended] = breaker.open.splice(which % Math.max(1, breaker.open.length), 1);
    if (ended === undefined) return;
    const [before, told] = [breaker.state(), breaker.changes.length];
    const counts = before === 'closed' && ended.period === breaker.period() && !ended.probe;
    await breaker.end(ended, how, forMs);
    if (how === 'never ends') {
      real += 10;
      believed += 10;
    }
    if (counts && how !== 'waited for us') outcomes.push({ failed: isCounted(how), at: believed });
    if (how === 'is limited') asked = Math.max(asked, real + forMs);
    else if (isCounted(how) && (ended.probe || counts)) asked = Math.max(asked, real + LONGEST_RESET_MS);

    const after = breaker.changes.slice(told).map(({ state }) => state);
    expect(after.length).toBeLessThanOrEqual(1);
    if (how === 'is limited') expect(breaker.state()).toBe('open');
    else if (after[0] === 'open') {
      expect(isCounted(how), 'opens by counted faults').toBe(true);
      expect(ended.probe || (counts && explains(outcomes.map(({ failed }) => failed))), 'is explained').toBe(true);
    } else if (after[0] === 'closed') {
      expect(ended.probe && isAnswer(how), 'closes by an answer to a probe').toBe(true);
      outcomes = [];
    } else if (counts && isCounted(how)) {
      const young = (outcomes[0]?.at ?? 0) > believed - 0.9 * SETTINGS.windowMs;
      const clear = outcomes.length >= SETTINGS.volumeThreshold && outcomes.every(({ failed }) => failed);
      expect(young && clear, 'opens where nothing but failures is in the window').toBe(false);
    }
    if (ended.probe && how === 'waited for us') expect(breaker.state()).toBe('open');
  };

  for (const now of steps) {
    if (now.do === 'call') await call();
    else if (now.do === 'end') await end(now.which, now.how, now.forMs);
    else if (now.do === 'pass') await pass(now.ms);
    else {
      clock.jump(now.do === 'set back' ? -now.ms : now.ms);
      if (now.do !== 'set back') believed += now.ms;
      if (now.do === 'freeze') real += now.ms;
      await call();
    }
  }
  while (breaker.open.length > 0) await end(0, 'never ends', 0);
  await pass(60_000);
  await call();
  expect(breaker.open, 'it is never stuck').toHaveLength(1);
  await end(0, 'replies', 0);
  expect(breaker.state()).toBe('closed');
};

describe('the breaker', () => {
  it('keeps its rules under any sequence of calls', async () => {
    const chance = fc.double({ min: 0, max: 0.999, noNaN: true });
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60 }), chance, judge), { numRuns: 2000 });
  }, 60_000);
});
