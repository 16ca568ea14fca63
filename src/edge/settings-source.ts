/** Where an edge function finds the settings that may change without a new version, and which those are. */
import type { EdgeValues } from './variables.ts';

export interface SettingsSource {
  readonly store: 'secrets-manager' | 'parameter-store';
  readonly id: string;
  readonly region: string;
  readonly ttlMs: number;
}

/**
 * Settings that may change. Never the service URL nor the credential's place: who may write the settings must not choose who decides.
 */
export const CHANGEABLE = [
  'PINGONE_CONNECT_TIMEOUT_MS',
  'PINGONE_REQUEST_TIMEOUT_MS',
  'AUTHORIZER_DEADLINE_MS',
  'BREAKER_ENABLED',
  'BREAKER_ERROR_THRESHOLD_PERCENT',
  'BREAKER_VOLUME_THRESHOLD',
  'BREAKER_WINDOW_MS',
  'BREAKER_RESET_MS',
  'LOG_LEVEL',
  'CORS_ALLOWED_ORIGINS',
] as const;

/** Whether a setting of this name may change. */
export const isChangeable = (name: string): boolean => CHANGEABLE.some(changeable => changeable === name);

const ARN_REGION = /^arn:aws[a-z-]*:(?:secretsmanager|ssm):([a-z0-9-]+):/;

/** The region that an ARN of either store holds; undefined for a name. */
export const regionIn = (id: string): string | undefined => ARN_REGION.exec(id)?.[1];

/** The source that is set, beside the credential unless its ARN has another region; undefined if none is. */
export const sourceOf = (values: EdgeValues, region: string, problems: string[]): SettingsSource | undefined => {
  const { SETTINGS_PARAMETER: parameter, SETTINGS_SECRET: secret, SETTINGS_TTL_MS: ttlMs } = values;
  if (parameter !== undefined && secret !== undefined) {
    problems.push('Set only one of SETTINGS_PARAMETER, SETTINGS_SECRET: they contradict each other.');
  }
  const id = parameter ?? secret;
  if (id === undefined) return undefined;
  const store = parameter === undefined ? 'secrets-manager' : 'parameter-store';
  return Object.freeze({ store, id, region: regionIn(id) ?? region, ttlMs });
};
