/** Rules of what an edge package may be made of. */
import { describe, expect, it } from 'vitest';
import { type BakedSettings, loadEdgeConfig, NOT_AT_THE_EDGE } from '../../src/edge/settings.ts';

const GOOD = {
  PINGONE_SERVICE_URL: 'https://http-access-api.pingone.eu/v1/environments/e1',
  PINGONE_GATEWAY_CREDENTIAL_SECRET: 'pingone/gateway-credential',
  PINGONE_CREDENTIAL_REGION: 'eu-west-1',
};
const { PINGONE_GATEWAY_CREDENTIAL_SECRET: _, ...OTHERS } = GOOD;
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJqdGkiOiJ4In0.c2ln';
const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:pingone-AbCdEf';

const problems = (settings: BakedSettings): readonly string[] => {
  const { config } = loadEdgeConfig(settings);
  return config.valid ? [] : config.problems;
};

describe('edge settings', () => {
  it('are the authorizer’s own rows, with a deadline inside CloudFront’s five seconds', () => {
    const { config, body } = loadEdgeConfig(GOOD);
    if (!config.valid) throw new Error(config.problems.join());
    expect(config.deadlineMs).toBe(4000);
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
      deadlineMs: 4000,
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
    ['a name that is none', { FOO: 'true' }, /^FOO is no setting: docs\/edge.md/],
    ['a misspelt name', { SENDBODY: 'true' }, /^SENDBODY is no setting: did you mean SEND_BODY\?/],
    ['a shortened name', { BREAKER_RESET: '1' }, /^BREAKER_RESET is no setting: did you mean BREAKER_RESET_MS\?/],
    ['a name that is another’s', { FORWARD_HEADER: 'x' }, /^FORWARD_HEADER is no setting: docs/],
    ['a name from the prototype', { constructor: 'x' }, /^constructor is no setting/],
    ['spans', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x' }, /^OTEL_EXPORTER_OTLP_ENDPOINT has no effect/],
    ['two credentials', { PINGONE_GATEWAY_CREDENTIAL_PARAMETER: '/p' }, /^Set only one of/],
    [
      'a pasted credential',
      { PINGONE_GATEWAY_CREDENTIAL_SECRET: 'eyJhbGciOiJSUzI1NiJ9.eyJqdGkiOiJ4In0.c2ln' },
      /holds a token/,
    ],
    ['a credential as a setting’s name', { [JWT]: 'x' }, /^A setting's name holds a token/],
    ['a credential in the service URL', { PINGONE_SERVICE_URL: `https://h.example/${JWT}` }, /holds a token/],
    ['a credential in the function’s name', { FUNCTION_NAME: JWT.split('.')[0] ?? '' }, /holds a token/],
    [
      'an ARN of the other store',
      { PINGONE_GATEWAY_CREDENTIAL_SECRET: ARN.replace('secretsmanager', 'ssm'), PINGONE_CREDENTIAL_REGION: '' },
      /other store/,
    ],
    ['a placeholder', { PINGONE_SERVICE_URL: 'https://h.example/v1/environments/<id>' }, /placeholder/],
  ])('are refused for %s', (_, change, problem) => {
    expect(problems({ ...GOOD, ...change })).toEqual([expect.stringMatching(problem)]);
  });

  it.each([
    ['as it is', JWT],
    ['with its scheme', `Bearer ${JWT}`],
    ['with white space', ` ${JWT}\n`],
    ['in JSON', `{"credential":"${JWT}"}`],
    ['in a name', `pingone/${JWT}`],
    ['in an ARN', `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${JWT}`],
    ['in base64 once more', Buffer.from(JWT).toString('base64url')],
    ['percent-encoded', JWT.replaceAll('.', '%2E')],
    ['cut off', JWT.slice(0, 24)],
    ['as a random key', '9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c'],
    ['as a random key in a name', 'pingone/q3Jf8sK2vLx0Zt7WbN5yRc1GhD9mPeUa4iToQ6Xw'],
    ['as JSON without a token', '{"credential":"abc"}'],
  ])('are refused for a credential %s where its name belongs, in either store, and never quote it', (_, value) => {
    for (const name of ['PINGONE_GATEWAY_CREDENTIAL_SECRET', 'PINGONE_GATEWAY_CREDENTIAL_PARAMETER']) {
      const said = problems({ ...OTHERS, [name]: value });
      expect(said).toEqual([expect.stringMatching(new RegExp(`^${name} holds (?:a token|JSON)`))]);
      expect(said.join()).not.toContain(value.trim());
    }
  });

  it.each(['MyStackSecretA1B2C3D4-xY3kP0mN8qRs', 'pingone-9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d', ARN])(
    'take %s for the name that it is',
    name => {
      const region = name === ARN ? {} : { PINGONE_CREDENTIAL_REGION: 'eu-west-1' };
      const { PINGONE_CREDENTIAL_REGION: _, ...others } = OTHERS;
      expect(problems({ ...others, ...region, PINGONE_GATEWAY_CREDENTIAL_SECRET: name })).toEqual([]);
    },
  );

  it.each(Object.keys(NOT_AT_THE_EDGE))('are refused for %s, with the reason and never the value', name => {
    const said = problems({ ...GOOD, [name]: 'canary-value' });
    expect(said.some(problem => problem.startsWith(`${name} `))).toBe(true);
    expect(said.join()).not.toContain('canary-value');
  });

  it('tell every problem at once', () => {
    expect(problems({ A: '1', SEND_BODY: 'x', PINGONE_RETRIES: '9' })).toHaveLength(5);
  });
});
