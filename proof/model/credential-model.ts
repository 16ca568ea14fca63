/** The model of a stored credential's life: what must hold for each of its steps. */
import {
  CREDENTIAL_AHEAD,
  CREDENTIAL_EVENTS,
  type Credential,
  type CredentialEvent,
  FRESH,
  PENALTY,
} from './credential-states.ts';
import { credentialStep } from './credential-steps.ts';
import type { Model, Rule } from './explore.ts';

const RULES: readonly Rule<Credential, CredentialEvent>[] = [
  ['one fetch at a time', (_from, _event, to) => to.fetches.length <= 1],
  [
    'a refused credential is not used again before its refresh, unless that is slow',
    ({ value, refused, fetches, freshFor }, event, _to, answers) =>
      event !== 'request' ||
      value === undefined ||
      !refused.includes(value) ||
      freshFor === 0 ||
      !fetches.includes('new') ||
      answers.length === 0,
  ],
  [
    'no refusal is answered with what was refused',
    (from, event, _to, answers) =>
      (event !== 'refusal' || !answers.includes(`credential ${from.value}`)) &&
      (event !== 'late refusal' || !answers.includes(`credential ${from.previous}`)),
  ],
  [
    'nobody is given a reserve that was refused, before the store answers again',
    (_from, _event, { previous, known }, answers) =>
      previous === undefined || !known.includes(previous) || !answers.includes(`credential ${previous}`),
  ],
  [
    'a refusal is remembered until the store answers',
    (_from, _event, { refused, known }) => known.every(version => refused.includes(version)),
  ],
  [
    'a refusal is forgotten when the store answers',
    (_from, event, { refused }) => event !== 'store answers' || refused.length === 0,
  ],
  [
    'a rotation leaves what was held in reserve, whatever was refused before',
    ({ value }, event, to) => event !== 'store answers' || value === to.value || to.previous === value,
  ],
  [
    'a refusal makes the store be asked, unless that was done a moment ago',
    ({ penalty }, event, to, answers) =>
      event !== 'refusal' || penalty > 0 || (to.fetches.length > 0 && answers.length === 0),
  ],
  [
    'one refresh brings what the store has, to everybody who waits',
    (from, event, to, answers) =>
      event !== 'store answers' ||
      (to.value === from.stored &&
        to.waiting.length === 0 &&
        (from.waiting.includes(`replaces ${from.stored}`) ||
          answers.every(answer => answer === `credential ${from.stored}`))),
  ],
  [
    'past its time it is used only while the store is asked',
    ({ value, freshFor }, event, to) =>
      event !== 'request' || value === undefined || freshFor > 0 || to.fetches.length > 0,
  ],
  [
    'only the store makes its time longer, and an outage by less than an answer',
    (from, event, to) =>
      to.freshFor <= from.freshFor || to.freshFor <= (event === 'store answers' ? FRESH : hadFetch(from) ? PENALTY : 0),
  ],
  [
    'an outage of the store takes no credential away',
    ({ value }, _event, to, answers) =>
      value === undefined || (to.value !== undefined && !answers.includes('unavailable')),
  ],
  [
    'refusals make the store be asked seldom, and requests only when there is nothing fresh',
    (from, event, to) => !(hadFetch(to) && !hadFetch(from)) || mayBegin(from, event, to),
  ],
  [
    'a fetch that nobody waits for ends, if there is no credential',
    (_from, _event, to) => to.value !== undefined || to.waiting.length > 0 || !hadFetch(to),
  ],
  [
    'nobody waits for longer than a fetch may take, or two if there is no credential',
    (from, event, to) =>
      event !== 'five seconds pass' ||
      to.waiting.every(who => who === 'first' && from.value === undefined && from.waiting.includes('joined')),
  ],
  [
    'a clock that is set back changes nothing',
    (from, event, to) =>
      event !== 'clock is set back' || JSON.stringify({ ...to, jumped: from.jumped }) === JSON.stringify(from),
  ],
];

export const CREDENTIAL: Model<Credential, CredentialEvent> = {
  start: CREDENTIAL_AHEAD,
  events: CREDENTIAL_EVENTS,
  step: credentialStep,
  rules: RULES,
  isWell: ({ stored, value, freshFor }) => value === stored && freshFor > 0,
  shows: ({ to, answers }) => [`${to.fetches.length} fetches`, ...answers.toSorted()].join(', '),
};

function hadFetch({ fetches }: Credential): boolean {
  return fetches.length > 0;
}

function mayBegin(from: Credential, event: CredentialEvent, to: Credential): boolean {
  if (event === 'request') return from.value === undefined || from.freshFor === 0;
  return (event === 'refusal' || event === 'late refusal') && from.penalty === 0 && to.penalty === PENALTY;
}
