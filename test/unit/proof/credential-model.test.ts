/** Rules of the credential's model: every promise holds in every state and can be broken, and the code follows the model. */
import { describe, expect, it } from 'vitest';
import { conform } from '../../../proof/model/conform.ts';
import { driveCredential } from '../../../proof/model/credential-code.ts';
import { CREDENTIAL } from '../../../proof/model/credential-model.ts';
import type { Credential, CredentialEvent } from '../../../proof/model/credential-states.ts';
import { explore } from '../../../proof/model/explore.ts';
import { expectBroken, promisesOf, RECOVERS, type Sabotages } from './sabotage.ts';

/** What the last event of a story is answered with. */
const lastAnswers = (...story: readonly CredentialEvent[]): readonly string[] => {
  let [state, answers]: [Credential, readonly string[]] = [CREDENTIAL.start, []];
  for (const event of story) {
    const step = CREDENTIAL.step(state, event);
    if (step === undefined) throw new Error(`${event} cannot happen`);
    [state, answers] = [step.to, step.answers];
  }
  return answers;
};

describe('the model of the credential', () => {
  it('keeps every promise in every state that it can reach', () => {
    const { states, steps, broken } = explore(CREDENTIAL);
    expect(broken).toEqual([]);
    expect(states).toBeGreaterThan(2000);
    expect(steps).toBeGreaterThan(20_000);
  });

  it('gives the new credential to whoever had the old one refused', () => {
    expect(lastAnswers('store answers', 'rotation', 'refusal', 'store answers')).toEqual(['credential 1']);
    expect(lastAnswers('store answers', 'refusal', 'store answers')).toEqual(['none']);
    expect(
      lastAnswers(
        ...(['store answers', 'refusal', 'store answers'] as const),
        'rotation',
        'frozen for an hour',
        'request',
        'store answers',
        'refusal',
        'store answers',
      ),
    ).toEqual(['credential 0']);
    expect(lastAnswers('store answers', 'frozen for an hour', 'request', 'store fails')).toEqual(['credential 0']);
  });

  it('is what the code does, in every step that the model can take', async () => {
    const { traces, apart } = await conform(CREDENTIAL, driveCredential, { fromStart: 3, fromEach: 1 });
    expect(apart).toEqual([]);
    expect(traces).toBeGreaterThan(20_000);
  }, 60_000);
});

const SABOTAGES: Sabotages<Credential, CredentialEvent> = {
  'one fetch at a time': {
    of: 'request',
    becomes: ({ fetches }, { to }) => (fetches.length === 1 ? { to: { ...to, fetches: ['new', 'new'] } } : undefined),
  },
  'a refused credential is not used again before its refresh, unless that is slow': {
    of: 'request',
    becomes: ({ value, refused }, { to }) =>
      value !== undefined && refused.includes(value)
        ? { to: { ...to, waiting: [] }, answers: [`credential ${value}`] }
        : undefined,
  },
  'no refusal is answered with what was refused': {
    of: 'refusal',
    becomes: ({ value }) => ({ answers: [`credential ${value}`] }),
  },
  'nobody is given a reserve that was refused, before the store answers again': {
    of: 'refusal',
    becomes: ({ previous }) => ({ answers: [`credential ${previous}`] }),
  },
  'a refusal is remembered until the store answers': {
    of: 'late refusal',
    becomes: ({ refused }, { to }) => ({ to: { ...to, refused } }),
  },
  'a refusal is forgotten when the store answers': {
    of: 'store answers',
    becomes: ({ refused }, { to }) => ({ to: { ...to, refused } }),
  },
  'a rotation leaves what was held in reserve, whatever was refused before': {
    of: 'store answers',
    becomes: ({ value, refused }, { to }) =>
      value !== undefined && refused.includes(value) && to.value !== value
        ? { to: { ...to, previous: undefined } }
        : undefined,
  },
  'a refusal makes the store be asked, unless that was done a moment ago': {
    of: 'refusal',
    becomes: from => ({ to: from, answers: ['none'] }),
  },
  'one refresh brings what the store has, to everybody who waits': {
    of: 'store answers',
    becomes: ({ value }, { to }) => ({ to: { ...to, value } }),
  },
  'past its time it is used only while the store is asked': {
    of: 'request',
    becomes: from => (from.freshFor === 0 && from.value !== undefined ? { to: from } : undefined),
  },
  'only the store makes its time longer, and an outage by less than an answer': {
    of: 'request',
    becomes: (_, { to }) => ({ to: { ...to, freshFor: 3 } }),
  },
  'an outage of the store takes no credential away': {
    of: 'store fails',
    becomes: (_, { to }) => ({ to: { ...to, value: undefined } }),
  },
  'refusals make the store be asked seldom, and requests only when there is nothing fresh': {
    of: 'refusal',
    becomes: (_, { to }) => ({ to: { ...to, penalty: 0 } }),
  },
  'a fetch that nobody waits for ends, if there is no credential': {
    of: 'request gives up',
    becomes: ({ fetches }, { to }) => ({ to: { ...to, fetches } }),
  },
  'nobody waits for longer than a fetch may take, or two if there is no credential': {
    of: 'five seconds pass',
    becomes: ({ waiting }, { to }) => ({ to: { ...to, waiting } }),
  },
  'a clock that is set back changes nothing': {
    of: 'clock is set back',
    becomes: (_, { to }) => ({ to: { ...to, penalty: 0 } }),
  },
  [RECOVERS]: { of: 'store answers', becomes: (_, { to }) => ({ to: { ...to, value: undefined } }) },
};

describe('a credential that is handled wrongly', () => {
  it.each(promisesOf(CREDENTIAL))('breaks the promise: %s', promise => {
    expectBroken(promise, CREDENTIAL, SABOTAGES[promise]);
  });
});
