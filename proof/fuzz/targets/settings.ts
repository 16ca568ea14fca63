/** Target: any variables; a frozen configuration, or every problem in them, without their values. */
import { readdirSync, readFileSync } from 'node:fs';
import { createAuthorizer } from '../../../src/compose.ts';
import type { LoadedConfig } from '../../../src/config/configuration.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { ROWS } from '../../../src/config/variables.ts';
import { membersOf } from '../../../src/domain/json.ts';
import { loadEdgeConfig } from '../../../src/edge/settings.ts';
import { EDGE_ROWS } from '../../../src/edge/variables.ts';
import { contextOf } from '../../../test/contract/answers.ts';
import { restEvent } from '../../../test/support/events.ts';
import type { Target } from '../target.ts';
import { STILL_CLOCK } from './still-clock.ts';

type Variables = Readonly<Record<string, string>>;

/** Enough for each kind of function, so that every further problem is that of a further variable. */
const ENOUGH: Readonly<Record<'lambda' | 'edge', Variables>> = {
  lambda: { PINGONE_SERVICE_URL: 'https://h.example', PINGONE_GATEWAY_CREDENTIAL: 'c' },
  edge: {
    PINGONE_SERVICE_URL: 'https://h.example',
    PINGONE_GATEWAY_CREDENTIAL_SECRET: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:name-AbCdEf',
  },
};

/** Every row with its default. */
const DEFAULTS: Variables = Object.fromEntries(
  Object.entries({ ...ROWS, ...EDGE_ROWS }).flatMap(([name, { byDefault }]) => (byDefault ? [[name, byDefault]] : [])),
);

const inputOf = (where: 'lambda' | 'edge', variables: Variables) => ({
  where,
  variables: { ...ENOUGH[where], ...variables },
});

