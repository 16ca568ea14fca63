/** Whether the settings are valid: by the very rows that the function reads them with. */
import type { LoadedConfig } from '../../src/config/configuration.ts';
import { ROWS } from '../../src/config/variables.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** One line for each problem, and one for each variable that has no effect. */
export const settingsFindings = (config: LoadedConfig, from: string): readonly Finding[] => {
  const problems = config.valid
    ? []
    : config.problems.map(problem => fail('settings', sentence(problem), remedyFor(problem)));
  const warnings = config.warnings.map(warning =>
    warn('settings', sentence(warning), 'Rename the variable or remove it.'),
  );
  return problems.length > 0 ? [...problems, ...warnings] : [ok('settings', `valid, read from ${from}`), ...warnings];
};

function sentence(text: string): string {
  return text.replace(/\.$/, '');
}

/** The row's own words, since a problem begins with the name of its variable. */
function remedyFor(problem: string): string {
  const name = problem.slice(0, problem.indexOf(' '));
  const row = Object.entries(ROWS).find(([row]) => row === name)?.[1];
  return row === undefined ? 'Until then every request is denied with CONFIG_INVALID.' : `Set ${name}: ${row.meaning}`;
}
