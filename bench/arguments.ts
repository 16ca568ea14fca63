/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';
import type { Mode } from './scenario.ts';

export interface Arguments {
  readonly mode: Mode;
  /** Names of the scenarios to run; empty is all. */
  readonly scenarios: readonly string[];
  /** Exit with 1 if a budget is exceeded. */
  readonly check: boolean;
  /** A former report.json to compare with. */
  readonly compare: string | undefined;
  readonly help: boolean;
}

export const USAGE = `npm run bench -- [scenario ...] [--quick] [--check] [--compare FILE]

  scenario        warm, busy, cache, edge, cold, load, outage, freeze, soak, parts, fleet; all
                  of these if none is named; and tried: other ways to build and to connect
  --quick         about a minute: fewer rounds, shorter phases
  --check         fail if a budget of bench/budgets.json is exceeded
  --compare FILE  say what changed against a former bench/results/report.json`;

/** Throws, naming what is wrong, if an argument is not understood. */
export const readArguments = (args: readonly string[], known: readonly string[]): Arguments => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      compare: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const unknown = positionals.filter(name => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no such scenario: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return {
    mode: values.quick ? 'quick' : 'full',
    scenarios: positionals,
    check: values.check,
    compare: values.compare,
    help: values.help,
  };
};
