/** Explores every model, drives the code along each, and gives the figures of both. */
import type { Thoroughness } from '../stage.ts';
import { driveBreaker } from './breaker-code.ts';
import { BREAKER } from './breaker-model.ts';
import { conform, type Driven, type Lengths } from './conform.ts';
import { driveCredential } from './credential-code.ts';
import { CREDENTIAL } from './credential-model.ts';
import { explore, type Model } from './explore.ts';
import { driveRetries } from './retry-code.ts';
import { type RetrySettings, retryModel } from './retry-model.ts';

/** What one model and the code beside it showed. */
export interface ModelFigures {
  readonly model: string;
  readonly states: number;
  readonly steps: number;
  readonly promises: number;
  /** Traces that the code was driven along, and the events in all of them. */
  readonly traces: number;
  readonly events: number;
  /** One sentence for each promise that the model breaks, and for each trace in which the code parts from it. */
  readonly broken: readonly string[];
}

/** The first few seconds of each, or about a minute of each. */
const LENGTHS = {
  breaker: { quick: { fromStart: 9, fromEach: 2 }, whole: { fromStart: 11, fromEach: 5 } },
  credential: { quick: { fromStart: 4, fromEach: 1 }, whole: { fromStart: 6, fromEach: 2 } },
  /** No request goes on for longer: these are all traces. */
  retry: { fromStart: 10, fromEach: 0 },
} as const satisfies Record<string, Lengths | Record<Thoroughness, Lengths>>;

export const RETRY_SETTINGS: readonly RetrySettings[] = [0, 1, 2].flatMap(retries => [
  { retries, breaker: true },
  { retries, breaker: false },
]);

export const proveModels = async (how: Thoroughness): Promise<readonly ModelFigures[]> => {
  const proved = [
    await prove('circuit breaker', BREAKER, driveBreaker, LENGTHS.breaker[how]),
    await prove('credential', CREDENTIAL, driveCredential, LENGTHS.credential[how]),
  ];
  for (const settings of RETRY_SETTINGS) {
    const name = `${settings.retries} retries${settings.breaker ? '' : ', no breaker'}`;
    proved.push(await prove(name, retryModel(settings), () => driveRetries(settings), LENGTHS.retry));
  }
  return proved;
};

async function prove<State, Event extends string>(
  name: string,
  model: Model<State, Event>,
  begin: () => Driven<Event>,
  lengths: Lengths,
): Promise<ModelFigures> {
  const { states, steps, broken } = explore(model);
  const { traces, events, apart } = await conform(model, begin, lengths);
  return {
    model: name,
    states,
    steps,
    promises: model.rules.length + 1,
    traces,
    events,
    broken: [...broken, ...apart.map(trace => `the code parts from the model after ${trace}`)],
  };
}
