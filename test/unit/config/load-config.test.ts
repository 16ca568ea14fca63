/** Rules for the configuration: every variable, its default, and the effect of a wrong value. */
import { describe, expect, it } from 'vitest';
import type { AuthorizerConfig, Environment, LoadedConfig } from '../../../src/config/configuration.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { ROWS } from '../../../src/config/variables.ts';

const SECRET = 'canary-7f3a91';

const VALID = {
  PINGONE_SERVICE_URL: 'https://http-access-api.pingone.eu/v1/environments/e1',
  PINGONE_GATEWAY_CREDENTIAL: 'the-credential',
};

const valid = (environment: Environment = {}): AuthorizerConfig => {
  const config = loadConfig({ ...VALID, ...environment });
  if (!config.valid) throw new Error(`invalid: ${config.problems.join(' ')}`);
  return config;
};

const problemsOf = (config: LoadedConfig): readonly string[] => (config.valid ? [] : config.problems);

/** The documented defaults, written a second time by hand. */
const DEFAULTS = {
  credentialTtlMs: 300_000,
  transport: { credentialHeader: 'CLIENT-TOKEN', requestTimeoutMs: 3000, maxReplyBytes: 1_048_576 },
  pool: { maxSockets: 50, idleMs: 55_000, connectTimeoutMs: 1000 },
  prewarm: true,
  retries: 1,
  replyBinding: 'full',
  breaker: { errorThresholdPercent: 50, volumeThreshold: 3, windowMs: 30_000, resetMs: 5000 },
  cache: undefined,
  tokenGate: undefined,
  shadow: undefined,
  deadlineMs: 5000,
  onUnappliedChanges: 'ignore',
  answers: { failClosedAs: 'deny', unauthorizedAs: 'throw', responseFormat: 'iam', forwardHeaders: [] },
  debug: false,
  logLevel: 'INFO',
  metrics: 'emf',
  metricsNamespace: 'PingOneAuthorizer',
};

/** A wrong text for each variable. Each holds the canary, so that a leak shows. */
const WRONG: Readonly<Record<string, string>> = {
  PINGONE_SERVICE_URL: `ftp://${SECRET}.example`,
  PINGONE_GATEWAY_CREDENTIAL: `${SECRET}\r\nX: y`,
  PINGONE_GATEWAY_CREDENTIAL_SECRET: `${SECRET} with blanks`,
  PINGONE_GATEWAY_CREDENTIAL_PARAMETER: `${SECRET} with blanks`,
  PINGONE_CREDENTIAL_HEADER: `${SECRET}: x`,
  SHADOW_GATEWAY_CREDENTIAL: `${SECRET}\r\nX: y`,
  SHADOW_GATEWAY_CREDENTIAL_SECRET: `${SECRET} with blanks`,
  SHADOW_GATEWAY_CREDENTIAL_PARAMETER: `${SECRET} with blanks`,
  METRICS_NAMESPACE: `AWS/${SECRET}`,
};
const wrongFor = (name: string): string => WRONG[name] ?? `${SECRET};;`;

