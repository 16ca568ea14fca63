/** Refuses to work on a Node older than the ones that it was built for and tested on. */
import type { LoadedConfig } from '../config.ts';

const OLDEST_MAJOR = 22;

/**
 * The configuration as it holds on this Node: on one that is too old it is invalid, whatever the variables say.
 * @param version Node's own, such as `22.11.0`.
 */
export const onNode = (config: LoadedConfig, version: string): LoadedConfig => {
  if (Number.parseInt(version, 10) >= OLDEST_MAJOR) return config;
  const problem = `The runtime is Node.js ${version}, which is too old: choose nodejs22.x or nodejs24.x.`;
  const problems = Object.freeze([problem, ...(config.valid ? [] : config.problems)]);
  return Object.freeze({ ...config, valid: false, problems });
};
