/** The settings that are baked into an edge function's package -> configuration, or every problem in them at once. */
import type { LoadedConfig } from '../config/configuration.ts';
import { loadConfig } from '../config/load-config.ts';
import { parseRows } from '../config/variable-table.ts';
import { ROWS } from '../config/variables.ts';
import type { PreflightSettings } from './preflight.ts';
import { DEADLINE_MS, standing, TIMEOUT_S } from './quotas.ts';
import { unfitness } from './refused-settings.ts';
import { regionIn, type SettingsSource, sourceOf } from './settings-source.ts';
import { EDGE_ROWS, type EdgeValues } from './variables.ts';

/** Setting name -> its text. */
export type BakedSettings = Readonly<Record<string, string>>;

export interface EdgeConfig {
  readonly config: LoadedConfig;
  /** What CloudFront's side of the function needs. */
  readonly gateway: PreflightSettings;
  /** Where settings are that may change without a new version; undefined if there is no such place. */
  readonly source: SettingsSource | undefined;
}

/** Defaults that are others than those of the authorizer's table. */
export const EDGE_DEFAULTS = { AUTHORIZER_DEADLINE_MS: '4000' } as const;

/** Loads what is baked; never throws for what it holds. */
export const loadEdgeConfig = (baked: BakedSettings): EdgeConfig => {
  const problems = Object.entries(baked).flatMap(setting => unfitness(setting) ?? []);
  const values = parseRows(EDGE_ROWS, baked, problems);
  const config = loadConfig({
    ...EDGE_DEFAULTS,
    ...Object.fromEntries(Object.entries(baked).filter(([name, value]) => Object.hasOwn(ROWS, name) && value !== '')),
    AWS_LAMBDA_FUNCTION_NAME: values.FUNCTION_NAME,
  });
  const deadline = settingText(baked, 'AUTHORIZER_DEADLINE_MS');
  const warnings = Object.freeze([
    ...config.warnings,
    ...deadlineTrouble(Number(deadline ?? EDGE_DEFAULTS.AUTHORIZER_DEADLINE_MS), problems),
  ]);
  if (values.PREFLIGHT === 'answer' && values.CORS_ALLOWED_ORIGINS.length === 0) {
    problems.push('CORS_ALLOWED_ORIGINS is required with PREFLIGHT set to answer.');
  }
  const region = credentialRegion(baked, problems);
  const source = sourceOf(values, region, problems);
  const gateway = gatewayOf(values);
  if (config.valid && problems.length === 0) {
    const credential = Object.freeze({ ...config.credential, region });
    return { config: Object.freeze({ ...config, warnings, credential }), gateway, source };
  }
  const all = Object.freeze(config.valid ? problems : [...config.problems, ...problems]);
  return { config: Object.freeze({ ...config, warnings, valid: false, problems: all }), gateway, source };
};

function gatewayOf(values: EdgeValues): PreflightSettings {
  return Object.freeze({
    sendBody: values.SEND_BODY,
    onIncompleteBody: values.ON_INCOMPLETE_BODY,
    trustedIpHeader: values.TRUSTED_IP_HEADER,
    preflight: values.PREFLIGHT,
    cors: Object.freeze({
      allowedOrigins: values.CORS_ALLOWED_ORIGINS,
      allowCredentials: values.CORS_ALLOW_CREDENTIALS,
    }),
  });
}

/** A warning above the old limit, and a problem above the certain one. */
function deadlineTrouble(deadlineMs: number, problems: string[]): readonly string[] {
  const stands = standing(deadlineMs, DEADLINE_MS);
  if (stands === 'unsure') {
    return [
      `AUTHORIZER_DEADLINE_MS is above ${DEADLINE_MS.old}: raise the function's timeout above it. By AWS's older pages CloudFront ends a viewer-request function after ${TIMEOUT_S.old} s.`,
    ];
  }
  if (stands === 'beyond') {
    problems.push(
      `AUTHORIZER_DEADLINE_MS must be at most ${DEADLINE_MS.certain}: CloudFront ends the function after ${TIMEOUT_S.certain} s.`,
    );
  }
  return [];
}

function settingText(baked: BakedSettings, name: string): string | undefined {
  return baked[name] || undefined;
}

/** The region that the ARN holds, or the one that is set. */
function credentialRegion(baked: BakedSettings, problems: string[]): string {
  const set = settingText(baked, 'PINGONE_CREDENTIAL_REGION') ?? '';
  const id =
    settingText(baked, 'PINGONE_GATEWAY_CREDENTIAL_SECRET') ??
    settingText(baked, 'PINGONE_GATEWAY_CREDENTIAL_PARAMETER') ??
    '';
  const inArn = regionIn(id);
  if (inArn !== undefined && set !== '' && inArn !== set) {
    problems.push('PINGONE_CREDENTIAL_REGION contradicts the region in the ARN: leave it out.');
  }
  if (inArn === undefined && set === '' && id !== '') {
    problems.push(
      'PINGONE_CREDENTIAL_REGION is required: an edge function runs in many regions, its secret is in one.',
    );
  }
  return inArn ?? set;
}
