/** Rules of the breaker's model: every promise holds in every state and can be broken, and the code follows the model. */
import { describe, expect, it } from 'vitest';
import { driveBreaker } from '../../../proof/model/breaker-code.ts';
import { BREAKER, type Breaker, type BreakerEvent } from '../../../proof/model/breaker-model.ts';
import { conform } from '../../../proof/model/conform.ts';
import { explore } from '../../../proof/model/explore.ts';
import { expectBroken, promisesOf, RECOVERS, type Sabotages } from './sabotage.ts';

const after = (...story: readonly BreakerEvent[]): Breaker =>
  story.reduce((breaker, event) => BREAKER.step(breaker, event)?.to ?? breaker, BREAKER.start);

describe('the model of the breaker', () => {
  it('keeps every promise in every state that it can reach', () => {
    const { states, steps, broken } = explore(BREAKER);
    expect(broken).toEqual([]);
    expect(states).toBeGreaterThan(50);
    expect(steps).toBeGreaterThan(states);
  });

  it('opens after two failed calls of two, lets one probe through, and closes for its answer', () => {
    const probing = after('request', 'request', 'call fails', 'call fails', 'time passes', 'request');
    expect(probing).toMatchObject({ state: 'half-open', probing: true });
    expect(BREAKER.step(probing, 'request')?.answers).toEqual(['refused']);
    expect(BREAKER.step(probing, 'probe is answered')?.to).toMatchObject({ state: 'closed', failed: 0, well: 0 });
  });

  it('is what the code does, through every trace of seven events, and of two from every state', async () => {
    const { traces, apart } = await conform(BREAKER, driveBreaker, { fromStart: 7, fromEach: 2 });
    expect(apart).toEqual([]);
    expect(traces).toBeGreaterThan(1000);
  });
});

const SABOTAGES: Sabotages<Breaker, BreakerEvent> = {
  'one probe at a time': { of: 'request', becomes: ({ probing }) => (probing ? { answers: ['probe'] } : undefined) },
  'a probe only when the time is over': {
    of: 'request',
    becomes: (from, { to }) =>
      from.state === 'open' && !from.due ? { to: { ...to, state: 'half-open', probing: true } } : undefined,
  },
  'nothing is sent while it is open, but one probe': {
    of: 'request',
    becomes: ({ state }) => (state === 'open' ? { answers: ['call'] } : undefined),
  },
  'it opens only for a failure or a rate limit': {
    of: 'call is answered',
    becomes: (_, { to }) => ({ to: { ...to, state: 'open' } }),
  },
  'it closes only for an answer to its probe': {
    of: 'time passes',
    becomes: (_, { to }) => ({ to: { ...to, state: 'closed' } }),
  },
  'calls of an earlier period count for nothing': {
    of: 'straggler fails',
    becomes: (_, { to }) => ({ to: { ...to, failed: to.failed + 1 } }),
  },
  'a new period begins empty': {
    of: 'probe is answered',
    becomes: (_, { to }) => (to.state === 'closed' ? { to: { ...to, failed: 1 } } : undefined),
  },
  [RECOVERS]: { of: 'probe is answered', becomes: (_, { to }) => ({ to: { ...to, state: 'open', due: true } }) },
};

describe('a breaker that is wrong', () => {
  it.each(promisesOf(BREAKER))('breaks the promise: %s', promise => {
    expectBroken(promise, BREAKER, SABOTAGES[promise]);
  });

  it('is seen to part from its model', async () => {
    const slow = {
      ...BREAKER,
      step: (from: Breaker, event: BreakerEvent) =>
        event === 'time passes' ? { to: from, answers: [] } : BREAKER.step(from, event),
    };
    const { apart } = await conform(slow, driveBreaker, { fromStart: 6, fromEach: 0 });
    expect(apart.join()).toMatch(
      /call fails, call fails, time passes, request: «half-open, sent», and not «open, refused»/,
    );
  });
});
