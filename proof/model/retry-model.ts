/** One request's attempts as a transition table: what may be repeated, how often, until when, and with which credential. */
import type { Model, Rule, Step } from './explore.ts';

export interface Asking {
  /** An attempt is under way, or the store is asked for another credential, or the request has its answer. */
  readonly phase: 'sent' | 'replacing' | 'over';
  readonly attempts: number;
  /** Attempts that repeated a failed one. */
  readonly retries: number;
  /** The credential was replaced. */
  readonly replaced: boolean;
  /** PingOne asked to be left alone, this request or another. */
  readonly held: boolean;
}

/** How an attempt may fail, as the reason that is given if nothing follows. */
const FAULTS = {
  'connection breaks': 'PDP_UNREACHABLE',
  'kept connection breaks': 'PDP_UNREACHABLE',
  'replied 503': 'PDP_ERROR',
  'replied 503 with Retry-After': 'PDP_ERROR',
  'replied 500': 'PDP_ERROR',
  'replied 429': 'PDP_RATE_LIMITED',
  'reply breaks off': 'PDP_UNREACHABLE',
  'attempt times out': 'PDP_TIMEOUT',
  'connection breaks as the deadline passes': 'PDP_UNREACHABLE',
} as const;
type Fault = keyof typeof FAULTS;

const FAULT_EVENTS = [
  'connection breaks',
  'kept connection breaks',
  'replied 503',
  'replied 503 with Retry-After',
  'replied 500',
  'replied 429',
  'reply breaks off',
  'attempt times out',
  'connection breaks as the deadline passes',
] as const satisfies readonly Fault[];

const ASKING_EVENTS = [
  ...FAULT_EVENTS,
  'replied',
  'credential is refused',
  'store has another',
  'store has another as the deadline passes',
  'store has no other',
  'deadline passes',
  'another request is told to come back later',
] as const;
export type AskingEvent = (typeof ASKING_EVENTS)[number];

/** A sideband request changes nothing, so that it may be sent again if no reply to it began, or one that blames a gateway. */
const SAFE: ReadonlySet<AskingEvent> = new Set(['connection breaks', 'kept connection breaks', 'replied 503']);

const AT_THE_DEADLINE: ReadonlySet<AskingEvent> = new Set([
  'deadline passes',
  'connection breaks as the deadline passes',
  'store has another as the deadline passes',
]);

export interface RetrySettings {
  /** How many attempts may repeat a failed one. */
  readonly retries: number;
  /** Without a circuit breaker, no request learns what PingOne told another. */
  readonly breaker: boolean;
}

export const retryModel = ({ retries, breaker }: RetrySettings): Model<Asking, AskingEvent> => {
  // It is the breaker that obeys a `Retry-After`: without one, such a 503 is as any other.
  const meant = (event: AskingEvent): AskingEvent =>
    !breaker && event === 'replied 503 with Retry-After' ? 'replied 503' : event;
  return {
    start: { phase: 'sent', attempts: 1, retries: 0, replaced: false, held: false },
    events: ASKING_EVENTS.filter(event => breaker || event !== 'another request is told to come back later'),
    step: (asking, event) => stepOf(asking, meant(event), retries),
    rules: rulesFor(retries).map(([promise, rule]) => [
      promise,
      (from, event, to, answers) => rule(from, meant(event), to, answers),
    ]),
    isWell: ({ phase }) => phase === 'over',
    shows: ({ answers }) => answers.join(', '),
  };
};

function stepOf(from: Asking, event: AskingEvent, retries: number): Step<Asking> | undefined {
  const { phase, held, replaced } = from;
  if (phase === 'over') return undefined;
  if (event === 'another request is told to come back later')
    return held ? undefined : { to: { ...from, held: true }, answers: [] };
  if (event === 'deadline passes') return over(from, phase === 'sent' ? 'PDP_TIMEOUT' : 'CREDENTIAL_REFUSED');
  if (phase === 'replacing') return replacedBy(from, event);
  if (event === 'replied') return over(from, 'decides');
  if (event === 'credential is refused')
    return replaced ? over(from, 'CREDENTIAL_REFUSED') : { to: { ...from, phase: 'replacing' }, answers: [] };
  return isFault(event) ? failedBy(from, event, retries) : undefined;
}

function isFault(event: AskingEvent): event is Fault {
  return event in FAULTS;
}

function failedBy(from: Asking, fault: Fault, retries: number): Step<Asking> {
  if (SAFE.has(fault) && !from.held && from.retries < retries) return sent({ ...from, retries: from.retries + 1 });
  return over(from, FAULTS[fault]);
}

function replacedBy(from: Asking, event: AskingEvent): Step<Asking> | undefined {
  if (event === 'store has another')
    return from.held ? over(from, 'CIRCUIT_OPEN') : sent({ ...from, phase: 'sent', replaced: true });
  const ends = event === 'store has no other' || event === 'store has another as the deadline passes';
  return ends ? over(from, 'CREDENTIAL_REFUSED') : undefined;
}

function sent(to: Asking): Step<Asking> {
  const credential = to.replaced ? 'the other credential' : 'the first credential';
  return { to: { ...to, attempts: to.attempts + 1 }, answers: [`sends ${credential}`] };
}

function over(from: Asking, answer: string): Step<Asking> {
  return { to: { ...from, phase: 'over' }, answers: [answer] };
}

function rulesFor(retries: number): readonly Rule<Asking, AskingEvent>[] {
  return [
    [
      'no more attempts than one, the retries, and one with a replaced credential',
      (_from, _event, { attempts, replaced }) => attempts <= 1 + retries + (replaced ? 1 : 0),
    ],
    ['retries are counted over the whole request', (_from, _event, to) => to.retries <= retries],
    [
      'an attempt follows only what is safe to repeat, or another credential',
      (_from, event, _to, answers) => !hasSent(answers) || SAFE.has(event) || event === 'store has another',
    ],
    [
      'no attempt begins after the deadline',
      (_from, event, _to, answers) => !hasSent(answers) || !AT_THE_DEADLINE.has(event),
    ],
    [
      'no attempt begins while PingOne asks to be left alone',
      ({ held }, event, _to, answers) => !hasSent(answers) || !(held || event === 'replied 503 with Retry-After'),
    ],
    [
      'a credential is replaced once, and only after it was refused',
      (from, _event, to) => !to.replaced || from.replaced || from.phase === 'replacing',
    ],
    [
      'what was refused is not sent again',
      (from, _event, _to, answers) =>
        !(answers.includes('sends the first credential') && (from.replaced || from.phase === 'replacing')),
    ],
    ['the deadline ends everything', (_from, event, to) => !AT_THE_DEADLINE.has(event) || to.phase === 'over'],
    [
      'a request has one answer, and it is the end',
      (_from, _event, to, answers) =>
        answers.filter(answer => !answer.startsWith('sends')).length === (to.phase === 'over' ? 1 : 0),
    ],
  ];
}

function hasSent(answers: readonly string[]): boolean {
  return answers.some(answer => answer.startsWith('sends'));
}
