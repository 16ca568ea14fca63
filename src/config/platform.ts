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

const LEVELS: readonly LogLevel[] = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'];
/** Lambda's levels that have another name here. */
const LAMBDA_LEVELS: Readonly<Record<string, LogLevel>> = { TRACE: 'DEBUG', FATAL: 'ERROR' };

/** Our log level, or Lambda's own if that is set and writes less. */
export const logLevelOf = (environment: Environment, ours: LogLevel): LogLevel => {
  const name = environment['AWS_LAMBDA_LOG_LEVEL'] ?? '';
  const lambdas = LEVELS.indexOf(LEVELS.find(level => level === name) ?? LAMBDA_LEVELS[name] ?? 'DEBUG');
  return LEVELS[Math.max(LEVELS.indexOf(ours), lambdas)] ?? ours;
};
