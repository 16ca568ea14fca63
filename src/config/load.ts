/** Environment variables, or a typed object -> the frozen configuration, or every problem in it at once. */
import {
  answersOf,
  type BaseConfig,
  type CredentialLocation,
  type Environment,
  groupsOf,
  type LoadedConfig,
} from './groups.ts';
import { misnamed } from './misnamed.ts';
import { logLevelOf, platformOf } from './platform.ts';
import { parseRows } from './row.ts';
import { ROWS, type Values } from './rows.ts';
import { runtimeProblem } from './runtime.ts';
import { type AuthorizerSettings, environmentOf } from './typed-settings.ts';

/**
 * Reads the configuration from environment variables. A wrong value never throws; it is a problem in the result.
 * @param execArgv the options that Node was started with, `process.execArgv`.
 */
export const loadConfig = (environment: Environment, execArgv: readonly string[] = []): LoadedConfig =>
  load(environment, environment, execArgv);

/**
 * Reads the configuration from a typed object. The same rules hold as for the variables, and a problem names the variable.
 * @param environment usually `process.env`. Only the variables of Lambda, Node and OpenTelemetry are read from it, none of ours.
 */
export const loadSettings = (
  settings: AuthorizerSettings,
  environment: Environment = {},
  execArgv: readonly string[] = [],
): LoadedConfig => load(environmentOf(settings), environment, execArgv);

function load(variables: Environment, environment: Environment, execArgv: readonly string[]): LoadedConfig {
  const problems: string[] = [];
  const values = parseRows(ROWS, variables, problems);
  const credential = Object.freeze(credentialLocation(values, variables, problems));
  const serviceUrl = values.PINGONE_SERVICE_URL;
  if (!variables['PINGONE_SERVICE_URL']) problems.push('PINGONE_SERVICE_URL is required.');
  if (values.TOKEN_GATE === 'signature' && !variables['TOKEN_GATE_JWKS_URL']) {
    problems.push('TOKEN_GATE_JWKS_URL is required with TOKEN_GATE=signature.');
  }
  const lenient = runtimeProblem(environment['NODE_OPTIONS'], execArgv);
  if (lenient !== undefined) problems.push(lenient);
  const base: BaseConfig = {
    answers: answersOf(values),
    logLevel: logLevelOf(environment, values.LOG_LEVEL),
    metrics: values.METRICS,
    metricsNamespace: values.METRICS_NAMESPACE,
    debug: values.DEBUG,
    platform: platformOf(environment),
    otel: Object.freeze(Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('OTEL_')))),
    warnings: Object.freeze(misnamed(variables, Object.keys(ROWS))),
  };
  return Object.freeze(
    problems.length > 0 || serviceUrl === undefined
      ? { ...base, valid: false, problems: Object.freeze(problems) }
      : { ...base, valid: true, credential, ...groupsOf(values, serviceUrl) },
  );
}

const CREDENTIALS = [
  'PINGONE_GATEWAY_CREDENTIAL',
  'PINGONE_GATEWAY_CREDENTIAL_SECRET',
  'PINGONE_GATEWAY_CREDENTIAL_PARAMETER',
] as const;

function credentialLocation(values: Values, variables: Environment, problems: string[]): CredentialLocation {
  const set = CREDENTIALS.filter(name => variables[name]);
  if (set.length === 0) problems.push(`Set one of ${CREDENTIALS.join(', ')}: none is there.`);
  if (set.length > 1) problems.push(`Set only one of ${set.join(', ')}: they contradict each other.`);
  const { PINGONE_GATEWAY_CREDENTIAL_SECRET: secret, PINGONE_GATEWAY_CREDENTIAL_PARAMETER: parameter } = values;
  if (secret !== undefined) return { store: 'secrets-manager', id: secret };
  if (parameter !== undefined) return { store: 'parameter-store', id: parameter };
  return { store: 'environment', value: values.PINGONE_GATEWAY_CREDENTIAL ?? '' };
}
