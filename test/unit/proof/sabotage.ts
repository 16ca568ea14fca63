/** A model with one wrong transition, to see that the promise about it can be broken. */
import { expect } from 'vitest';
import { explore, type Model, type Step } from '../../../proof/model/explore.ts';

/** Changes the steps of one event in some states; undefined leaves a step as it is. */
export interface Sabotage<State, Event> {
  readonly of: Event;
  readonly becomes: (from: State, step: Step<State>) => Partial<Step<State>> | undefined;
}

/** One sabotage for each promise of a model, by the promise's words. */
export type Sabotages<State, Event> = Readonly<Record<string, Sabotage<State, Event>>>;

export const RECOVERS = 'some way leads back to where all is well';

/** The promises of a model, and the one that holds for every model. */
export const promisesOf = <State, Event extends string>({ rules }: Model<State, Event>): readonly string[] => [
  ...rules.map(([promise]) => promise),
  RECOVERS,
];

/** Expects that this promise is among those which the sabotaged model breaks. */
export const expectBroken = <State, Event extends string>(
  promise: string,
  model: Model<State, Event>,
  sabotage: Sabotage<State, Event> | undefined,
): void => {
  const step: typeof model.step = (from, event) => {
    const right = model.step(from, event);
    if (right === undefined || sabotage === undefined || event !== sabotage.of) return right;
    return { ...right, ...sabotage.becomes(from, right) };
  };
  expect(explore({ ...model, step }).broken.join('\n')).toContain(`«${promise}» is broken by: `);
};