export const settingsTarget: Target = {
  name: 'settings',
  files: [
    'config/load-config.ts',
    'config/configuration.ts',
    'config/misnamed.ts',
    'config/parsers.ts',
    'config/platform.ts',
    'config/secret-references.ts',
    'config/variable-table.ts',
    'config/runtime.ts',
    'config/service-url.ts',
    'domain/token-shape.ts',
    'edge/variables.ts',
    'edge/settings-source.ts',
    'edge/settings.ts',
    'edge/refused-settings.ts',
  ],
  seeds: [
    inputOf('lambda', {}),
    inputOf('edge', {}),
    inputOf('lambda', DEFAULTS),
    inputOf('lambda', {
      SHADOW_SERVICE_URL: 'https://s.example/',
      SHADOW_GATEWAY_CREDENTIAL_PARAMETER: '/shadow/credential:3',
      TOKEN_GATE: 'signature',
      TOKEN_GATE_JWKS_URL: 'https://as.example/jwks',
      DECISION_CACHE_TTL_MS: '1000',
      NODE_OPTIONS: '--insecure-http-parser',
      AWS_LAMBDA_LOG_LEVEL: 'WARN',
      OTEL_SERVICE_NAME: 'x',
      BREAKER_RESET: '1',
    }),
    inputOf('edge', {
      SETTINGS_PARAMETER: '/edge/settings',
      PREFLIGHT: 'answer',
      CORS_ALLOWED_ORIGINS: 'https://app.example.com,http://localhost:3000',
      TRUSTED_IP_HEADER: 'X-Client-IP',
      PINGONE_CREDENTIAL_REGION: 'eu-west-1',
      AUTHORIZER_DEADLINE_MS: '29900',
    }),
  ],
  trials: Object.entries(DEFAULTS).flatMap(([name, value]) => [
    inputOf('lambda', { [name]: `${value}x` }),
    inputOf('edge', { [name]: value }),
  ]),
  words: [
    ...Object.keys(ROWS),
    ...Object.keys(EDGE_ROWS),
    ...Object.values(DEFAULTS),
    'lambda',
    'edge',
    'NODE_OPTIONS',
    'OTEL_SDK_DISABLED',
    'AWS_LAMBDA_LOG_LEVEL',
    'header:x-user',
    'sourceIp',
    'signature',
    'https://',
    'http://127.0.0.1:1/',
    'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.',
    'arn:aws:ssm:eu-west-1:123456789012:parameter/a/b',
    '{"credential":"x"}',
    '--insecure_http_parser',
    '1e3',
    'true',
  ],
  batch: 40,
  // Lambda takes 4 KB of variables.
  maxLength: 6000,
  run: input => {
    const { where, variables } = membersOf(input) ?? {};
    const texts = Object.fromEntries(
      Object.entries(membersOf(variables) ?? {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    );
    return where === 'edge' ? edgeProblems(texts) : lambdaProblems(texts);
  },
};

async function lambdaProblems(variables: Variables): Promise<readonly string[]> {
  const config = loadConfig(variables);
  return [
    ...configProblems(config, variables, single => loadConfig({ ...ENOUGH.lambda, ...single })),
    ...(config.valid ? [] : await answerProblem(config)),
  ];
}

function edgeProblems(variables: Variables): readonly string[] {
  const { config, gateway } = loadEdgeConfig(variables);
  return [
    ...configProblems(config, variables, single => loadEdgeConfig({ ...ENOUGH.edge, ...single }).config),
    ...(isFrozen(gateway) ? [] : ['settings of the edge that are not frozen']),
  ];
}

/** @param loadSingle loads one variable beside those that are enough. */
function configProblems(
  config: LoadedConfig,
  variables: Variables,
  loadSingle: (single: Variables) => LoadedConfig,
): readonly string[] {
  const problems = config.valid ? [] : config.problems;
  const missed = Object.entries(variables).filter(([name, value]) => {
    if (value === DEFAULTS[name]) return false;
    const alone = loadSingle({ [name]: value });
    // What contradicts another variable, or is needed because of one, is a problem of both.
    const own = (alone.valid ? [] : alone.problems).filter(
      problem => problem.startsWith(`${name} `) && !/contradict|is required/.test(problem),
    );
    return own.some(problem => !problems.includes(problem));
  });
  const texts = [...problems, ...config.warnings];
  const quoted = Object.values(variables).filter(
    value =>
      value.length > 5 &&
      !OUR_WORDS.includes(value) &&
      !(value in variables) &&
      texts.some(text => text.includes(value)),
  );
  return [
    ...(isFrozen(config) ? [] : ['a configuration that is not frozen']),
    ...(config.valid || problems.length > 0 ? [] : ['an invalid configuration without a problem']),
    ...missed.map(([name]) => `a problem of ${name} that is not named beside others`),
    ...(quoted.length > 0 ? ['a problem that quotes a value'] : []),
    ...(texts.every(text => !text.includes('\n')) ? [] : ['a problem of two lines']),
  ];
}

/** A value of no variable. */
const CANARY = '§';

/** What a problem may be made of, which a value may happen to be a part of: our code, and what it says of another value. */
const OUR_WORDS = [
  ...['config', 'edge'].flatMap(room => {
    const folder = new URL(`../../../src/${room}/`, import.meta.url);
    return readdirSync(folder).map(file => readFileSync(new URL(file, folder), 'utf8'));
  }),
  ...Object.keys({ ...ROWS, ...EDGE_ROWS }).flatMap(name => {
    const variables = { [name]: CANARY };
    return [loadConfig(variables), loadEdgeConfig(variables).config].flatMap(config =>
      config.valid ? [] : config.problems,
    );
  }),
].join('\n');

/** Deeply; a function is none of its business. */
function isFrozen(value: unknown): boolean {
  return (
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(part => isFrozen(part)))
  );
}

/** Every request is answered with CONFIG_INVALID, whatever else is wrong. */
async function answerProblem(config: LoadedConfig): Promise<readonly string[]> {
  const lines: string[] = [];
  try {
    const authorize = createAuthorizer(config, { clock: STILL_CLOCK, writeLine: line => lines.push(line) });
    const result = await authorize(restEvent());
    return contextOf({ result })['reasonCode'] === 'CONFIG_INVALID' ? [] : ['an answer by a wrong configuration'];
  } catch (error) {
    return String(error).startsWith('AuthorizerError: CONFIG_INVALID') ? [] : [`threw ${String(error)}`];
  }
}
