/** Environment variables, or a typed object -> the frozen configuration, or every problem in it at once. */
import {
  answersOf,
  type BaseConfig,
  type CredentialLocation,
  type Environment,
  groupsOf,
  type LoadedConfig,
  type ShadowSettings,
} from './configuration.ts';
import { misnamed } from './misnamed.ts';
import { logLevelOf, platformOf } from './platform.ts';
import { oldNodeProblem, runtimeProblem } from './runtime.ts';
import { type AuthorizerSettings, environmentOf } from './typed-settings.ts';
import { parseRows } from './variable-table.ts';
import { ROWS, type Values } from './variables.ts';

/**
 * Reads the configuration from environment variables. A wrong value never throws; it is a problem in the result.
 * @param execArgv the options that Node was started with, `process.execArgv`.
 * @param nodeVersion such as `22.11.0`. Under one that is too old nothing is read that it cannot read; undefined for any.
 */
export const loadConfig = (
  environment: Environment,
  execArgv: readonly string[] = [],
  nodeVersion?: string,
): LoadedConfig => load(environment, environment, execArgv, nodeVersion);

/**
 * Reads the configuration from a typed object. The same rules hold as for the variables, and a problem names the variable.
 * @param environment usually `process.env`. Only the variables of Lambda, Node and OpenTelemetry are read from it, none of ours.
 */
export const loadSettings = (
  settings: AuthorizerSettings,
  environment: Environment = {},
  execArgv: readonly string[] = [],
): LoadedConfig => load(environmentOf(settings), environment, execArgv);

/** What shapes the answers and the lines of a function that refuses everything. */
const OF_REFUSALS = ['RESPONSE_FORMAT', 'FAIL_CLOSED_AS', 'LOG_LEVEL', 'METRICS', 'METRICS_NAMESPACE'];

function load(
  given: Environment,
  environment: Environment,
  execArgv: readonly string[],
  nodeVersion?: string,
): LoadedConfig {
  const tooOld = nodeVersion === undefined ? undefined : oldNodeProblem(nodeVersion);
  // An old Node lacks what reads the other variables.
  const variables =
    tooOld === undefined ? given : Object.fromEntries(OF_REFUSALS.map(name => [name, given[name]] as const));
  const problems: string[] = [];
  const values = parseRows(ROWS, variables, problems);
  const credential = Object.freeze(credentialLocation('PINGONE', values, variables, problems));
  const serviceUrl = values.PINGONE_SERVICE_URL;
  if (!variables['PINGONE_SERVICE_URL']) problems.push('PINGONE_SERVICE_URL is required.');
  if (values.TOKEN_GATE === 'signature' && !variables['TOKEN_GATE_JWKS_URL']) {
    problems.push('TOKEN_GATE_JWKS_URL is required with TOKEN_GATE=signature.');
  }
  const shadow = shadowOf(values, variables, problems);
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
  if (tooOld !== undefined) return Object.freeze({ ...base, valid: false, problems: Object.freeze([tooOld]) });
  return Object.freeze(
    problems.length > 0 || serviceUrl === undefined
      ? { ...base, valid: false, problems: Object.freeze(problems) }
      : { ...base, valid: true, credential, shadow, ...groupsOf(values, serviceUrl) },
  );
}

/** The shadow, if it has a service. */
function shadowOf(values: Values, variables: Environment, problems: string[]): ShadowSettings | undefined {
  const { SHADOW_SERVICE_URL: serviceUrl, SHADOW_PERCENT: percent } = values;
  if (serviceUrl === undefined) return undefined;
  const credential = Object.freeze(credentialLocation('SHADOW', values, variables, problems));
  return percent === 0 ? undefined : Object.freeze({ serviceUrl, credential, percent });
}

function credentialLocation(
  service: 'PINGONE' | 'SHADOW',
  values: Values,
  variables: Environment,
  problems: string[],
): CredentialLocation {
  const direct = `${service}_GATEWAY_CREDENTIAL` as const;
  const names = [direct, `${direct}_SECRET`, `${direct}_PARAMETER`] as const;
  const set = names.filter(name => variables[name]);
  if (set.length === 0) problems.push(`Set one of ${names.join(', ')}: none is there.`);
  if (set.length > 1) problems.push(`Set only one of ${set.join(', ')}: they contradict each other.`);
  const [secret, parameter] = [values[`${direct}_SECRET`], values[`${direct}_PARAMETER`]];
  if (secret !== undefined) return { store: 'secrets-manager', id: secret };
  if (parameter !== undefined) return { store: 'parameter-store', id: parameter };
  return { store: 'environment', value: values[direct] ?? '' };
}
