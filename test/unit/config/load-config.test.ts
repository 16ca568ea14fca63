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

/** The paths of all that is not frozen in a value. */
const thawed = (value: unknown, path = 'config'): readonly string[] =>
  typeof value !== 'object' || value === null
    ? []
    : [
        ...(Object.isFrozen(value) ? [] : [path]),
        ...Object.entries(value).flatMap(([name, part]) => thawed(part, `${path}.${name}`)),
      ];

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
  PINGONE_SERVICE_URL: `http://${SECRET}.example`,
  PINGONE_GATEWAY_CREDENTIAL: `${SECRET}\r\nX: y`,
  PINGONE_GATEWAY_CREDENTIAL_SECRET: `${SECRET} with blanks`,
  PINGONE_GATEWAY_CREDENTIAL_PARAMETER: `${SECRET} with blanks`,
  PINGONE_CREDENTIAL_HEADER: `${SECRET}: x`,
  TOKEN_GATE_JWKS_URL: `http://${SECRET}.example`,
  SHADOW_SERVICE_URL: `http://${SECRET}.example`,
  SHADOW_GATEWAY_CREDENTIAL: `${SECRET}\r\nX: y`,
  SHADOW_GATEWAY_CREDENTIAL_SECRET: `${SECRET} with blanks`,
  SHADOW_GATEWAY_CREDENTIAL_PARAMETER: `${SECRET} with blanks`,
  METRICS_NAMESPACE: `AWS/${SECRET}`,
};
const wrongFor = (name: string): string => WRONG[name] ?? `${SECRET};;`;

const NUMBER = 'must be a whole number from';
const FLAG = 'must be "true" or "false"';
const URL_TEXT = 'must begin with https:// (http:// is accepted for loopback hosts alone)';
const HEADER_VALUE = 'must be printable ASCII without white space at its ends';
const SECRET_TEXT = 'must be the name of a secret (1 to 512 letters, digits and "/_+=.@-") or its Secrets Manager ARN';
const PARAMETER_TEXT = 'must be the name of a parameter (letters, digits and "/_.-") or its SSM ARN';

