/** A model as a table of steps, and the visit of every state that it can reach, which holds the promises against each step. */

/** What an event leads to. */
export interface Step<State> {
  readonly to: State;
  /** What callers are told because of it, in an order that is the same each time. */
  readonly answers: readonly string[];
}

/** One promise, about one step. */
export type Rule<State, Event> = readonly [
  promise: string,
  holds: (from: State, event: Event, to: State, answers: readonly string[]) => boolean,
];

export interface Model<State, Event extends string> {
  readonly start: State;
  readonly events: readonly Event[];
  /** Undefined if the event cannot happen in that state, or leaves the bounds of the model. */
  readonly step: (state: State, event: Event) => Step<State> | undefined;
  readonly rules: readonly Rule<State, Event>[];
  /** From every state some way leads to one of these: no fault is for ever. */
  readonly isWell: (state: State) => boolean;
  /** What of a step is seen from outside: the code has to show the same. */
  readonly shows: (step: Step<State>) => string;
}

export interface Explored {
  readonly states: number;
  readonly steps: number;
  /** One sentence for each promise that some step breaks, with the shortest story that leads there. */
  readonly broken: readonly string[];
}

/** A state, and a shortest way to it. */
export interface Reached<State, Event> {
  readonly state: State;
  readonly way: readonly Event[];
}

/** Visits every state. */
export const explore = <State, Event extends string>(model: Model<State, Event>): Explored => {
  const reached = reachedBy(model);
  const broken = new Map<string, string>();
  const comesFrom = new Map<string, string[]>();
  let steps = 0;
  for (const [key, { state, way }] of reached) {
    for (const event of model.events) {
      const step = model.step(state, event);
      if (step === undefined) continue;
      steps += 1;
      comesFrom.set(keyOf(step.to), [...(comesFrom.get(keyOf(step.to)) ?? []), key]);
      for (const [promise, holds] of model.rules) {
        if (!broken.has(promise) && !holds(state, event, step.to, step.answers))
          broken.set(promise, storyOf(promise, [...way, event]));
      }
    }
  }
  const lost = lostIn(model, reached, comesFrom);
  if (lost !== undefined) broken.set(RECOVERS, storyOf(RECOVERS, lost.way));
  return { states: reached.size, steps, broken: [...broken.values()] };
};

/** Every state that can be reached, by its key, the nearest first. */
export const reachedBy = <State, Event extends string>(
  model: Pick<Model<State, Event>, 'start' | 'events' | 'step'>,
): ReadonlyMap<string, Reached<State, Event>> => {
  const reached = new Map<string, Reached<State, Event>>([[keyOf(model.start), { state: model.start, way: [] }]]);
  // A map that grows while it is visited is visited to its end.
  for (const { state, way } of reached.values()) {
    for (const event of model.events) {
      const to = model.step(state, event)?.to;
      if (to !== undefined && !reached.has(keyOf(to))) reached.set(keyOf(to), { state: to, way: [...way, event] });
    }
  }
  return reached;
};

const RECOVERS = 'some way leads back to where all is well';

/** A state from which no way leads to one that is well. */
function lostIn<State, Event extends string>(
  { isWell }: Model<State, Event>,
  reached: ReadonlyMap<string, Reached<State, Event>>,
  comesFrom: ReadonlyMap<string, readonly string[]>,
): Reached<State, Event> | undefined {
  const saved = new Set([...reached].filter(([, { state }]) => isWell(state)).map(([key]) => key));
  for (const key of saved) for (const before of comesFrom.get(key) ?? []) saved.add(before);
  return [...reached].find(([key]) => !saved.has(key))?.[1];
}

function storyOf(promise: string, way: readonly string[]): string {
  return `«${promise}» is broken by: ${way.join(', ')}`;
}

function keyOf(state: unknown): string {
  return JSON.stringify(state);
}
