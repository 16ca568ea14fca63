/** Rules of the shadow: whom it asks, when, how often, and that nothing of it reaches the answer. */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/corridor/port.ts';
import { type Decision, deny } from '../../../src/domain/decision.ts';
import { AuthorizerError } from '../../../src/domain/errors.ts';
import type { AccessRequest } from '../../../src/domain/request.ts';
import type { Comparison } from '../../../src/domain/shadow-comparison.ts';
import { startShadow } from '../../../src/shadow/shadow.ts';
import { restEvent } from '../../support/events.ts';
import { fakeClock, settled } from '../fake-clock.ts';
import { permitFor } from '../permits.ts';
import { visitOf } from '../visits.ts';

const PERMIT = permitFor({ headers: [], changes: [] });
const DENIAL = deny({ reasonCode: 'POLICY_DENIED', status: 403, reason: 'no', fromPdp: true });
const EVENT = restEvent({ requestContext: { requestId: 'gateway-1' } });

const open = (answers: (call: number) => Decision | Error | undefined, percent = 100) => {
  const clock = fakeClock();
  const seen: Comparison[] = [];
  const asked: { request: AccessRequest; requestId: string | undefined; signal: AbortSignal }[] = [];
  let work = async (): Promise<void> => undefined;
  const shadow = startShadow(
    async (request, { requestId, signal }) => {
      asked.push({ request, requestId, signal });
      const answer = answers(asked.length);
      if (answer instanceof Error) throw answer;
      return answer ?? new Promise(() => undefined);
    },
    { percent, deadlineMs: 5000 },
    given => {
      work = given;
      return { answered: () => void work(), ready: Promise.resolve() };
    },
    clock,
    comparison => seen.push(comparison),
  );
  const decide = async (outcome: Partial<Outcome> = {}, tokenFault?: 'expired') => {
    const visit = visitOf(EVENT);
    visit.facts.tokenFault = tokenFault;
    const real: Outcome = {
      decision: PERMIT,
      request: visit.readRequest(),
      unapplied: [],
      fault: undefined,
      ...outcome,
    };
    expect(await shadow.authorize(async () => real)(visit)).toBe(real);
    return visit;
  };
  const answer = async () => {
    shadow.answered();
    await settled();
  };
  return { clock, seen, asked, decide, answer, work: () => work() };
};

describe('a shadow', () => {
  it('is asked the same, under the same id, once the answer has left', async () => {
    const { asked, decide, answer } = open(() => PERMIT);
    const { readRequest } = await decide();
    await settled();
    expect(asked).toEqual([]);
    await answer();
    expect(asked).toMatchObject([{ request: readRequest(), requestId: 'gateway-1' }]);
    await answer();
    expect(asked).toHaveLength(1);
  });

  it.each<[string, Decision, Decision, object]>([
    ['agrees', PERMIT, PERMIT, { outcome: 'agreed' }],
    ['would deny', PERMIT, DENIAL, { outcome: 'disagreed', kind: 'permit/deny', request: { requestId: 'gateway-1' } }],
    ['would permit', DENIAL, PERMIT, { outcome: 'disagreed', kind: 'deny/permit' }],
  ])('that %s is told so', async (_, decision, shadow, comparison) => {
    const { seen, decide, answer } = open(() => shadow);
    await decide({ decision });
    await answer();
    expect(seen).toMatchObject([comparison]);
  });

  it('that decides nothing is told with the reason, and a bug of ours as one', async () => {
    const faults = [new AuthorizerError('CIRCUIT_OPEN'), new TypeError('secret')];
    const { seen, decide, answer } = open(call => faults[call - 1]);
    for (let at = 0; at < 2; at += 1) {
      await decide();
      await answer();
    }
    expect(seen).toEqual([
      { outcome: 'failed', code: 'CIRCUIT_OPEN' },
      { outcome: 'failed', code: 'INTERNAL' },
    ]);
  });

  it('is ended after 2 s', async () => {
    const { clock, asked, seen, decide, answer } = open(() => undefined);
    await decide();
    await answer();
    await clock.advance(1999);
    expect(asked[0]?.signal.aborted).toBe(false);
    await clock.advance(100);
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(seen).toEqual([{ outcome: 'failed', code: 'PDP_TIMEOUT' }]);
    expect(clock.pending).toBe(0);
  });

  it('is not asked for a minute after a 429', async () => {
    const { clock, asked, decide, answer } = open(call =>
      call === 1 ? new AuthorizerError('PDP_RATE_LIMITED', { unhealthy: true }) : PERMIT,
    );
    for (const ms of [0, 1, 59_998]) {
      await clock.advance(ms);
      await decide();
      await answer();
    }
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    await decide();
    await answer();
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['a fault', { fault: new AuthorizerError('PDP_TIMEOUT') }, undefined],
    ['an event that is no request', { request: undefined }, undefined],
    ['a refusal of the token gate', { decision: DENIAL }, 'expired'],
  ] as const)('is not asked about %s, which PingOne did not decide', async (_, outcome, tokenFault) => {
    const { asked, decide, answer } = open(() => PERMIT);
    await decide(outcome, tokenFault);
    await answer();
    expect(asked).toEqual([]);
  });

  it('has at most 16 comparisons waiting or under way; others are left out', async () => {
    const { clock, asked, seen, decide, answer } = open(() => undefined);
    for (let at = 0; at < 10; at += 1) await decide();
    await answer();
    for (let at = 0; at < 10; at += 1) await decide();
    await answer();
    expect(asked).toHaveLength(16);
    await clock.advance(2100);
    expect(seen).toHaveLength(16);
    await decide();
    await answer();
    expect(asked).toHaveLength(17);
  });

  it('is asked about so many of 100 requests', async () => {
    const { clock, asked, decide, answer } = open(() => PERMIT, 30);
    for (let at = 0; at < 100; at += 1) {
      clock.chance(at / 100);
      await decide();
      await answer();
    }
    expect(asked).toHaveLength(30);
  });

  it('is done when its work ends, which is what keeps the environment awake', async () => {
    const { clock, seen, decide, work } = open(() => undefined);
    await decide();
    let ended = false;
    const working = work().then(() => {
      ended = true;
    });
    await clock.advance(1000);
    expect(ended).toBe(false);
    await clock.advance(1100);
    await working;
    expect(seen).toHaveLength(1);
  });
});
