/** What an environment is set to, drawn by chance. */
import { loadConfig } from '../../src/config/load-config.ts';
import { drawn } from './chance.ts';
import type { World } from './world.ts';

export interface Settings {
  /** Invocations at once: more than one on managed instances. */
  readonly concurrency: number;
  readonly cacheTtlMs: number;
  readonly deadlineMs: number;
  readonly retries: number;
  /** In a secret store, or in the environment variable itself. */
  readonly credential: 'stored' | 'fixed';
  readonly gate: 'off' | 'shape' | 'expiry';
  readonly shadow: boolean;
}

/** The credential that is there from the beginning, and the only one if it is fixed. */
export const FIRST_CREDENTIAL = 'credential-1';
export const SHADOW_CREDENTIAL = 'shadow-credential';

/** How long a breaker stays open, without its jitter of 20 %. */
export const RESET_MS = 5000;

export const settingsOf = ({ random }: World): Settings => ({
  concurrency: drawn(random, [
    [3, 1],
    [2, 6],
  ] as const),
  cacheTtlMs: drawn(random, [
    [3, 0],
    [1, 5000],
  ] as const),
  deadlineMs: drawn(random, [
    [3, 5000],
    [1, 1200],
  ] as const),
  retries: drawn(random, [
    [3, 1],
    [1, 0],
    [1, 2],
  ] as const),
  credential: drawn(random, [
    [4, 'stored'],
    [1, 'fixed'],
  ] as const),
  gate: drawn(random, [
    [3, 'off'],
    [1, 'shape'],
    [1, 'expiry'],
  ] as const),
  shadow: drawn(random, [
    [3, false],
    [1, true],
  ] as const),
});

/** The configuration that these settings are in an environment's variables. */
export const configOf = (settings: Settings) =>
  loadConfig({
    PINGONE_SERVICE_URL: 'https://pingone.example/v1/environments/e1',
    ...(settings.credential === 'fixed'
      ? { PINGONE_GATEWAY_CREDENTIAL: FIRST_CREDENTIAL }
      : { PINGONE_GATEWAY_CREDENTIAL_SECRET: 'credential' }),
    PINGONE_CREDENTIAL_TTL_MS: '60000',
    PINGONE_PREWARM: 'false',
    AUTHORIZER_DEADLINE_MS: String(settings.deadlineMs),
    BREAKER_RESET_MS: String(RESET_MS),
    PINGONE_RETRIES: String(settings.retries),
    DECISION_CACHE_TTL_MS: String(settings.cacheTtlMs),
    TOKEN_GATE: settings.gate,
    UNAUTHORIZED_AS: 'deny',
    FORWARD_HEADERS: 'x-mark',
    METRICS: 'none',
    ...(settings.concurrency > 1 ? { AWS_LAMBDA_MAX_CONCURRENCY: String(settings.concurrency) } : {}),
    ...(settings.shadow
      ? { SHADOW_SERVICE_URL: 'https://shadow.example/', SHADOW_GATEWAY_CREDENTIAL: SHADOW_CREDENTIAL }
      : {}),
  });
