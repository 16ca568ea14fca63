/** Rules of the model of a request's attempts: every promise holds and can be broken, and the code follows the model. */
import { describe, expect, it } from 'vitest';
import { conform } from '../../../proof/model/conform.ts';
import { explore } from '../../../proof/model/explore.ts';
import { RETRY_SETTINGS } from '../../../proof/model/prove-models.ts';
import { driveRetries } from '../../../proof/model/retry-code.ts';
import { type Asking, type AskingEvent, retryModel } from '../../../proof/model/retry-model.ts';
import { expectBroken, promisesOf, RECOVERS, type Sabotages } from './sabotage.ts';

describe.each(RETRY_SETTINGS)('the model of a request with $retries retries, breaker $breaker', settings => {
  const model = retryModel(settings);

  it('keeps every promise in every state that it can reach', () => {
    expect(explore(model).broken).toEqual([]);
  });

  it('is what the code does, through every trace', async () => {
    const { traces, apart } = await conform(model, () => driveRetries(settings), { fromStart: 10, fromEach: 0 });
    expect(apart).toEqual([]);
    expect(traces).toBeGreaterThan(20);
  });
});

const MODEL = retryModel({ retries: 1, breaker: true });
const again = (to: Asking) => ({
  to: { ...to, phase: 'sent', attempts: Math.min(9, to.attempts + 1) } as const,
  answers: ['sends the first credential'],
});

const SABOTAGES: Sabotages<Asking, AskingEvent> = {
  'no more attempts than one, the retries, and one with a replaced credential': {
    of: 'connection breaks',
    becomes: from => again(from),
  },
  'retries are counted over the whole request': {
    of: 'connection breaks',
    becomes: (_, { to }) => ({ to: { ...to, retries: 2 } }),
  },
  'an attempt follows only what is safe to repeat, or another credential': {
    of: 'reply breaks off',
    becomes: from => again(from),
  },
  'no attempt begins after the deadline': {
    of: 'connection breaks as the deadline passes',
    becomes: from => again(from),
  },
  'no attempt begins while PingOne asks to be left alone': {
    of: 'replied 503 with Retry-After',
    becomes: from => again(from),
  },
  'a credential is replaced once, and only after it was refused': {
    of: 'replied 503',
    becomes: (_, { to }) => ({ to: { ...to, replaced: true } }),
  },
  'what was refused is not sent again': { of: 'store has another', becomes: from => again(from) },
  'the deadline ends everything': { of: 'deadline passes', becomes: from => ({ to: from, answers: [] }) },
  'a request has one answer, and it is the end': { of: 'replied', becomes: from => ({ to: from }) },
};

describe('a request that is handled wrongly', () => {
  it.each(promisesOf(MODEL).filter(promise => promise !== RECOVERS))('breaks the promise: %s', promise => {
    expectBroken(promise, MODEL, SABOTAGES[promise]);
  });

  it('may never end', () => {
    const step: typeof MODEL.step = (from, event) => {
      const right = MODEL.step(from, event);
      return right?.to.phase === 'over' ? undefined : right;
    };
    expect(explore({ ...MODEL, step }).broken.join()).toContain(RECOVERS);
  });
});
