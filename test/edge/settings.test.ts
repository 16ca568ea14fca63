/** Rules of what an edge package may be made of. */
import { describe, expect, it } from 'vitest';
import { NOT_AT_THE_EDGE } from '../../src/edge/refused-settings.ts';
import { type BakedSettings, loadEdgeConfig } from '../../src/edge/settings.ts';
import { regionIn } from '../../src/edge/settings-source.ts';
import { EDGE_ROWS } from '../../src/edge/variables.ts';
import { SETTINGS } from './permits.ts';

const GOOD = {
  PINGONE_SERVICE_URL: 'https://http-access-api.pingone.eu/v1/environments/e1',
  PINGONE_GATEWAY_CREDENTIAL_SECRET: 'pingone/gateway-credential',
  PINGONE_CREDENTIAL_REGION: 'eu-west-1',
};
const { PINGONE_GATEWAY_CREDENTIAL_SECRET: _, ...OTHERS } = GOOD;
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJqdGkiOiJ4In0.c2ln';
const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:pingone-AbCdEf';

const OPAQUE = '9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c';
const HELD = 'holds a token: a credential must not be in a package, name what holds it.';
const ANY_ORIGIN =
  'CORS_ALLOWED_ORIGINS must not hold "*": scripts of every page could then read what PingOne says of a user.';
const NO_ORIGIN =
  'CORS_ALLOWED_ORIGINS must be a comma list of exact origins as browsers send them: scheme and host in lower case, no path, no default port, https:// (http:// is accepted for loopback hosts alone).';
const FUNCTION_NAME = 'FUNCTION_NAME must be 1 to 64 letters, digits, "-" and "_".';

const problems = (settings: BakedSettings): readonly string[] => {
  const { config } = loadEdgeConfig(settings);
  return config.valid ? [] : config.problems;
};

describe('the region in an ARN', () => {
  it.each([
    [ARN, 'eu-central-1'],
    ['arn:aws-us-gov:ssm:us-gov-west-1:123456789012:parameter/pingone', 'us-gov-west-1'],
    ['arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:pingone', 'cn-north-1'],
    ['arn:aws:s3:eu-central-1:123456789012:pingone', undefined],
    ['arn:aws:secretsmanager::123456789012:secret:pingone', undefined],
    ['arn:aws:ssm:eu-west-1', undefined],
    ['not-an-arn:aws:ssm:eu-west-1:123456789012:parameter/pingone', undefined],
    ['pingone/gateway-credential', undefined],
  ])('%s is %s', (id, region) => {
    expect(regionIn(id)).toBe(region);
  });
});

