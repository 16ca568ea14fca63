/** Rules of the simulation: the product's lives break no promise, and a life that breaks one is seen. */
import { describe, expect, it } from 'vitest';
import { brokenIn } from '../../../proof/simulation/invariants.ts';
import { effectOf, type Life, live } from '../../../proof/simulation/life.ts';
import { simulate } from '../../../proof/simulation/simulate.ts';

/** A life with a permit, a denial, an outage and a probe in it. */
const SEED = 104;
const life = await live(SEED);
const changed = (change: Partial<Life>): readonly string[] => brokenIn({ ...life, ...change });

describe('the lives of an environment', () => {
  it('break no promise', async () => {
    const { broken, requests, openings } = await simulate({ from: 0, to: 150 });
    expect(broken).toEqual([]);
    expect(requests).toBeGreaterThan(1500);
    expect(openings).toBeGreaterThan(50);
  });

  it('are the same for the same seed', async () => {
    expect((await live(SEED)).story).toEqual(life.story);
  });
});

describe('a life that breaks a promise is seen', () => {
  it('if a request is permitted without its own echo', () => {
    const attempts = life.attempts.map(attempt => ({ ...attempt, ending: 'denies' as const }));
    expect(changed({ attempts }).join()).toMatch(/was permitted without its own echo/);
  });

  it('if an answer comes after its deadline, or never', () => {
    const late = life.invocations.map(invocation => ({ ...invocation, startedElapsed: -1e9 }));
    expect(changed({ invocations: late }).join()).toMatch(/took \d+ ms of/);
    const never = life.invocations.map(invocation => ({ ...invocation, endedElapsed: undefined }));
    expect(changed({ invocations: never }).join()).toMatch(/was never answered/);
  });

  it('if an answer holds something of another request', () => {
    const answers = life.invocations.map(({ answer }) => answer);
    const shifted = life.invocations.map((invocation, index) => ({
      ...invocation,
      answer: effectOf(invocation.answer) === 'PERMIT' ? answers[index + 1] : invocation.answer,
    }));
    expect(changed({ invocations: shifted }).join()).toMatch(/holds mark-\d+-/);
  });

  it('if a second probe begins while one is under way', () => {
    const probe = life.attempts.find(({ startedAt }) =>
      life.changes.some(({ at, state }) => at === startedAt && state === 'half-open'),
    );
    if (probe === undefined) throw new Error('this life has no probe');
    const second = { ...probe, startedAt: probe.startedAt, endedAt: (probe.endedAt ?? probe.startedAt) + 10 };
    const attempts = life.attempts.flatMap(attempt => (attempt === probe ? [second, second] : [attempt]));
    expect(changed({ attempts }).join()).toMatch(/a second probe began/);
  });

  it('if the breaker opens and no call had failed', () => {
    const attempts = life.attempts.map(attempt => ({
      ...attempt,
      ending: 'permits' as const,
      endedAt: attempt.startedAt,
    }));
    expect(changed({ attempts }).join()).toMatch(/the breaker opened at/);
  });

  it('if more attempts are made than are allowed', () => {
    const [first] = life.attempts;
    if (first === undefined) throw new Error('this life has no attempt');
    const invocations = life.invocations.filter(({ request }) => request === first.request).slice(0, 1);
    expect(changed({ invocations, attempts: Array(5).fill(first) }).join()).toMatch(/made 5 attempts of/);
  });

  it('if a refused credential is sent again by the same request', () => {
    const [first] = life.attempts;
    if (first === undefined) throw new Error('this life has no attempt');
    const refused = { ...first, ending: 'refuses the credential' as const };
    const invocations = life.invocations.filter(({ request }) => request === first.request).slice(0, 1);
    expect(changed({ invocations, attempts: [refused, refused] }).join()).toMatch(/again after it was refused/);
  });

  it('if timers are left', () => {
    expect(changed({ timersLeft: 2 })).toContain('2 timers were left when everything had ended');
  });
});
