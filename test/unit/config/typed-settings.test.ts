/** Rules for the typed object: it stands for the same variables. */
import { describe, expect, it } from 'vitest';
import { loadConfig, loadSettings } from '../../../src/config/load-config.ts';
import { type AuthorizerSettings, environmentOf } from '../../../src/config/typed-settings.ts';
import { ROWS } from '../../../src/config/variables.ts';

const REQUIRED = { serviceUrl: 'https://h.example/v1', gatewayCredential: 'the-credential' };

/** Every setting, each with a value that is not its default. */
const ALL: AuthorizerSettings = {
  ...REQUIRED,
  credentialHeader: 'X-Credential',
  credentialTtlMs: 1001,
  deadlineMs: 1002,
  connectTimeoutMs: 1003,
  requestTimeoutMs: 1004,
  retries: 2,
  maxSockets: 7,
  socketIdleMs: 1005,
  maxReplyBytes: 1006,
  replyBinding: 'request',
  prewarm: false,
  breaker: { errorThresholdPercent: 51, volumeThreshold: 8, windowMs: 1007, resetMs: 1008 },
  cache: { ttlMs: 1009, maxEntries: 9, key: ['url', 'header:x-key'] },
  tokenGate: { check: 'signature', jwksUrl: 'https://as.example/jwks' },
  shadow: { serviceUrl: 'https://shadow.example/v1', gatewayCredential: 'other', percent: 5 },
  failClosedAs: 'error',
  unauthorizedAs: 'deny',
  responseFormat: 'simple',
  forwardHeaders: ['x-a', 'x-b'],
  onUnappliedChanges: 'deny',
  debug: true,
  logLevel: 'ERROR',
  metrics: 'none',
  metricsNamespace: 'Mine',
};

/** The settings that exclude each other: the other forms of the credential, and a breaker that is off. */
const SHADOW_URL = 'https://shadow.example';
const OTHER_FORMS = environmentOf({
  ...REQUIRED,
  gatewayCredential: { secret: 's' },
  breaker: false,
  shadow: { serviceUrl: SHADOW_URL, gatewayCredential: { secret: 's' } },
});
const PARAMETER = environmentOf({
  ...REQUIRED,
  gatewayCredential: { parameter: '/p' },
  shadow: { serviceUrl: SHADOW_URL, gatewayCredential: { parameter: '/p' } },
});

describe('a typed object', () => {
  it('can set every variable, and nothing else', () => {
    const names = [ALL, { ...REQUIRED }].flatMap(settings => Object.keys(environmentOf(settings)));
    const spelt = new Set([...names, ...Object.keys(OTHER_FORMS), ...Object.keys(PARAMETER)]);
    expect([...spelt].sort()).toEqual(Object.keys(ROWS).sort());
  });

  it('gives the same configuration as its variables', () => {
    const { platform: _, ...typed } = loadSettings(ALL);
    const { platform: __, ...variables } = loadConfig(environmentOf(ALL));
    expect(typed).toEqual(variables);
    expect(typed).toMatchObject({ valid: true, deadlineMs: 1002, cache: { keyParts: ['url', 'header:x-key'] } });
  });

  it('has the same defaults', () => {
    expect(environmentOf(REQUIRED)).toEqual({
      PINGONE_SERVICE_URL: 'https://h.example/v1',
      PINGONE_GATEWAY_CREDENTIAL: 'the-credential',
    });
  });

  it('gives the credential in one of three ways, and can turn the breaker off', () => {
    expect(OTHER_FORMS).toMatchObject({ PINGONE_GATEWAY_CREDENTIAL_SECRET: 's', BREAKER_ENABLED: 'false' });
    expect(PARAMETER).toMatchObject({ PINGONE_GATEWAY_CREDENTIAL_PARAMETER: '/p' });
  });

  it('is checked by the same rules, whose problems name the variable', () => {
    const config = loadSettings({ ...REQUIRED, retries: 3, deadlineMs: 0.5 });
    expect(config).toMatchObject({
      valid: false,
      problems: [expect.stringMatching(/^AUTHORIZER_DEADLINE_MS must/), expect.stringMatching(/^PINGONE_RETRIES must/)],
    });
  });

  it('reads only the variables of Lambda, Node and OpenTelemetry from the environment', () => {
    const config = loadSettings(REQUIRED, {
      AWS_LAMBDA_FUNCTION_NAME: 'fn',
      OTEL_SERVICE_NAME: 'service',
      PINGONE_RETRIES: '2',
      PINGONE_GATEWAY_CREDENTIAL_SECRET: 'other',
    });
    expect(config).toMatchObject({
      valid: true,
      retries: 1,
      platform: { functionName: 'fn' },
      otel: { OTEL_SERVICE_NAME: 'service' },
      warnings: [],
    });
  });
});