describe('edge settings', () => {
  it('are the authorizer’s own rows, with a deadline inside CloudFront’s five seconds', () => {
    const { config, gateway, source } = loadEdgeConfig(GOOD);
    if (!config.valid) throw new Error(config.problems.join());
    expect(config.deadlineMs).toBe(4000);
    expect(config.credential).toEqual({
      store: 'secrets-manager',
      id: GOOD.PINGONE_GATEWAY_CREDENTIAL_SECRET,
      region: 'eu-west-1',
    });
    expect(config.platform.functionName).toBe('aws-lambda-edge');
    expect([gateway, source]).toEqual([SETTINGS, undefined]);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('take what is set', () => {
    const { config, gateway } = loadEdgeConfig({
      ...GOOD,
      SEND_BODY: 'true',
      ON_INCOMPLETE_BODY: 'omit',
      PREFLIGHT: 'pass',
      TRUSTED_IP_HEADER: 'True-Client-IP',
      FUNCTION_NAME: 'edge_1-a',
      PINGONE_CREDENTIAL_REGION: 'us-gov-west-1',
    });
    expect(config).toMatchObject({
      valid: true,
      credential: { region: 'us-gov-west-1' },
      platform: { functionName: 'edge_1-a' },
    });
    expect(gateway).toEqual({
      sendBody: true,
      onIncompleteBody: 'omit',
      preflight: 'pass',
      trustedIpHeader: 'true-client-ip',
      cors: { allowedOrigins: [], allowCredentials: false },
    });
  });

  it.each(Object.entries(EDGE_ROWS))('are explained in whole sentences: %s', (_, { meaning }) => {
    expect(meaning).toMatch(/^[A-Z].+\.$/);
  });

  it.each(Object.entries(EDGE_ROWS))('say what holds where nothing is set: %s', (_, { byDefault, shown }) => {
    expect(shown).toBe(byDefault === undefined ? 'off' : byDefault === '' ? 'empty' : `\`${byDefault}\``);
  });

  it('know the region from an ARN', () => {
    const { PINGONE_CREDENTIAL_REGION: _, ...others } = GOOD;
    const { config } = loadEdgeConfig({ ...others, PINGONE_GATEWAY_CREDENTIAL_SECRET: ARN });
    expect(config).toMatchObject({ valid: true, credential: { region: 'eu-central-1' } });
  });

  it('know the region of a parameter as of a secret', () => {
    const ofParameter = (id: string, region: string) =>
      loadEdgeConfig({
        PINGONE_SERVICE_URL: GOOD.PINGONE_SERVICE_URL,
        PINGONE_GATEWAY_CREDENTIAL_PARAMETER: id,
        PINGONE_CREDENTIAL_REGION: region,
      }).config;
    const arn = 'arn:aws:ssm:eu-central-1:123456789012:parameter/pingone';
    const credential = { store: 'parameter-store', id: arn, region: 'eu-central-1' };
    expect(ofParameter(arn, '')).toMatchObject({ valid: true, credential });
    expect(ofParameter('/pingone', '')).toMatchObject({
      problems: ['PINGONE_CREDENTIAL_REGION is required: an edge function runs in many regions, its secret is in one.'],
    });
  });

  it('warn of a deadline that only CloudFront’s newer pages allow, and take it', () => {
    const deadlineOf = (AUTHORIZER_DEADLINE_MS: string) => loadEdgeConfig({ ...GOOD, AUTHORIZER_DEADLINE_MS }).config;
    expect(deadlineOf('4800').warnings).toEqual([]);
    expect(deadlineOf('29800')).toMatchObject({
      valid: true,
      deadlineMs: 29_800,
      warnings: [
        "AUTHORIZER_DEADLINE_MS is above 4800: raise the function's timeout above it. By AWS's older pages CloudFront ends a viewer-request function after 5 s.",
      ],
    });
  });

  it('hold exact origins, each once, those of applications and of this machine too', () => {
    const CORS_ALLOWED_ORIGINS =
      'https://app.example, https://app.example:8443,https://app.example,http://localhost:5173,http://[::1]:1,capacitor://localhost,https://xn--bcher-kva.example';
    const { config, gateway } = loadEdgeConfig({ ...GOOD, CORS_ALLOWED_ORIGINS, CORS_ALLOW_CREDENTIALS: 'true' });
    expect(config.valid).toBe(true);
    expect(gateway.cors).toEqual({
      allowedOrigins: [
        'https://app.example',
        'https://app.example:8443',
        'http://localhost:5173',
        'http://[::1]:1',
        'capacitor://localhost',
        'https://xn--bcher-kva.example',
      ],
      allowCredentials: true,
    });
  });

  it.each([
    ...['https://app.example', 'https://app.example:8443', 'https://localhost', 'https://[::1]'],
    ...['http://localhost', 'http://localhost:5173', 'http://127.0.0.1', 'http://127.0.0.1:8080'],
    ...['http://[::1]', 'http://[::1]:1', 'capacitor://localhost', 'capacitor://localhost:8080', 'com.app-1+a://a.b'],
  ])('let scripts of %s be answered', origin => {
    const { config, gateway } = loadEdgeConfig({ ...GOOD, PREFLIGHT: 'answer', CORS_ALLOWED_ORIGINS: origin });
    expect(config).toMatchObject({ valid: true });
    expect(gateway).toMatchObject({ preflight: 'answer', cors: { allowedOrigins: [origin] } });
  });

  it('name the place of changeable settings, which is beside the credential unless its ARN says otherwise', () => {
    const sourceOf = (settings: BakedSettings) => loadEdgeConfig({ ...GOOD, ...settings }).source;
    expect(sourceOf({ SETTINGS_PARAMETER: '/pingone/edge' })).toEqual({
      store: 'parameter-store',
      id: '/pingone/edge',
      region: 'eu-west-1',
      ttlMs: 300_000,
    });
    expect(sourceOf({ SETTINGS_SECRET: ARN, SETTINGS_TTL_MS: '60000' })).toMatchObject({
      store: 'secrets-manager',
      region: 'eu-central-1',
      ttlMs: 60_000,
    });
  });

  it('take an empty value as a missing one', () => {
    expect(loadEdgeConfig({ ...GOOD, AUTHORIZER_DEADLINE_MS: '' }).config).toMatchObject({
      deadlineMs: 4000,
    });
  });

  it.each<[string, BakedSettings, string | RegExp]>([
    [
      'a missing region',
      { PINGONE_CREDENTIAL_REGION: '' },
      'PINGONE_CREDENTIAL_REGION is required: an edge function runs in many regions, its secret is in one.',
    ],
    [
      'two regions',
      { PINGONE_GATEWAY_CREDENTIAL_SECRET: ARN },
      'PINGONE_CREDENTIAL_REGION contradicts the region in the ARN: leave it out.',
    ],
    [
      'no region',
      { PINGONE_CREDENTIAL_REGION: 'Ireland' },
      'PINGONE_CREDENTIAL_REGION must be a region such as "eu-west-1".',
    ],
    [
      'a deadline that CloudFront cuts',
      { AUTHORIZER_DEADLINE_MS: '29801' },
      'AUTHORIZER_DEADLINE_MS must be at most 29800: CloudFront ends the function after 30 s.',
    ],
    ['a row of the authorizer’s', { PINGONE_RETRIES: 'many' }, /^PINGONE_RETRIES must be a whole number/],
    ['a row of the edge’s', { SEND_BODY: 'yes' }, /^SEND_BODY must be "true" or "false"/],
    ['a name that is none', { FOO: 'true' }, 'FOO is no setting: docs/edge.md has those that there are.'],
    [
      'a misspelt name',
      { SENDBODY: 'true' },
      'SENDBODY is no setting: did you mean SEND_BODY? docs/edge.md has those that there are.',
    ],
    [
      'a shortened name',
      { BREAKER_RESET: '1' },
      'BREAKER_RESET is no setting: did you mean BREAKER_RESET_MS? docs/edge.md has those that there are.',
    ],
    [
      'a name that is another’s',
      { FORWARD_HEADER: 'x' },
      'FORWARD_HEADER is no setting: docs/edge.md has those that there are.',
    ],
    [
      'a name from the prototype',
      { constructor: 'x' },
      'constructor is no setting: docs/edge.md has those that there are.',
    ],
    [
      'spans',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x' },
      'OTEL_EXPORTER_OTLP_ENDPOINT has no effect at the edge, where no spans are exported: leave it out.',
    ],
    ['two credentials', { PINGONE_GATEWAY_CREDENTIAL_PARAMETER: '/p' }, /^Set only one of/],
    [
      'a pasted credential',
      { PINGONE_GATEWAY_CREDENTIAL_SECRET: 'eyJhbGciOiJSUzI1NiJ9.eyJqdGkiOiJ4In0.c2ln' },
      /holds a token/,
    ],
    [
      'a credential as a setting’s name',
      { [JWT]: 'x' },
      "A setting's name holds a token: a credential must not be in a package.",
    ],
    [
      'a credential in the service URL',
      { PINGONE_SERVICE_URL: `https://h.example/${JWT}` },
      'PINGONE_SERVICE_URL holds a token: a credential must not be in a package, name what holds it.',
    ],
    [
      'a credential in the function’s name',
      { FUNCTION_NAME: JWT.split('.')[0] ?? '' },
      'FUNCTION_NAME holds a token: a credential must not be in a package, name what holds it.',
    ],
    [
      'an ARN of the other store',
      { PINGONE_GATEWAY_CREDENTIAL_SECRET: ARN.replace('secretsmanager', 'ssm'), PINGONE_CREDENTIAL_REGION: '' },
      /other store/,
    ],
    ['every origin', { CORS_ALLOWED_ORIGINS: '*' }, ANY_ORIGIN],
    ['an origin with a wildcard', { CORS_ALLOWED_ORIGINS: 'https://*.example.com' }, ANY_ORIGIN],
    ['an origin with a path', { CORS_ALLOWED_ORIGINS: 'https://app.example/' }, NO_ORIGIN],
    ['an origin with its default port', { CORS_ALLOWED_ORIGINS: 'https://app.example:443' }, NO_ORIGIN],
    ['an origin in capitals', { CORS_ALLOWED_ORIGINS: 'https://App.example' }, NO_ORIGIN],
    ['an origin that anybody can write', { CORS_ALLOWED_ORIGINS: 'null' }, NO_ORIGIN],
    ['an origin without TLS', { CORS_ALLOWED_ORIGINS: 'https://a.example,http://b.example' }, NO_ORIGIN],
    ['an empty origin', { CORS_ALLOWED_ORIGINS: 'https://a.example,' }, NO_ORIGIN],
    ['answers to no origin', { PREFLIGHT: 'answer' }, 'CORS_ALLOWED_ORIGINS is required with PREFLIGHT set to answer.'],
    ['a preflight that is permitted', { PREFLIGHT: 'permit' }, 'PREFLIGHT must be "ask" or "pass" or "answer".'],
    [
      'an address header that CloudFront hides',
      { TRUSTED_IP_HEADER: 'X-Real-IP' },
      'TRUSTED_IP_HEADER must be a header that CloudFront shows to functions.',
    ],
    ['an address header that is none', { TRUSTED_IP_HEADER: 'client ip' }, 'TRUSTED_IP_HEADER must be a header name.'],
    [
      'two places of settings',
      { SETTINGS_SECRET: 'a', SETTINGS_PARAMETER: '/b' },
      'Set only one of SETTINGS_PARAMETER, SETTINGS_SECRET: they contradict each other.',
    ],
    [
      'settings in the other store',
      { SETTINGS_PARAMETER: ARN },
      'SETTINGS_PARAMETER must be the name or the ARN of a parameter.',
    ],
    [
      'settings in a secret of no name',
      { SETTINGS_SECRET: 'a b' },
      'SETTINGS_SECRET must be the name or the ARN of a secret.',
    ],
    ['a random key for the place of settings', { SETTINGS_SECRET: OPAQUE }, `SETTINGS_SECRET ${HELD}`],
    ['a random key for the other place of settings', { SETTINGS_PARAMETER: OPAQUE }, `SETTINGS_PARAMETER ${HELD}`],
    ['a body setting that is none', { ON_INCOMPLETE_BODY: 'x' }, 'ON_INCOMPLETE_BODY must be "deny" or "omit".'],
    [
      'cookies that are neither sent nor not',
      { CORS_ALLOW_CREDENTIALS: 'x' },
      /^CORS_ALLOW_CREDENTIALS must be "true" or/,
    ],
    [
      'settings that are read too often',
      { SETTINGS_TTL_MS: '999' },
      /^SETTINGS_TTL_MS must be a whole number from 1000 to 86400000/,
    ],
    ['a function name of no letters', { FUNCTION_NAME: 'a b' }, FUNCTION_NAME],
    ['a function name that is too long', { FUNCTION_NAME: 'a'.repeat(65) }, FUNCTION_NAME],
    ...['x eu-west-1', 'eu-west-1 x', 'eu-west-12', 'eur-west-1', 'eu-1', 'eu-west1'].map(
      (region): [string, BakedSettings, RegExp] => [
        `the region ${region}`,
        { PINGONE_CREDENTIAL_REGION: region },
        /must be a region such as/,
      ],
    ),
    ...[
      'http://localhost.evil',
      'http://localhost:',
      'http://localhost:80',
      'http://127.0.0.2',
      'xhttp://[::1]',
      'ws://[::1]',
      'capacitor://a/b',
      'x capacitor://a',
      'capacitor://a:x',
      'Capacitor://a',
      'nullx://a',
      'app.example',
    ].map((origin): [string, BakedSettings, string] => [
      `the origin ${origin}`,
      { CORS_ALLOWED_ORIGINS: origin },
      NO_ORIGIN,
    ]),
    ['a placeholder', { PINGONE_SERVICE_URL: 'https://h.example/v1/environments/<id>' }, /placeholder/],
  ])('are refused for %s', (_, change, problem) => {
    expect(problems({ ...GOOD, ...change })).toEqual([
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    ]);
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
    expect(said.some(problem => new RegExp(`^${name} .+: (?:leave it out|name a secret .*)\\.$`).test(problem))).toBe(
      true,
    );
    expect(said.join()).not.toContain('canary-value');
  });

  it('tell every problem at once', () => {
    expect(problems({ A: '1', SEND_BODY: 'x', PINGONE_RETRIES: '9' })).toHaveLength(5);
  });
});
