/** Refuses a runtime that this code was not built for, or whose options let a reply be read as another one. */
import type { LoadedConfig } from './groups.ts';

const OLDEST_MAJOR = 22;

/** Node takes `_` for `-` in its options, and quotes and backslashes in NODE_OPTIONS. */
const LENIENT_PARSER = /^--insecure[-_]http[-_]parser\b/;

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

/**
 * What is wrong with Node's options, in one sentence; undefined if nothing is.
 * @param nodeOptions the variable NODE_OPTIONS.
 * @param execArgv what stood before the program on Node's command line.
 */
export const runtimeProblem = (nodeOptions: string | undefined, execArgv: readonly string[]): string | undefined => {
  const options = [...(nodeOptions ?? '').replace(/["\\]/g, '').split(/\s+/), ...execArgv];
  return options.some(option => LENIENT_PARSER.test(option))
    ? "NODE_OPTIONS must not hold --insecure-http-parser, under which PingOne's reply could be read as another one."
    : undefined;
};
