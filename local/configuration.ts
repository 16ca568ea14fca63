/** Says what is wrong with the authorizer's variables before anything is started: with a wrong one it would deny every request. */
import { loadConfig } from '../src/index.ts';

/** Throws if the authorizer would refuse these variables. */
export const checkConfiguration = (variables: Readonly<Record<string, string>>): void => {
  const config = loadConfig(variables);
  if (!config.valid) throw configurationError(config.problems);
};

/** Each problem on its line, with what to do about it. */
export const configurationError = (problems: readonly string[]): Error =>
  new Error(problems.map(problem => `${problem}${remedyOf(problem)}`).join('\n'));

function remedyOf(problem: string): string {
  const name = /^[A-Z][A-Z0-9_]+(?= )/.exec(problem)?.[0];
  return name === undefined ? '' : ` Correct it, or leave it out: unset ${name}`;
}
