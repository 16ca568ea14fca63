/** The circuit breaker as a transition table small enough to be read, for a window in which two failed calls of two open it. */
import type { Model, Rule, Step } from './explore.ts';

/** What the breaker is, as far as anybody can tell from outside. */
export interface Breaker {
  readonly state: 'closed' | 'open' | 'half-open';
  /** Calls of this closed period that ended: how many failed, and how many did not. */
  readonly failed: number;
  readonly well: number;
  /** A probe is under way. */
  readonly probing: boolean;
  /** The time for which it was opened is over. */
  readonly due: boolean;
  /** Calls of this closed period that are under way. */
  readonly calls: number;
  /** Calls of earlier periods that are under way. */
  readonly stragglers: number;
  /** The state changed since the probe began. */
  readonly disturbed: boolean;
}

export const BREAKER_EVENTS = [
  /** A request comes: it is sent, or refused. */
  'request',
  /** The call of this period ends. */
  'call is answered',
  'call fails',
  'call was never seen',
  'straggler fails',
  'straggler is rate limited',
  'probe is answered',
  'probe fails',
  'probe was never seen',
  /** The open time passes. */
  'time passes',
] as const;
export type BreakerEvent = (typeof BREAKER_EVENTS)[number];

const START: Breaker = {
  state: 'closed',
  failed: 0,
  well: 0,
  probing: false,
  due: false,
  calls: 0,
  stragglers: 0,
  disturbed: false,
};

const CLOSED = { state: 'closed', failed: 0, well: 0, due: false } as const;
const OPEN = { state: 'open', failed: 0, well: 0, due: false } as const;

const OPENS: ReadonlySet<BreakerEvent> = new Set([
  'call fails',
  'probe fails',
  'straggler is rate limited',
  // What decided nothing gives the next request its turn: open, with its time over.
  'probe was never seen',
]);

const RULES: readonly Rule<Breaker, BreakerEvent>[] = [
  [
    'one probe at a time',
    (from, event, _, answers) => event !== 'request' || !from.probing || sentAs(answers) !== 'probe',
  ],
  ['a probe only when the time is over', (from, _, to) => from.probing || !to.probing || from.due],
  [
    'nothing is sent while it is open, but one probe',
    (from, event, _, answers) => event !== 'request' || from.state === 'closed' || sentAs(answers) !== 'call',
  ],
  [
    'it opens only for a failure or a rate limit',
    (from, event, to) => from.state === 'open' || to.state !== 'open' || OPENS.has(event),
  ],
  [
    'it closes only for an answer to its probe',
    (from, event, to) => from.state === 'closed' || to.state !== 'closed' || event === 'probe is answered',
  ],
  [
    'calls of an earlier period count for nothing',
    (from, event, to) => event !== 'straggler fails' || to.failed === from.failed,
  ],
  [
    'a new period begins empty',
    (from, _, to) => from.state === 'closed' || to.state !== 'closed' || to.failed + to.well === 0,
  ],
];

export const BREAKER: Model<Breaker, BreakerEvent> = {
  start: START,
  events: BREAKER_EVENTS,
  step: (breaker, event) => {
    const step = event === 'request' ? begun(breaker) : silent(ended(breaker, event));
    return step !== undefined && isWithin(step.to) ? step : undefined;
  },
  rules: RULES,
  isWell: ({ state }) => state === 'closed',
  shows: ({ to, answers }) => [to.state, ...answers.map(answer => (answer === 'refused' ? answer : 'sent'))].join(', '),
};

/** The model is bounded: so many calls of one period, and so many of earlier ones, are enough to meet every rule. */
function isWithin({ failed, well, calls, stragglers }: Breaker): boolean {
  return failed + well <= 3 && calls <= 2 && stragglers <= 2;
}

function sentAs([answer]: readonly string[]): string | undefined {
  return answer;
}

function silent(to: Breaker | undefined): Step<Breaker> | undefined {
  return to === undefined ? undefined : { to, answers: [] };
}

/** What a request meets: it is sent as a call or as a probe, or it is refused. */
function begun(breaker: Breaker): Step<Breaker> {
  const { state, due, probing, calls } = breaker;
  if (state === 'closed') return { to: { ...breaker, calls: calls + 1 }, answers: ['call'] };
  if (state !== 'open' || !due || probing) return { to: breaker, answers: ['refused'] };
  return { to: { ...breaker, state: 'half-open', due: false, probing: true, disturbed: false }, answers: ['probe'] };
}

function ended(breaker: Breaker, event: Exclude<BreakerEvent, 'request'>): Breaker | undefined {
  switch (event) {
    case 'call is answered':
      return breaker.calls > 0 ? counted({ ...breaker, calls: breaker.calls - 1 }, false) : undefined;
    case 'call fails':
      return breaker.calls > 0 ? counted({ ...breaker, calls: breaker.calls - 1 }, true) : undefined;
    case 'call was never seen':
      return breaker.calls > 0 ? { ...breaker, calls: breaker.calls - 1 } : undefined;
    case 'straggler fails':
      return breaker.stragglers > 0 ? { ...breaker, stragglers: breaker.stragglers - 1 } : undefined;
    case 'straggler is rate limited':
      return breaker.stragglers > 0 ? opened({ ...breaker, stragglers: breaker.stragglers - 1 }) : undefined;
    case 'probe is answered':
      return breaker.probing ? probeEnded(breaker, 'answered') : undefined;
    case 'probe fails':
      return breaker.probing ? probeEnded(breaker, 'failed') : undefined;
    case 'probe was never seen':
      return breaker.probing ? probeEnded(breaker, 'unseen') : undefined;
    case 'time passes':
      return breaker.state === 'open' && !breaker.due ? { ...breaker, due: true } : undefined;
  }
}

/** Two ended calls of this period with one failure at least open it: half of them, and the volume is two. */
function counted(breaker: Breaker, hasFailed: boolean): Breaker {
  if (breaker.state !== 'closed') return breaker;
  const failed = breaker.failed + (hasFailed ? 1 : 0);
  const well = breaker.well + (hasFailed ? 0 : 1);
  const reached = failed + well >= 2 && failed >= well;
  return reached && hasFailed ? opened({ ...breaker, failed, well }) : { ...breaker, failed, well };
}

/** Every call under way belongs to an earlier period from now on. */
function opened(breaker: Breaker): Breaker {
  return { ...breaker, ...OPEN, calls: 0, stragglers: breaker.stragglers + breaker.calls, disturbed: breaker.probing };
}

function probeEnded(breaker: Breaker, how: 'answered' | 'failed' | 'unseen'): Breaker {
  const after = { ...breaker, probing: false, disturbed: false };
  if (how === 'failed') return { ...opened(after), disturbed: false };
  if (breaker.disturbed) return after;
  return how === 'answered' ? { ...after, ...CLOSED } : { ...after, ...OPEN, due: true };
}
