/** Drives the product's code along the steps of a model, and compares what it shows with what the model says. */
import { type Model, reachedBy } from './explore.ts';

/** The code under a model's events. */
export interface Driven<Event> {
  /** Lets the event happen and everything settle. Resolves with what is seen then, in the words of the model's `shows`. */
  readonly happen: (event: Event) => Promise<string>;
}

export interface Lengths {
  /** Every trace from the start is driven that has at most so many events. */
  readonly fromStart: number;
  /** From every state of the model, reached on a shortest way, every trace is driven that has at most so many events more. */
  readonly fromEach: number;
}

export interface Conformed {
  readonly traces: number;
  readonly events: number;
  /** The first few traces in which code and model part, as text. */
  readonly apart: readonly string[];
}

const TOLD = 5;

/** @param begin makes the code anew, as it is at the model's start. */
export const conform = async <State, Event extends string>(
  model: Model<State, Event>,
  begin: () => Driven<Event>,
  { fromStart, fromEach }: Lengths,
): Promise<Conformed> => {
  const apart: string[] = [];
  let [traces, events] = [0, 0];
  const drive = async (trace: readonly Event[]): Promise<void> => {
    traces += 1;
    events += trace.length;
    const difference = await differenceAlong(trace, model, begin());
    if (difference !== undefined && apart.length < TOLD) apart.push(difference);
  };
  for (const trace of tracesFrom(model, model.start, fromStart)) await drive(trace);
  for (const { state, way } of reachedBy(model).values())
    for (const trace of tracesFrom(model, state, fromEach)) await drive([...way, ...trace]);
  return { traces, events, apart };
};

/** Every trace of that length, and every shorter one that nothing can follow. */
function* tracesFrom<State, Event extends string>(
  model: Model<State, Event>,
  state: State,
  length: number,
): Generator<readonly Event[]> {
  let ends = true;
  for (const event of length === 0 ? [] : model.events) {
    const step = model.step(state, event);
    if (step === undefined) continue;
    ends = false;
    for (const rest of tracesFrom(model, step.to, length - 1)) yield [event, ...rest];
  }
  if (ends) yield [];
}

async function differenceAlong<State, Event extends string>(
  trace: readonly Event[],
  model: Model<State, Event>,
  code: Driven<Event>,
): Promise<string | undefined> {
  let state = model.start;
  for (const [index, event] of trace.entries()) {
    const step = model.step(state, event);
    if (step === undefined) throw new RangeError(`${event} cannot happen`);
    const [expected, seen] = [model.shows(step), await code.happen(event)];
    if (seen !== expected) return `${trace.slice(0, index + 1).join(', ')}: «${seen}», and not «${expected}»`;
    state = step.to;
  }
  return undefined;
}
