/** The figures of each stage as lines for the terminal, and what they break as sentences. */
import { tableOf } from '../bench/summary.ts';
import { type Growth, MAX_FACTOR } from './growth/growth.ts';
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

export const growthLines = (measured: readonly Growth[]): readonly string[] => [
  'CPU time of an input eight times as long (8 is linear, 64 is quadratic)',
  ...tableOf(
    ['  parser', 'characters', 'factor'],
    measured.map(({ parser, size, factor }) => [`  ${parser}`, count(size), factor.toFixed(1)]),
  ),
];

export const growthBroken = (measured: readonly Growth[]): readonly string[] =>
  measured
    .filter(({ factor }) => factor > MAX_FACTOR)
    .map(({ parser, factor }) => `${parser} costs ${factor.toFixed(1)} times as much CPU for eight times the input`);

function count(value: number): string {
  return value.toLocaleString('en');
}

/** The most frequent first. */
function rowsOf(tally: Tally): readonly (readonly string[])[] {
  return Object.entries(tally)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, times]) => [`  ${name}`, count(times)]);
}
