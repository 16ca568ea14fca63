/** Refuses a Node that is too old, and Node options under which one reply could be read as another one. */
import type { LoadedConfig } from './configuration.ts';

const OLDEST_MAJOR = 22;

/** In an option's name Node accepts `_` for `-`. Quotes and backslashes, which NODE_OPTIONS may hold, are removed before. */
const LENIENT_PARSER = /^--insecure[-_]http[-_]parser\b/;

/**
 * What is wrong with a Node that is too old, in one sentence; undefined for one that is not.
 * @param version Node's own, such as `22.11.0`.
 */
export const oldNodeProblem = (version: string): string | undefined =>
  Number.parseInt(version, 10) >= OLDEST_MAJOR
    ? undefined
    : `The runtime is Node.js ${version}, which is too old: choose nodejs22.x or nodejs24.x.`;

/** The configuration, made invalid if this Node is too old. */
export const onNode = (config: LoadedConfig, version: string): LoadedConfig => {
  const problem = oldNodeProblem(version);
  if (problem === undefined) return config;
  const others = config.valid ? [] : config.problems.filter(other => other !== problem);
  return Object.freeze({ ...config, valid: false, problems: Object.freeze([problem, ...others]) });
};

/**
 * The problem with Node's options in one sentence; undefined if there is none.
 * @param nodeOptions the variable NODE_OPTIONS.
 * @param execArgv the options on Node's command line.
 */
export const runtimeProblem = (nodeOptions: string | undefined, execArgv: readonly string[]): string | undefined => {
  const options = [...(nodeOptions ?? '').replace(/["\\]/g, '').split(/\s/), ...execArgv];
  return options.some(option => LENIENT_PARSER.test(option))
    ? "NODE_OPTIONS must not hold --insecure-http-parser, under which PingOne's reply could be read as another one."
    : undefined;
};