/** What an operator reads of each wrong text, behind the variable's name. */
const SAID: Readonly<Record<keyof typeof ROWS, string>> = {
  PINGONE_SERVICE_URL: URL_TEXT,
  PINGONE_GATEWAY_CREDENTIAL: HEADER_VALUE,
  PINGONE_GATEWAY_CREDENTIAL_SECRET: SECRET_TEXT,
  PINGONE_GATEWAY_CREDENTIAL_PARAMETER: PARAMETER_TEXT,
  PINGONE_CREDENTIAL_HEADER: 'must be a header name',
  PINGONE_CREDENTIAL_TTL_MS: `${NUMBER} 1 to 86400000`,
  PINGONE_CONNECT_TIMEOUT_MS: `${NUMBER} 1 to 900000`,
  PINGONE_REQUEST_TIMEOUT_MS: `${NUMBER} 1 to 900000`,
  AUTHORIZER_DEADLINE_MS: `${NUMBER} 1 to 900000`,
  PINGONE_RETRIES: `${NUMBER} 0 to 2`,
  PINGONE_MAX_SOCKETS: `${NUMBER} 1 to 10000`,
  PINGONE_SOCKET_IDLE_MS: `${NUMBER} 1 to 900000`,
  PINGONE_MAX_REPLY_BYTES: `${NUMBER} 1 to 104857600`,
  PINGONE_REPLY_BINDING: 'must be "full" or "request"',
  PINGONE_PREWARM: FLAG,
  BREAKER_ENABLED: FLAG,
  BREAKER_ERROR_THRESHOLD_PERCENT: `${NUMBER} 1 to 100`,
  BREAKER_VOLUME_THRESHOLD: `${NUMBER} 1 to 100000`,
  BREAKER_WINDOW_MS: `${NUMBER} 10 to 900000`,
  BREAKER_RESET_MS: `${NUMBER} 1 to 900000`,
  FAIL_CLOSED_AS: 'must be "deny" or "error"',
  UNAUTHORIZED_AS: 'must be "throw" or "deny"',
  RESPONSE_FORMAT: 'must be "iam" or "simple"',
  FORWARD_HEADERS: 'must be a comma list of header names made of letters, digits, "-" and "_"',
  ON_UNAPPLIED_CHANGES: 'must be "ignore" or "deny"',
  DECISION_CACHE_TTL_MS: `${NUMBER} 0 to 3600000`,
  DECISION_CACHE_MAX_ENTRIES: `${NUMBER} 1 to 1000000`,
  DECISION_CACHE_KEY: 'must be "method" or "url" or "authorization" or "sourceIp"',
  TOKEN_GATE: 'must be "off" or "shape" or "expiry" or "signature"',
  TOKEN_GATE_JWKS_URL: URL_TEXT,
  SHADOW_SERVICE_URL: URL_TEXT,
  SHADOW_GATEWAY_CREDENTIAL: HEADER_VALUE,
  SHADOW_GATEWAY_CREDENTIAL_SECRET: SECRET_TEXT,
  SHADOW_GATEWAY_CREDENTIAL_PARAMETER: PARAMETER_TEXT,
  SHADOW_PERCENT: `${NUMBER} 0 to 100`,
  DEBUG: FLAG,
  LOG_LEVEL: 'must be "DEBUG" or "INFO" or "WARN" or "ERROR" or "SILENT"',
  METRICS: 'must be "emf" or "none"',
  METRICS_NAMESPACE: 'must be a CloudWatch namespace: 1 to 255 of letters, digits, ".-_/#: ", not starting with "AWS/"',
};

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
    const everything = {
      FORWARD_HEADERS: 'x-a',
      DECISION_CACHE_TTL_MS: '1',
      TOKEN_GATE: 'shape',
      SHADOW_SERVICE_URL: 'https://shadow.example',
      SHADOW_GATEWAY_CREDENTIAL: 'other',
    };
    const signature = { TOKEN_GATE: 'signature', TOKEN_GATE_JWKS_URL: 'https://as.example/jwks' };
    for (const config of [valid(everything), valid(signature)]) {
      expect(thawed(config)).toEqual([]);
    }
    expect(thawed(loadConfig({}))).toEqual([]);
  });

  it('treats an empty variable as missing', () => {
    const empty = Object.fromEntries(Object.keys(ROWS).map(name => [name, '']));
    expect(loadConfig({ ...empty, ...VALID })).toMatchObject(DEFAULTS);
  });
});

describe('a wrong value', () => {
  it.each(Object.entries(SAID))('of %s is a problem that says which values are right: %s', (name, said) => {
    const problems = problemsOf(loadConfig({ ...VALID, [name]: wrongFor(name) }));
    expect(problems.filter(problem => !problem.startsWith('Set '))).toEqual([`${name} ${said}.`]);
    expect(problems.join()).not.toContain(SECRET);
  });

  it('does not hide another one: all problems are listed at once', () => {
    const names = Object.keys(ROWS);
    const problems = problemsOf(loadConfig(Object.fromEntries(names.map(name => [name, wrongFor(name)]))));
    expect(problems).toEqual([
      ...Object.entries(SAID).map(([name, said]) => `${name} ${said}.`),
      'Set only one of PINGONE_GATEWAY_CREDENTIAL, PINGONE_GATEWAY_CREDENTIAL_SECRET, PINGONE_GATEWAY_CREDENTIAL_PARAMETER: they contradict each other.',
    ]);
    expect(Object.isFrozen(problems)).toBe(true);
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
    const list = names.join(', ');
    expect(problemsOf(loadConfig({ PINGONE_SERVICE_URL }))).toEqual([`Set one of ${list}: none is there.`]);
    const all = problemsOf(loadConfig({ PINGONE_SERVICE_URL, ...Object.fromEntries(names.map(name => [name, 'x'])) }));
    expect(all).toEqual([`Set only one of ${list}: they contradict each other.`]);
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
      'Set one of SHADOW_GATEWAY_CREDENTIAL, SHADOW_GATEWAY_CREDENTIAL_SECRET, SHADOW_GATEWAY_CREDENTIAL_PARAMETER: none is there.',
    ]);
    expect(problemsOf(loadConfig({ ...VALID, ...SHADOW, SHADOW_GATEWAY_CREDENTIAL_SECRET: 's' }))).toEqual([
      'Set only one of SHADOW_GATEWAY_CREDENTIAL, SHADOW_GATEWAY_CREDENTIAL_SECRET: they contradict each other.',
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