describe('a configuration with only the required variables', () => {
  it('is valid and has every documented default', () => {
    const config = valid();
    expect(config).toMatchObject(DEFAULTS);
    expect(config.transport.serviceUrl.origin + config.transport.serviceUrl.pathname).toBe(VALID.PINGONE_SERVICE_URL);
    expect(config.credential).toEqual({ store: 'environment', value: 'the-credential' });
  });

  it('has the cache’s defaults if only its time to live is set', () => {
    expect(valid({ DECISION_CACHE_TTL_MS: '1', FORWARD_HEADERS: 'X-A' }).cache).toEqual({
      ttlMs: 1,
      maxEntries: 1000,
      keyParts: ['method', 'url', 'authorization'],
      forwardHeaders: ['x-a'],
    });
  });

  it('has no breaker if the breaker is turned off', () => {
    expect(valid({ BREAKER_ENABLED: 'false' }).breaker).toBeUndefined();
  });

  it('is frozen, down to its lists', () => {
    const config = valid({ FORWARD_HEADERS: 'x-a', DECISION_CACHE_TTL_MS: '1' });
    const { answers, credential, platform, otel, transport, pool, breaker, cache } = config;
    const parts = [config, answers, credential, platform, otel, transport, pool, breaker, cache];
    for (const part of [...parts, transport.serviceUrl, answers.forwardHeaders, cache?.keyParts]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('treats an empty variable as missing', () => {
    const empty = Object.fromEntries(Object.keys(ROWS).map(name => [name, '']));
    expect(loadConfig({ ...empty, ...VALID })).toMatchObject(DEFAULTS);
  });
});

describe('a wrong value', () => {
  it.each(Object.keys(ROWS))('of %s is a problem that names the variable and never its value', name => {
    const problems = problemsOf(loadConfig({ ...VALID, [name]: wrongFor(name) }));
    expect(problems.filter(problem => problem.includes(name))).not.toEqual([]);
    expect(problems.join()).not.toContain(SECRET);
    // The sentence says which values are right, not only that one is wrong.
    for (const problem of problems) expect(problem).toMatch(/^[A-Z][\s\S]{15,}[.]$/);
  });

  it('does not hide another one: all problems are listed at once', () => {
    const names = Object.keys(ROWS);
    const problems = problemsOf(loadConfig(Object.fromEntries(names.map(name => [name, wrongFor(name)]))));
    for (const name of names) expect(problems.some(problem => problem.startsWith(`${name} `))).toBe(true);
    expect(problems.join()).not.toContain(SECRET);
  });

  it('is never coerced', () => {
    const wrong: readonly [string, string][] = [
      ['PINGONE_RETRIES', '1.0'],
      ['PINGONE_RETRIES', '1e0'],
      ['PINGONE_RETRIES', ' 1'],
      ['PINGONE_RETRIES', '0x1'],
      ['PINGONE_RETRIES', '-1'],
      ['PINGONE_RETRIES', '3'],
      ['PINGONE_RETRIES', '１'],
      ['DEBUG', 'TRUE'],
      ['DEBUG', '1'],
      ['DEBUG', 'yes'],
      ['LOG_LEVEL', 'info'],
      ['LOG_LEVEL', 'TRACE'],
      ['RESPONSE_FORMAT', 'IAM'],
      ['BREAKER_ERROR_THRESHOLD_PERCENT', '0'],
      ['BREAKER_ERROR_THRESHOLD_PERCENT', '101'],
      ['AUTHORIZER_DEADLINE_MS', '0'],
      ['AUTHORIZER_DEADLINE_MS', '99999999999'],
    ];
    for (const [name, text] of wrong) {
      expect([name, text, problemsOf(loadConfig({ ...VALID, [name]: text })).length]).toEqual([name, text, 1]);
    }
  });

  it('keeps the valid settings of the answer in force', () => {
    const config = loadConfig({
      RESPONSE_FORMAT: 'simple',
      FAIL_CLOSED_AS: 'error',
      UNAUTHORIZED_AS: 'deny',
      FORWARD_HEADERS: 'X-User',
      LOG_LEVEL: 'WARN',
      METRICS: 'none',
    });
    expect(config).toMatchObject({
      valid: false,
      logLevel: 'WARN',
      metrics: 'none',
      answers: { responseFormat: 'simple', failClosedAs: 'error', unauthorizedAs: 'deny', forwardHeaders: ['x-user'] },
    });
  });
});

describe("Node's own options", () => {
  it('are an error if they make the HTTP parser lenient, by variable or by command line', () => {
    for (const config of [
      loadConfig({ ...VALID, NODE_OPTIONS: '--insecure-http-parser' }),
      loadConfig(VALID, ['--insecure-http-parser']),
    ]) {
      expect(problemsOf(config)).toEqual([expect.stringContaining('NODE_OPTIONS')]);
    }
    expect(loadConfig({ ...VALID, NODE_OPTIONS: '--enable-source-maps' }).valid).toBe(true);
  });
});

describe('the service URL', () => {
  it('is required', () => {
    expect(problemsOf(loadConfig({ PINGONE_GATEWAY_CREDENTIAL: 'x' }))).toEqual(['PINGONE_SERVICE_URL is required.']);
  });

  it('may be http only for loopback hosts', () => {
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]', 'localhost:3000']) {
      expect(valid({ PINGONE_SERVICE_URL: `http://${host}/x` }).transport.serviceUrl.protocol).toBe('http:');
    }
    for (const host of [
      'example.org',
      'localhost.example.org',
      '127.0.0.1.example.org',
      '10.0.0.1',
      '[::2]',
      '0.0.0.0',
    ]) {
      expect(problemsOf(loadConfig({ ...VALID, PINGONE_SERVICE_URL: `http://${host}/` })).join()).toContain('https://');
    }
  });

  it('may end in slashes', () => {
    for (const slashes of ['', '/', '///']) {
      expect(valid({ PINGONE_SERVICE_URL: `https://h.example/v1${slashes}` }).transport.serviceUrl.pathname).toBe(
        '/v1',
      );
    }
  });

  it('may have the word sideband elsewhere in its path', () => {
    expect(valid({ PINGONE_SERVICE_URL: 'https://h.example/sideband/v1' }).transport.serviceUrl.pathname).toBe(
      '/sideband/v1',
    );
  });

  it('must not end in /sideband, and the message says so', () => {
    for (const tail of ['/sideband', '/sideband/', '/sideband/request', '/sideband/response/', '/Sideband/request']) {
      const problems = problemsOf(loadConfig({ ...VALID, PINGONE_SERVICE_URL: `https://h.example/v1${tail}` }));
      expect(problems.join()).toContain('leave out "/sideband"');
    }
  });

  it.each([
    'h.example',
    '//h.example',
    'https://',
    'https://user:pw@h.example',
    'https://h.example?x=1',
    'https://h.example#x',
    'https://h.example/?',
    'https:\\\\h.example',
    ' https://h.example',
    'https://h.example\n',
    'file:///etc/passwd',
    'javascript:alert(1)',
  ])('is refused as %j', url => {
    expect(problemsOf(loadConfig({ ...VALID, PINGONE_SERVICE_URL: url }))).toHaveLength(1);
  });
});

describe('the credential', () => {
  it('comes from exactly one place', () => {
    const { PINGONE_SERVICE_URL } = VALID;
    const names = [
      'PINGONE_GATEWAY_CREDENTIAL',
      'PINGONE_GATEWAY_CREDENTIAL_SECRET',
      'PINGONE_GATEWAY_CREDENTIAL_PARAMETER',
    ];
    const none = problemsOf(loadConfig({ PINGONE_SERVICE_URL }));
    expect(none).toHaveLength(1);
    for (const name of names) expect(none.join()).toContain(name);
    const all = problemsOf(loadConfig({ PINGONE_SERVICE_URL, ...Object.fromEntries(names.map(name => [name, 'x'])) }));
    expect(all.join()).toContain('only one of');
  });

  it('is located by the variable that is set', () => {
    const { PINGONE_SERVICE_URL } = VALID;
    const located = (name: string): unknown => {
      const config = loadConfig({ PINGONE_SERVICE_URL, [name]: '/a/b' });
      return config.valid ? config.credential : config.problems;
    };
    expect(located('PINGONE_GATEWAY_CREDENTIAL')).toEqual({ store: 'environment', value: '/a/b' });
    expect(located('PINGONE_GATEWAY_CREDENTIAL_SECRET')).toEqual({ store: 'secrets-manager', id: '/a/b' });
    expect(located('PINGONE_GATEWAY_CREDENTIAL_PARAMETER')).toEqual({ store: 'parameter-store', id: '/a/b' });
  });
});

describe('the token gate', () => {
  it('needs the URL of the keys for signatures alone', () => {
    expect(problemsOf(loadConfig({ ...VALID, TOKEN_GATE: 'signature' }))).toEqual([
      'TOKEN_GATE_JWKS_URL is required with TOKEN_GATE=signature.',
    ]);
    const jwksUrl = 'https://as.example/jwks?x=1';
    expect(valid({ TOKEN_GATE: 'signature', TOKEN_GATE_JWKS_URL: jwksUrl }).tokenGate).toEqual({
      check: 'signature',
      jwksUrl,
    });
    expect(valid({ TOKEN_GATE: 'expiry', TOKEN_GATE_JWKS_URL: jwksUrl }).tokenGate).toEqual({ check: 'expiry' });
    expect(valid({ TOKEN_GATE: 'off', TOKEN_GATE_JWKS_URL: jwksUrl }).tokenGate).toBeUndefined();
  });

  it.each([
    'http://as.example/jwks',
    'https://user:secret@as.example/',
    'https://as.example/#keys',
    'as.example/jwks',
    'https://<tenant>.example/jwks',
  ])('takes no keys from %s', url => {
    const config = loadConfig({ ...VALID, TOKEN_GATE: 'signature', TOKEN_GATE_JWKS_URL: url });
    expect(problemsOf(config)).toEqual([expect.stringMatching(/^TOKEN_GATE_JWKS_URL (?:must|still)/)]);
  });

  it('takes keys from a loopback host over http', () => {
    const url = 'http://127.0.0.1:1234/jwks';
    expect(valid({ TOKEN_GATE: 'signature', TOKEN_GATE_JWKS_URL: url }).tokenGate).toMatchObject({ jwksUrl: url });
  });
});

describe('the shadow', () => {
  const SHADOW = { SHADOW_SERVICE_URL: 'https://shadow.example/v1', SHADOW_GATEWAY_CREDENTIAL: 'other' };

  it('has a service and a credential of its own, and is asked about every request unless told otherwise', () => {
    expect(valid(SHADOW).shadow).toMatchObject({
      serviceUrl: { origin: 'https://shadow.example', pathname: '/v1' },
      credential: { store: 'environment', value: 'other' },
      percent: 100,
    });
    expect(valid({ ...SHADOW, SHADOW_PERCENT: '7' }).shadow).toMatchObject({ percent: 7 });
  });

  it('is off without a service, and with 0 percent', () => {
    expect(valid({ SHADOW_GATEWAY_CREDENTIAL: 'other', SHADOW_PERCENT: '50' }).shadow).toBeUndefined();
    expect(valid({ ...SHADOW, SHADOW_PERCENT: '0' }).shadow).toBeUndefined();
  });

  it('never borrows PingOne’s credential: it has exactly one', () => {
    const { SHADOW_SERVICE_URL } = SHADOW;
    expect(problemsOf(loadConfig({ ...VALID, SHADOW_SERVICE_URL }))).toEqual([
      expect.stringMatching(/^Set one of SHADOW_GATEWAY_CREDENTIAL, /),
    ]);
    expect(problemsOf(loadConfig({ ...VALID, ...SHADOW, SHADOW_GATEWAY_CREDENTIAL_SECRET: 's' }))).toEqual([
      expect.stringMatching(/^Set only one of SHADOW_GATEWAY_CREDENTIAL, SHADOW_GATEWAY_CREDENTIAL_SECRET:/),
    ]);
  });
});

describe('a variable of ours that does not exist', () => {
  it('is listed with the nearest one that exists, and has no effect', () => {
    const { warnings, ...config } = valid({ BREAKER_RESET: SECRET, PINGONE_TIMEOUT: '1', OTHER: 'x' });
    expect(warnings).toEqual([
      expect.stringMatching(/^BREAKER_RESET is no setting .*BREAKER_RESET_MS\?$/),
      expect.stringMatching(/^PINGONE_TIMEOUT is no setting /),
    ]);
    expect(warnings.join()).not.toContain(SECRET);
    expect(config).toMatchObject(DEFAULTS);
    expect(Object.isFrozen(warnings)).toBe(true);
    expect(valid().warnings).toEqual([]);
  });
});

describe('variables of other software', () => {
  it('are kept unchanged if they are OpenTelemetry’s, and left out otherwise', () => {
    expect(valid({ OTEL_SERVICE_NAME: 'x', OTHER: 'y' }).otel).toEqual({ OTEL_SERVICE_NAME: 'x' });
  });
});
