/** The life of a stored credential as a transition table: what each event makes of its age, its refusals, and those who wait. */
import {
  type Credential,
  type CredentialEvent,
  FRESH,
  PENALTY,
  type Version,
  type Waiting,
} from './credential-states.ts';
import type { Step } from './explore.ts';

const MOST_WAITING = 2;
const LAST_VERSION = 2;

export const credentialStep = (from: Credential, event: CredentialEvent): Step<Credential> | undefined => {
  const step = unboundedStep(from, event);
  return step !== undefined && step.to.waiting.length <= MOST_WAITING ? step : undefined;
};

function unboundedStep(from: Credential, event: CredentialEvent): Step<Credential> | undefined {
  const { value, previous, fetches, stored, jumped, waiting } = from;
  switch (event) {
    case 'request':
      return requested({ ...from, jumped: false });
    case 'refusal':
      return value === undefined ? undefined : refusedTo({ ...from, jumped: false }, value);
    case 'late refusal':
      return previous === undefined ? undefined : refusedTo({ ...from, jumped: false }, previous);
    case 'replacement is refused':
      return value === undefined ? undefined : { to: noted(from, value), answers: [] };
    case 'reserve is refused':
      return previous === undefined ? undefined : { to: noted(from, previous), answers: [] };
    case 'request gives up':
      return waiting.some(mayGiveUp) ? givenUp(from) : undefined;
    case 'store answers':
      return fetches.length === 0 ? undefined : fetched({ ...from, jumped: false });
    case 'store fails':
      return fetches.length === 0 ? undefined : failed(from);
    case 'rotation':
      return stored === LAST_VERSION ? undefined : { to: { ...from, stored: stored + 1 }, answers: [] };
    case 'quarter of a second passes':
      return fetches.includes('new') || waiting.includes('held') ? impatient(from) : undefined;
    case 'five seconds pass':
      return fiveSecondsLater(from);
    case 'frozen for an hour':
      // Two jumps that the code does not see one by one may cancel each other: src/domain/steady-time.ts.
      return jumped
        ? undefined
        : { to: { ...from, ...LONG_AGO, fetches: fetches.map(() => 'old'), jumped: true }, answers: [] };
    case 'clock is set back':
      return jumped ? undefined : { to: { ...from, jumped: true }, answers: [] };
  }
}

const LONG_AGO = { freshFor: 0, penalty: 0 } as const;

function requested(from: Credential): Step<Credential> {
  const { value, refused, freshFor, fetches } = from;
  if (value === undefined) return fetches.length === 0 ? waits(begun(from), 'first') : waits(from, 'joined');
  if (freshFor > 0 && (!refused.includes(value) || fetches.length === 0)) return { to: from, answers: [nameOf(value)] };
  const asking = fetches.length === 0 ? begun(from) : from;
  return asking.fetches.includes('old') ? { to: asking, answers: [nameOf(value)] } : waits(asking, 'held');
}

function refusedTo(before: Credential, version: Version): Step<Credential> {
  const from = noted(before, version);
  const { value, refused, freshFor, fetches, penalty } = from;
  if (value !== undefined && freshFor > 0 && !refused.includes(value))
    return { to: from, answers: [otherThan(version, from)] };
  if (fetches.length > 0) return waits(from, `replaces ${version}`);
  if (penalty > 0) return { to: from, answers: [otherThan(version, from)] };
  return waits(begun({ ...from, penalty: PENALTY }), `replaces ${version}`);
}

/** A refusal is learnt: it says something about what is held, or about the one before it. */
function noted(from: Credential, version: Version): Credential {
  return {
    ...from,
    refused: withVersion(from.refused, version),
    known: withVersion(from.known, version),
  };
}

function withVersion(versions: readonly Version[], version: Version): readonly Version[] {
  return [...new Set([...versions, version])].toSorted();
}

function begun(from: Credential): Credential {
  return { ...from, fetches: [...from.fetches, 'new'] };
}

function waits(from: Credential, as: Waiting): Step<Credential> {
  return { to: { ...from, waiting: [...from.waiting, as] }, answers: [] };
}

function mayGiveUp(who: Waiting): boolean {
  return who !== 'held' && who !== 'ahead';
}

/** Without a credential, a fetch ends with the last who waits for it. */
function givenUp(from: Credential): Step<Credential> {
  const leaving = from.waiting.findIndex(mayGiveUp);
  const waiting = from.waiting.toSpliced(leaving, 1);
  const abandoned = from.value === undefined && waiting.length === 0;
  const to = { ...from, waiting, fetches: abandoned ? [] : from.fetches };
  return { to, answers: answersTo(from.waiting.slice(leaving, leaving + 1), to) };
}

function fetched(from: Credential): Step<Credential> {
  const { stored, value, previous } = from;
  const to = {
    ...from,
    value: stored,
    previous: stored === value ? previous : value,
    refused: [],
    known: [],
    freshFor: FRESH,
    fetches: [],
    waiting: [],
  };
  return { to, answers: answersTo(from.waiting, to) };
}

/** The last good credential goes on. Without one, those who found this fetch under way begin another. */
function failed(from: Credential): Step<Credential> {
  const again = from.waiting.filter(who => who === 'joined').map(() => 'first' as const);
  const answers = answersTo(
    from.waiting.filter(who => who !== 'joined'),
    from,
  );
  if (from.value !== undefined)
    return { to: { ...from, freshFor: Math.min(FRESH, PENALTY), fetches: [], waiting: [], jumped: false }, answers };
  const jumped = from.jumped && again.length === 0;
  return { to: { ...from, fetches: again.length === 0 ? [] : ['new'], waiting: again, jumped }, answers };
}

function impatient(from: Credential): Step<Credential> {
  const patient = from.waiting.filter(who => who !== 'held');
  const to: Credential = { ...from, fetches: from.fetches.map(() => 'old'), waiting: patient };
  return {
    to,
    answers: answersTo(
      from.waiting.filter(who => who === 'held'),
      from,
    ),
  };
}

function fiveSecondsLater(from: Credential): Step<Credential> {
  const later = { ...from, freshFor: Math.max(0, from.freshFor - 1), penalty: Math.max(0, from.penalty - 1) };
  return from.fetches.length > 0 ? failed(later) : { to: later, answers: [] };
}

/** What they are told, as things stand. */
function answersTo(waiting: readonly Waiting[], credential: Credential): readonly string[] {
  const { value } = credential;
  return waiting.flatMap(who => {
    if (who === 'ahead') return [];
    if (who.startsWith('replaces')) return [otherThan(Number(who.split(' ')[1]), credential)];
    return [value === undefined ? 'unavailable' : nameOf(value)];
  });
}

/** What replaces a refused version. */
function otherThan(version: Version, { value, previous, refused }: Credential): string {
  const reserve = previous !== undefined && refused.includes(previous) ? undefined : previous;
  const other = value === version ? reserve : value;
  return other === undefined ? 'none' : nameOf(other);
}

function nameOf(version: Version): string {
  return `credential ${version}`;
}
