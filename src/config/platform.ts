/** Reads the variables that Lambda itself sets. */
import type { Environment, LogLevel, Platform } from './configuration.ts';

/** @param environment is kept, because Lambda sets the X-Ray header in it anew for each invocation. */
export const platformOf = (environment: Environment): Platform =>
  Object.freeze({
    functionName: environment['AWS_LAMBDA_FUNCTION_NAME'] || 'local',
    initializationType: environment['AWS_LAMBDA_INITIALIZATION_TYPE'] || undefined,
    runtimeApi: environment['AWS_LAMBDA_RUNTIME_API'] || undefined,
    concurrent: Boolean(environment['AWS_LAMBDA_MAX_CONCURRENCY']),
    xrayHeader: () => environment['_X_AMZN_TRACE_ID'] || undefined,
  });

/** From the one that writes most. */
const LEVELS: readonly LogLevel[] = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'];

/** Our log level, or Lambda's own if that is set and writes less. */
export const logLevelOf = (environment: Environment, ours: LogLevel): LogLevel => {
  const name = environment['AWS_LAMBDA_LOG_LEVEL'];
  // Lambda has two more: TRACE writes no less than DEBUG, and FATAL is above ERROR.
  const lambdas = LEVELS.findIndex(level => level === (name === 'FATAL' ? 'ERROR' : name));
  return LEVELS[Math.max(LEVELS.indexOf(ours), lambdas)] ?? ours;
};
