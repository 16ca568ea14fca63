/** Each stage of the proof: runs it, and makes tables and sentences of its figures. */

import type { Fuzzed } from './fuzz/figures.ts';
import { type FuzzOptions, fuzz } from './fuzz/fuzz.ts';
import type { Cost, ParserGrowth } from './growth/measure.ts';
import { factorOf, type GrowthFigures, growthBroken, leastGrowth, proveGrowth } from './growth/prove-growth.ts';
import { proveModels } from './model/prove-models.ts';
import { MIN_SCORE, proveMutants, scoreOf, sumOf } from './mutation/prove-mutants.ts';
import { proveLives } from './simulation/prove-lives.ts';
import type { Tally } from './simulation/simulate.ts';
import type { Proved, StageName, Table, Thoroughness } from './stage.ts';

export const STAGES: Readonly<Record<StageName, (how: Thoroughness) => Promise<Proved>>> = {
  lives: async how => {
    const { lives, promises, kinds, happened, answers, broken } = await proveLives(how === 'quick' ? 2000 : 100_000);
    return {
      title: `${count(lives)} lives of an environment, each held to ${promises.length} promises`,
      tables: [
        { head: ['lives with', 'lives'], rows: rowsOf(kinds) },
        { head: ['in all of them', 'times'], rows: rowsOf(happened) },
        { head: ['answers', 'times'], rows: rowsOf(answers) },
      ],
      broken: broken.map(
        ({ seed, promises: those }) => `life ${seed} (npm run proof -- --seed ${seed}): ${those.join('; ')}`,
      ),
    };
  },

  models: async how => {
    const models = await proveModels(how);
    return {
      title: 'Models: every state visited, and the code driven along their steps',
      tables: [
        {
          head: ['model', 'promises', 'states', 'steps', 'traces of the code', 'events in them'],
          rows: models.map(({ model, promises, states, steps, traces, events }) => [
            model,
            ...[promises, states, steps, traces, events].map(count),
          ]),
        },
      ],
      broken: models.flatMap(({ model, broken }) => broken.map(sentence => `model of ${model}: ${sentence}`)),
    };
  },

  inputs: how => proveInputs({ seconds: how === 'quick' ? 40 : 300, seed: Date.now() % 2 ** 31 }),

  growth: async how => {
    const growth = await proveGrowth(how);
    return {
      title: 'Costs at doubling sizes; the factor is that of eight times the size (8 is linear, 64 is quadratic)',
      tables: growthTables(growth),
      broken: growthBroken(growth),
    };
  },

  mutants: async how => {
    const { rooms, broken } = await proveMutants(how);
    const all = sumOf(rooms);
    return {
      title: `Mutants: ${percent(scoreOf(all))} of ${count(all.mutants)} killed (at least ${percent(MIN_SCORE)} must be)`,
      tables: [
        {
          head: ['room', 'mutants', 'killed', 'survived', 'score'],
          rows: rooms.map(({ room, mutants, killed }) => [
            room,
            ...[mutants, killed, mutants - killed].map(count),
            percent(scoreOf({ mutants, killed })),
          ]),
        },
      ],
      broken,
    };
  },
};

/** Fuzzes as it is asked to. */
export const proveInputs = async (asked: FuzzOptions): Promise<Proved> => inputsProved(asked.seed, await fuzz(asked));

export const inputsProved = (seed: number, results: readonly Fuzzed[]): Proved => {
  return {
    title: `Inputs of a fuzzer that coverage guides, seed ${seed}`,
    tables: [
      {
        head: [
          'target',
          'inputs',
          'a second',
          'blocks run',
          'of',
          'new inputs',
          'slowest input, ms',
          'its KiB',
          'found',
        ],
        rows: results.map(({ target, inputs, ms, blocks, added, slowestMs, slowestLength, findings }) => [
          target,
          ...[inputs, (inputs / ms) * 1000, blocks.covered, blocks.known, added.length].map(count),
          slowestMs.toFixed(1),
          count(slowestLength / 1024),
          count(findings.length),
        ]),
      },
    ],
    broken: results.flatMap(({ target, findings }) =>
      findings.map(
        ({ problem, afterInputs, afterMs }) =>
          `${target}: ${problem}, after ${count(afterInputs)} inputs and ${(afterMs / 1000).toFixed(1)} s (npm run proof -- --fuzz ${target} --seed ${seed} --inputs ${afterInputs})`,
      ),
    ),
  };
};

function growthTables({ parsers, handlers }: GrowthFigures): readonly Table[] {
  return [
    growthTable('CPU ms', parsers, ({ ms }) => ms, 1),
    growthTable('KiB allocated', parsers, ({ allocated }) => allocated / 1024, 0),
    growthTable('KiB held by the result', parsers, ({ retained }) => retained / 1024, 0),
    {
      head: ['handler over real sockets', 'after requests', 'KiB held', 'bytes a request', 'timers', 'connections'],
      rows: handlers.flatMap(({ handler, floors }) =>
        floors.map(({ requests, held, timers, connections }, index) => [
          handler,
          count(requests),
          count(held / 1024),
          index === 0 ? '' : count(leastGrowth(floors.slice(index - 1, index + 1))),
          count(timers),
          count(connections),
        ]),
      ),
    },
  ];
}

function growthTable(
  unit: string,
  parsers: readonly ParserGrowth[],
  of: (cost: Cost) => number,
  digits: number,
): Table {
  return {
    head: [unit, 'characters: n', 'n', '2n', '4n', '8n', 'factor'],
    rows: parsers.map(({ parser, costs }) => [
      parser,
      count(costs[0]?.size ?? 0),
      ...costs.map(cost => of(cost).toFixed(digits)),
      (costs[0] === undefined ? 0 : of(costs[0])) < 1 / 10 ** digits ? '' : factorOf(costs, of).toFixed(1),
    ]),
  };
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** The most frequent first. */
function rowsOf(tally: Tally): readonly (readonly string[])[] {
  return Object.entries(tally)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, times]) => [name, count(times)]);
}
