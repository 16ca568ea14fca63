/** The circuit breaker as a transition table small enough to be read, for a window in which two failed calls of two open it. */

/** What the breaker is, as far as anybody can tell from outside. */
export interface Model {
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

export type Event =
  /** A request comes: it is sent, or refused. */
  | 'request'
  /** The call of this period ends. */
  | 'call is answered'
  | 'call fails'
  | 'call was never seen'
  | 'straggler fails'
  | 'straggler is rate limited'
  | 'probe is answered'
  | 'probe fails'
  | 'probe was never seen'
  /** The open time passes. */
  | 'time passes';

export const EVENTS: readonly Event[] = [
  'request',
  'call is answered',
  'call fails',
  'call was never seen',
  'straggler fails',
  'straggler is rate limited',
  'probe is answered',
  'probe fails',
  'probe was never seen',
  'time passes',
];

export const START: Model = {
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

/** What a request meets: it is sent as a call or as a probe, or it is refused. */
export const admitted = (model: Model): 'call' | 'probe' | 'refused' => {
  if (model.state === 'closed') return 'call';
  return model.state === 'open' && model.due && !model.probing ? 'probe' : 'refused';
};

/** The model is bounded: so many calls of one period, and so many of earlier ones, are enough to meet every rule. */
const isWithin = ({ failed, well, calls, stragglers }: Model): boolean =>
  failed + well <= 3 && calls <= 2 && stragglers <= 2;

/** The state after an event; undefined if the event cannot happen, or leaves the bounds of the model. */
export const following = (model: Model, event: Event): Model | undefined => {
  const next = step(model, event);
  return next !== undefined && isWithin(next) ? next : undefined;
};

function step(model: Model, event: Event): Model | undefined {
  switch (event) {
    case 'request':
      return begun(model);
    case 'call is answered':
      return model.calls > 0 ? counted({ ...model, calls: model.calls - 1 }, false) : undefined;
    case 'call fails':
      return model.calls > 0 ? counted({ ...model, calls: model.calls - 1 }, true) : undefined;
    case 'call was never seen':
      return model.calls > 0 ? { ...model, calls: model.calls - 1 } : undefined;
    case 'straggler fails':
      return model.stragglers > 0 ? { ...model, stragglers: model.stragglers - 1 } : undefined;
    case 'straggler is rate limited':
      return model.stragglers > 0 ? opened({ ...model, stragglers: model.stragglers - 1 }) : undefined;
    case 'probe is answered':
      return model.probing ? probeEnded(model, 'answered') : undefined;
    case 'probe fails':
      return model.probing ? probeEnded(model, 'failed') : undefined;
    case 'probe was never seen':
      return model.probing ? probeEnded(model, 'unseen') : undefined;
    case 'time passes':
      return model.state === 'open' && !model.due ? { ...model, due: true } : undefined;
  }
}

function begun(model: Model): Model {
  const as = admitted(model);
  if (as === 'call') return { ...model, calls: model.calls + 1 };
  if (as === 'refused') return model;
  return { ...model, state: 'half-open', due: false, probing: true, disturbed: false };
}

/** Two ended calls of this period with one failure at least open it: half of them, and the volume is two. */
function counted(model: Model, hasFailed: boolean): Model {
  if (model.state !== 'closed') return model;
  const failed = model.failed + (hasFailed ? 1 : 0);
  const well = model.well + (hasFailed ? 0 : 1);
  const reached = failed + well >= 2 && failed >= well;
  return reached && hasFailed ? opened({ ...model, failed, well }) : { ...model, failed, well };
}

/** Every call under way belongs to an earlier period from now on. */
function opened(model: Model): Model {
  return { ...model, ...OPEN, calls: 0, stragglers: model.stragglers + model.calls, disturbed: model.probing };
}

function probeEnded(model: Model, how: 'answered' | 'failed' | 'unseen'): Model {
  const ended = { ...model, probing: false, disturbed: false };
  if (how === 'failed') return { ...opened(ended), disturbed: false };
  if (model.disturbed) return ended;
  return how === 'answered' ? { ...ended, ...CLOSED } : { ...ended, ...OPEN, due: true };
}
