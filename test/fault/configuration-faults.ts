/** What goes wrong with the environment variables: named at init, never guessed, every request refused. */
import type { Fault } from './fault.ts';

const wrong = (title: string, env: Readonly<Record<string, string>>, more: Partial<Fault> = {}): Fault => ({
  title: `the configuration: ${title}`,
  line: 'configuration',
  env,
  gets: 'CONFIG_INVALID',
  status: 500,
  bound: 'at once',
  attempts: 0,
  sockets: 0,
  next: 'CONFIG_INVALID',
  ...more,
});

const WRONG_VALUES: Readonly<Record<string, string>> = {
  PINGONE_SERVICE_URL: 'http://pdp.example.org/v1',
  PINGONE_CREDENTIAL_HEADER: 'no header',
  PINGONE_CREDENTIAL_TTL_MS: '0',
  PINGONE_CONNECT_TIMEOUT_MS: '-1',
  PINGONE_REQUEST_TIMEOUT_MS: '3s',
  AUTHORIZER_DEADLINE_MS: 'NaN',
  PINGONE_RETRIES: '3',
  PINGONE_MAX_SOCKETS: '0',
  PINGONE_SOCKET_IDLE_MS: '1.5',
  PINGONE_MAX_REPLY_BYTES: '1MB',
  PINGONE_REPLY_BINDING: 'none',
  PINGONE_PREWARM: 'yes',
  BREAKER_ENABLED: '1',
  BREAKER_ERROR_THRESHOLD_PERCENT: '101',
  BREAKER_VOLUME_THRESHOLD: '0',
  BREAKER_WINDOW_MS: '1e4',
  BREAKER_RESET_MS: ' 5000',
  FAIL_CLOSED_AS: 'permit',
  UNAUTHORIZED_AS: 'allow',
  RESPONSE_FORMAT: 'SIMPLE',
  FORWARD_HEADERS: 'a b',
  ON_UNAPPLIED_CHANGES: 'true',
  DECISION_CACHE_TTL_MS: '-5',
  DECISION_CACHE_KEY: 'method,url',
  DEBUG: 'TRUE',
  LOG_LEVEL: 'VERBOSE',
  METRICS: 'cloudwatch',
  METRICS_NAMESPACE: 'AWS/Lambda',
};

export const CONFIGURATION_FAULTS: readonly Fault[] = [
  ...Object.entries(WRONG_VALUES).map(([name, value]) => wrong(`a wrong ${name}`, { [name]: value })),
  wrong('no service URL', { PINGONE_SERVICE_URL: '' }),
  wrong('a service URL that ends in /sideband', { PINGONE_SERVICE_URL: 'https://pdp.example.org/v1/sideband' }),
  wrong('a token where the secret’s name belongs', {
    PINGONE_GATEWAY_CREDENTIAL: '',
    PINGONE_GATEWAY_CREDENTIAL_SECRET: 'eyJhbGciOiJSUzI1NiJ9.eyJqdGkiOiJ4In0.c2ln',
  }),
  wrong('an ARN of the other store', {
    PINGONE_GATEWAY_CREDENTIAL: '',
    PINGONE_GATEWAY_CREDENTIAL_PARAMETER: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x',
  }),
  wrong('a placeholder in the service URL', { PINGONE_SERVICE_URL: 'https://pdp.example.org/v1/environments/<id>' }),
  wrong('no credential', { PINGONE_GATEWAY_CREDENTIAL: '' }),
  wrong('two credentials', { PINGONE_GATEWAY_CREDENTIAL_SECRET: 'name' }),
  wrong('a lenient HTTP parser', { NODE_OPTIONS: '--insecure-http-parser' }),
  wrong('FAIL_CLOSED_AS=error beside it', { PINGONE_RETRIES: 'x', FAIL_CLOSED_AS: 'error' }, { thrown: true }),
];
