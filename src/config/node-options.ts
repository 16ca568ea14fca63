/** Options of the runtime itself under which a reply could be read as something else than it is. */

/** Node takes `_` for `-` in its options, and quotes and backslashes in NODE_OPTIONS. */
const LENIENT = /^--insecure[-_]http[-_]parser\b/;

/**
 * What is wrong with them, in one sentence; undefined where nothing is.
 * @param nodeOptions the variable NODE_OPTIONS.
 * @param execArgv what stood before the program on Node's command line.
 */
export const runtimeProblem = (nodeOptions: string | undefined, execArgv: readonly string[]): string | undefined => {
  const options = [...(nodeOptions ?? '').replace(/["\\]/g, '').split(/\s+/), ...execArgv];
  return options.some(option => LENIENT.test(option))
    ? "NODE_OPTIONS must not hold --insecure-http-parser, under which PingOne's reply could be read as another one."
    : undefined;
};
