/** Rules of what an edge package may be made of. */
import { describe, expect, it } from 'vitest';
import { type BakedSettings, loadEdgeConfig, NOT_AT_THE_EDGE } from '../../src/edge/settings.ts';

const GOOD = {
  PINGONE_SERVICE_URL: 'https://http-access-api.pingone.eu/v1/environments/e1',
  PINGONE_GATEWAY_CREDENTIAL_SECRET: 'pingone/gateway-credential',
  PINGONE_CREDENTIAL_REGION: 'eu-west-1',
};
const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:pingone-AbCdEf';

const problems = (settings: BakedSettings): readonly string[] => {
  const { config } = loadEdgeConfig(settings);
  return config.valid ? [] : config.problems;
};

describe('edge settings', () => {
  it('are the authorizer’s own rows, with a deadline inside CloudFront’s five seconds', () => {
    const { config, body } = loadEdgeConfig(GOOD);
    if (!config.valid) throw new Error(config.problems.join());
    expect(config.settings.AUTHORIZER_DEADLINE_MS).toBe(4000);
    expect(config.credential).toEqual({
      store: 'secrets-manager',
      id: GOOD.PINGONE_GATEWAY_CREDENTIAL_SECRET,
      region: 'eu-west-1',
    });
    expect(config.platform.functionName).toBe('aws-lambda-edge');
    expect(body).toEqual({ sendBody: false, onIncompleteBody: 'deny' });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('know the region from an ARN', () => {
    const { PINGONE_CREDENTIAL_REGION: _, ...others } = GOOD;
    const { config } = loadEdgeConfig({ ...others, PINGONE_GATEWAY_CREDENTIAL_SECRET: ARN });
    expect(config).toMatchObject({ valid: true, credential: { region: 'eu-central-1' } });
  });

  it('take an empty value as a missing one', () => {
    expect(loadEdgeConfig({ ...GOOD, AUTHORIZER_DEADLINE_MS: '' }).config).toMatchObject({
      settings: { AUTHORIZER_DEADLINE_MS: 4000 },
    });
  });

  it.each<[string, BakedSettings, RegExp]>([
    ['a missing region', { PINGONE_CREDENTIAL_REGION: '' }, /^PINGONE_CREDENTIAL_REGION is required/],
    ['two regions', { PINGONE_GATEWAY_CREDENTIAL_SECRET: ARN }, /^PINGONE_CREDENTIAL_REGION contradicts/],
    ['no region', { PINGONE_CREDENTIAL_REGION: 'Ireland' }, /^PINGONE_CREDENTIAL_REGION must be a region/],
    [
      'a deadline that CloudFront cuts',
      { AUTHORIZER_DEADLINE_MS: '4801' },
      /^AUTHORIZER_DEADLINE_MS must be at most 4800/,
    ],
    ['a row of the authorizer’s', { PINGONE_RETRIES: 'many' }, /^PINGONE_RETRIES must be a whole number/],
    ['a row of the edge’s', { SEND_BODY: 'yes' }, /^SEND_BODY must be "true" or "false"/],
    ['a name that is none', { SENDBODY: 'true' }, /^SENDBODY is no setting/],
    ['a name from the prototype', { constructor: 'x' }, /^constructor is no setting/],
    ['spans', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x' }, /^OTEL_EXPORTER_OTLP_ENDPOINT has no effect/],
    ['two credentials', { PINGONE_GATEWAY_CREDENTIAL_PARAMETER: '/p' }, /^Set only one of/],
    [
      'a pasted credential',
      { PINGONE_GATEWAY_CREDENTIAL_SECRET: 'eyJhbGciOiJSUzI1NiJ9.eyJqdGkiOiJ4In0.c2ln' },
      /holds a token/,
    ],
  ])('are refused for %s', (_, change, problem) => {
    expect(problems({ ...GOOD, ...change })).toEqual([expect.stringMatching(problem)]);
  });

  it.each(Object.keys(NOT_AT_THE_EDGE))('are refused for %s, with the reason and never the value', name => {
    const said = problems({ ...GOOD, [name]: 'canary-value' });
    expect(said.some(problem => problem.startsWith(`${name} `))).toBe(true);
    expect(said.join()).not.toContain('canary-value');
  });

  it('tell every problem at once', () => {
    expect(problems({ A: '1', SEND_BODY: 'x', PINGONE_RETRIES: '9' })).toHaveLength(5);
  });
});
