/** Environment -> frozen, typed configuration, or every problem in it at once. */

import { misnamed } from './config/misnamed.ts';
import { runtimeProblem } from './config/node-options.ts';
import { Problem } from './config/parsers.ts';
import { ROWS, type Values } from './config/rows.ts';
import type { AnswerSettings } from './gateway/response.ts';
import type { ServiceUrl } from './url.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the gateway credential is. */
export type CredentialLocation =
  | { readonly store: 'environment'; readonly value: string }
  | {
      readonly store: 'secrets-manager' | 'parameter-store';
      readonly id: string;
      /** The store's; the function's own where missing. */
      readonly region?: string | undefined;
    };

export type LogLevel = Values['LOG_LEVEL'];

/** What the Lambda environment says of itself. */
export interface Platform {
  readonly functionName: string;
  readonly initializationType: string | undefined;
  /** Host and port of the Runtime and Extensions APIs. */
  readonly runtimeApi: string | undefined;
  /** Lambda managed instances: invocations overlap and the environment never freezes. */
  readonly concurrent: boolean;
  /** The X-Ray header of the current invocation: read at each call, since Lambda sets it anew for each. */
  readonly xrayHeader: () => string | undefined;
}

/** What holds even where the rest is wrong, so that a broken configuration still answers and logs as asked. */
export interface BaseConfig {
  readonly answers: AnswerSettings;
  readonly logLevel: LogLevel;
  readonly metrics: Values['METRICS'];
  readonly metricsNamespace: string;
  readonly debug: boolean;
  readonly platform: Platform;
  /** `OTEL_*` as they are: their names, meanings and handling of errors are OpenTelemetry's. */
  readonly otel: Environment;
  /** One sentence for each variable that looks like one of ours and is none; they change nothing. */
  readonly warnings: readonly string[];
}

export interface AuthorizerConfig extends BaseConfig {
  readonly valid: true;
  readonly credential: CredentialLocation;
  readonly serviceUrl: ServiceUrl;
  readonly settings: Values;
}

export interface InvalidConfig extends BaseConfig {
  readonly valid: false;
  /** One sentence a problem; each names its variable and never holds a value. */
  readonly problems: readonly string[];
}

export type LoadedConfig = AuthorizerConfig | InvalidConfig;

const LEVELS: readonly LogLevel[] = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'];
/** Lambda's own level names where they differ from ours. */
const LAMBDA_LEVELS: Readonly<Record<string, LogLevel>> = { TRACE: 'DEBUG', FATAL: 'ERROR' };

const CREDENTIALS = [
  'PINGONE_GATEWAY_CREDENTIAL',
  'PINGONE_GATEWAY_CREDENTIAL_SECRET',
  'PINGONE_GATEWAY_CREDENTIAL_PARAMETER',
] as const;

/** Empty is missing. */
const read = (environment: Environment, name: string): string | undefined => environment[name] || undefined;

/** Parses every row; a wrong one leaves a problem and counts, for what must go on working, as its default. */
const parseRows = (environment: Environment, problems: string[]): Values => {
  const parsed = Object.entries(ROWS).map(([name, { parse, byDefault }]) => {
    const text = read(environment, name);
    try {
      if (text !== undefined) return [name, parse(text)];
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      problems.push(`${name} ${problem.message}.`);
    }
    return [name, byDefault === undefined ? undefined : parse(byDefault)];
  });
  return Object.freeze(Object.fromEntries(parsed)) as Values;
};

const credentialLocation = (environment: Environment, values: Values, problems: string[]): CredentialLocation => {
  const set = CREDENTIALS.filter(name => read(environment, name) !== undefined);
  if (set.length === 0) problems.push(`Set one of ${CREDENTIALS.join(', ')}: none is there.`);
  if (set.length > 1) problems.push(`Set only one of ${set.join(', ')}: they contradict each other.`);
  const { PINGONE_GATEWAY_CREDENTIAL_SECRET: secret, PINGONE_GATEWAY_CREDENTIAL_PARAMETER: parameter } = values;
  if (secret !== undefined) return { store: 'secrets-manager', id: secret };
  if (parameter !== undefined) return { store: 'parameter-store', id: parameter };
  return { store: 'environment', value: values.PINGONE_GATEWAY_CREDENTIAL ?? '' };
};

/** The less talkative of ours and Lambda's own log level, where the function sets one. */
const logLevel = (environment: Environment, ours: LogLevel): LogLevel => {
  const name = read(environment, 'AWS_LAMBDA_LOG_LEVEL') ?? '';
  const lambdas = LEVELS.indexOf(LEVELS.find(level => level === name) ?? LAMBDA_LEVELS[name] ?? 'DEBUG');
  return LEVELS[Math.max(LEVELS.indexOf(ours), lambdas)] ?? ours;
};

const platform = (environment: Environment): Platform =>
  Object.freeze({
    functionName: read(environment, 'AWS_LAMBDA_FUNCTION_NAME') ?? 'local',
    initializationType: read(environment, 'AWS_LAMBDA_INITIALIZATION_TYPE'),
    runtimeApi: read(environment, 'AWS_LAMBDA_RUNTIME_API'),
    concurrent: read(environment, 'AWS_LAMBDA_MAX_CONCURRENCY') !== undefined,
    xrayHeader: () => read(environment, '_X_AMZN_TRACE_ID'),
  });

/**
 * Reads the configuration; never throws for what the variables hold.
 * @param execArgv the options that Node itself was started with, `process.execArgv`.
 */
export const loadConfig = (environment: Environment, execArgv: readonly string[] = []): LoadedConfig => {
  const problems: string[] = [];
  const settings = parseRows(environment, problems);
  const credential = Object.freeze(credentialLocation(environment, settings, problems));
  const serviceUrl = settings.PINGONE_SERVICE_URL;
  if (read(environment, 'PINGONE_SERVICE_URL') === undefined) problems.push('PINGONE_SERVICE_URL is required.');
  const lenient = runtimeProblem(read(environment, 'NODE_OPTIONS'), execArgv);
  if (lenient !== undefined) problems.push(lenient);
  const base: BaseConfig = {
    answers: Object.freeze({
      responseFormat: settings.RESPONSE_FORMAT,
      failClosedAs: settings.FAIL_CLOSED_AS,
      unauthorizedAs: settings.UNAUTHORIZED_AS,
      forwardHeaders: settings.FORWARD_HEADERS,
    }),
    logLevel: logLevel(environment, settings.LOG_LEVEL),
    metrics: settings.METRICS,
    metricsNamespace: settings.METRICS_NAMESPACE,
    debug: settings.DEBUG,
    platform: platform(environment),
    otel: Object.freeze(Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('OTEL_')))),
    warnings: Object.freeze(misnamed(environment, Object.keys(ROWS))),
  };
  return Object.freeze(
    problems.length > 0 || serviceUrl === undefined
      ? { ...base, valid: false, problems: Object.freeze(problems) }
      : { ...base, valid: true, credential, serviceUrl, settings },
  );
};
