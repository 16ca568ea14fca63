/** What the Lambda environment says of itself, in Lambda's own variables. */
import type { Environment, LogLevel, Platform } from './groups.ts';

/** @param environment kept, for the X-Ray header alone. */
export const platformOf = (environment: Environment): Platform =>
  Object.freeze({
    functionName: environment['AWS_LAMBDA_FUNCTION_NAME'] || 'local',
    initializationType: environment['AWS_LAMBDA_INITIALIZATION_TYPE'] || undefined,
    runtimeApi: environment['AWS_LAMBDA_RUNTIME_API'] || undefined,
    concurrent: Boolean(environment['AWS_LAMBDA_MAX_CONCURRENCY']),
    xrayHeader: () => environment['_X_AMZN_TRACE_ID'] || undefined,
  });

const LEVELS: readonly LogLevel[] = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'];
/** Lambda's names for the levels that we name otherwise. */
const LAMBDA_LEVELS: Readonly<Record<string, LogLevel>> = { TRACE: 'DEBUG', FATAL: 'ERROR' };

/** The less talkative of our log level and Lambda's own, if the function sets one. */
export const logLevelOf = (environment: Environment, ours: LogLevel): LogLevel => {
  const name = environment['AWS_LAMBDA_LOG_LEVEL'] ?? '';
  const lambdas = LEVELS.indexOf(LEVELS.find(level => level === name) ?? LAMBDA_LEVELS[name] ?? 'DEBUG');
  return LEVELS[Math.max(LEVELS.indexOf(ours), lambdas)] ?? ours;
};
