/** The figures of each stage as lines for the terminal, and what they break as sentences. */
import { tableOf } from '../bench/summary.ts';
import type { Cost, ParserGrowth } from './growth/measure.ts';
import { factorOf, type GrowthFigures, leastGrowth } from './growth/prove-growth.ts';
import type { ModelFigures } from './model/prove-models.ts';
import type { LivesFigures } from './simulation/prove-lives.ts';
import type { Tally } from './simulation/simulate.ts';

export const livesLines = ({ lives, promises, kinds, happened, answers, seconds }: LivesFigures): readonly string[] => [
  `Lives of an environment: ${count(lives)}, in ${seconds.toFixed(1)} s, each held to ${promises.length} promises`,
  ...tableOf(['  lives with', 'lives'], rowsOf(kinds)),
  ...tableOf(['  in all of them', 'times'], rowsOf(happened)),
  ...tableOf(['  answers', 'times'], rowsOf(answers)),
];

export const livesBroken = ({ broken }: LivesFigures): readonly string[] =>
  broken.map(({ seed, promises }) => `life ${seed} (npm run proof -- --seed ${seed}): ${promises.join('; ')}`);

export const modelsLines = (models: readonly ModelFigures[]): readonly string[] => [
  'Models: every state visited, and the code driven along their steps',
  ...tableOf(
    ['  model', 'promises', 'states', 'steps', 'traces of the code', 'events in them', 'seconds'],
    models.map(({ model, promises, states, steps, traces, events, seconds }) => [
      `  ${model}`,
      ...[promises, states, steps, traces, events].map(count),
      seconds.toFixed(1),
    ]),
  ),
];

export const modelsBroken = (models: readonly ModelFigures[]): readonly string[] =>
  models.flatMap(({ model, broken }) => broken.map(sentence => `model of ${model}: ${sentence}`));

export const growthLines = ({ parsers, handlers }: GrowthFigures): readonly string[] => [
  'Parsers at doubling sizes; the factor is that of eight times the size (8 is linear, 64 is quadratic)',
  ...growthTable('CPU ms', parsers, ({ ms }) => ms, 1),
  ...growthTable('KiB allocated', parsers, ({ allocated }) => allocated / 1024, 0),
  ...growthTable('KiB held by the result', parsers, ({ retained }) => retained / 1024, 0),
  '',
  'The handler after so many requests over real sockets',
  ...tableOf(
    ['  handler', 'requests', 'KiB held', 'bytes a request', 'timers', 'connections'],
    handlers.flatMap(({ handler, floors }) =>
      floors.map((floor, index) => [
        `  ${handler}`,
        count(floor.requests),
        count(Math.round(floor.held / 1024)),
        index === 0 ? '' : leastGrowth(floors.slice(index - 1, index + 1)).toFixed(0),
        count(floor.timers),
        count(floor.connections),
      ]),
    ),
  ),
];

function growthTable(
  unit: string,
  parsers: readonly ParserGrowth[],
  of: (cost: Cost) => number,
  digits: number,
): readonly string[] {
  return tableOf(
    [`  ${unit}`, 'characters: n', 'n', '2n', '4n', '8n', 'factor'],
    parsers.map(({ parser, costs }) => [
      `  ${parser}`,
      count(costs[0]?.size ?? 0),
      ...costs.map(cost => of(cost).toFixed(digits)),
      (costs[0] === undefined ? 0 : of(costs[0])) < 1 / 10 ** digits ? '' : factorOf(costs, of).toFixed(1),
    ]),
  );
}

function count(value: number): string {
  return value.toLocaleString('en');
}

/** The most frequent first. */
function rowsOf(tally: Tally): readonly (readonly string[])[] {
  return Object.entries(tally)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, times]) => [`  ${name}`, count(times)]);
}
