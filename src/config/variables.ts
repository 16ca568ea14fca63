/** Every environment variable of ours: name, default, meaning, parser. `npm run fix` writes the table of docs/settings.md from these rows. */
import {
  cacheKeyParts,
  credentialHeader,
  flag,
  headerNames,
  integer,
  metricsNamespace,
  oneOf,
  type Parser,
  secretHeaderValue,
} from './parsers.ts';
import { parameterReference, secretReference } from './secret-references.ts';
import { keySetUrl, serviceUrl } from './service-url.ts';
import { optional, row, type ValuesOf } from './variable-table.ts';

const LONGEST_MS = 900_000;
const ms = (min = 1): Parser<number> => integer(min, LONGEST_MS);

export const ROWS = {
  PINGONE_SERVICE_URL: optional(
    'required',
    serviceUrl,
    'The Service URL of your API gateway in PingOne (Authorization > API Gateways). `https:` only; `http:` for loopback hosts alone. Without `/sideband`, which is added.',
  ),
  PINGONE_GATEWAY_CREDENTIAL: optional(
    'exactly one of these three',
    secretHeaderValue,
    'The gateway credential itself. Better kept in one of the two stores below.',
  ),
  PINGONE_GATEWAY_CREDENTIAL_SECRET: optional(
    '',
    secretReference,
    'Name or ARN of the Secrets Manager secret that holds it: plain string, or JSON with the key `credential`; white space and a byte order mark around either do no harm.',
  ),
  PINGONE_GATEWAY_CREDENTIAL_PARAMETER: optional(
    '',
    parameterReference,
    'Name or ARN of the SSM parameter (SecureString) that holds it.',
  ),
  PINGONE_CREDENTIAL_HEADER: row('CLIENT-TOKEN', credentialHeader, 'The header that carries the credential.'),
  PINGONE_CREDENTIAL_TTL_MS: row(
    '300000',
    integer(1, 86_400_000),
    'How long a fetched credential is used before it is fetched again.',
  ),
  PINGONE_CONNECT_TIMEOUT_MS: row('1000', ms(), 'TCP and TLS together.'),
  PINGONE_REQUEST_TIMEOUT_MS: row('3000', ms(), 'One attempt, from the first byte sent to the last byte of the reply.'),
  AUTHORIZER_DEADLINE_MS: row(
    '5000',
    ms(),
    'Everything together. Never more than the remaining Lambda time less a margin.',
  ),
  PINGONE_RETRIES: row(
    '1',
    integer(0, 2),
    'Extra attempts inside the deadline, after a failed connection or a 502, 503, 504; counted over the whole request, even if the credential is replaced.',
  ),
  PINGONE_MAX_SOCKETS: row('50', integer(1, 10_000), 'Size of the keep-alive pool.'),
  PINGONE_SOCKET_IDLE_MS: row('55000', ms(), 'An idle socket older than this is not used again.'),
  PINGONE_MAX_REPLY_BYTES: row(
    '1048576',
    integer(1, 104_857_600),
    'A larger reply is refused while it streams, never held whole.',
  ),
  PINGONE_REPLY_BINDING: row(
    'full',
    oneOf('full', 'request'),
    'How a permit is bound to its request: `full`, or `request` (method, origin and path alone) for a service that is seen to rewrite source address or port in its echo.',
  ),
  PINGONE_PREWARM: row('true', flag, 'Open the connection during init, beside the credential fetch.'),
  BREAKER_ENABLED: row('true', flag, 'The circuit breaker in front of PingOne.'),
  BREAKER_ERROR_THRESHOLD_PERCENT: row('50', integer(1, 100), 'It opens when at least this share of calls failed.'),
  BREAKER_VOLUME_THRESHOLD: row('3', integer(1, 100_000), 'Calls in the window before it may open.'),
  BREAKER_WINDOW_MS: row('30000', ms(10), 'The rolling window.'),
  BREAKER_RESET_MS: row(
    '5000',
    ms(),
    "It stays open this long (±20 %), then lets one probe through. Wall clock: a frozen environment's time counts.",
  ),
  FAIL_CLOSED_AS: row(
    'deny',
    oneOf('deny', 'error'),
    "`deny`: a Deny policy with context. `error`: throw, so that API Gateway answers 5xx. Only for outcomes that are not PingOne's own answer.",
  ),
  UNAUTHORIZED_AS: row(
    'throw',
    oneOf('throw', 'deny'),
    "What becomes of a 401 of PingOne's. `throw`: the client gets 401. `deny`: Deny with context, so that `wwwAuthenticate` reaches a gateway response.",
  ),
  RESPONSE_FORMAT: row('iam', oneOf('iam', 'simple'), '`simple` is for HTTP APIs with simple responses, payload 2.0.'),
  FORWARD_HEADERS: row(
    '',
    headerNames,
    'Comma list of headers whose final value, as the permit left them, is given to the backend as context keys `hdr_<name>`.',
  ),
  ON_UNAPPLIED_CHANGES: row(
    'ignore',
    oneOf('ignore', 'deny'),
    'A permit that changes what an authorizer cannot (query, body, other headers): `ignore` counts and logs it, `deny` refuses. One for another method, origin or path is refused either way.',
  ),
  DECISION_CACHE_TTL_MS: row('0', integer(0, 3_600_000), 'Opt-in cache of permits inside the environment. 0 is off.'),
  DECISION_CACHE_MAX_ENTRIES: row('1000', integer(1, 1_000_000), 'Most permits that the cache holds.'),
  DECISION_CACHE_KEY: row(
    'method,url,authorization',
    cacheKeyParts,
    'The request parts that make the key: those, `header:<name>`, `sourceIp`. Must name `authorization` or a `header:`. `authorization` is in the key even if it is not named.',
  ),
  TOKEN_GATE: row(
    'off',
    oneOf('off', 'shape', 'expiry', 'signature'),
    "Refuses worthless tokens before PingOne is asked, and permits nothing: `shape` wants exactly one bearer token that is a JWT, `expiry` also minds `exp` and `nbf` (60 s leeway), `signature` also verifies it against `TOKEN_GATE_JWKS_URL`. Refused is answered like a 401 of PingOne's.",
  ),
  TOKEN_GATE_JWKS_URL: optional(
    'empty',
    keySetUrl,
    'The JSON Web Key Set of the authorization server that issues the tokens. Required with `TOKEN_GATE=signature`, and not used otherwise; a wrong value is an error in either case. `https:` only; `http:` for loopback hosts alone.',
  ),
  SHADOW_SERVICE_URL: optional(
    'empty',
    serviceUrl,
    'The Service URL of a second PingOne or PingAuthorize that is asked the same after each answer, and never obeyed. Agreements, disagreements and failures are counted; disagreements are logged, and a failure when it begins.',
  ),
  SHADOW_GATEWAY_CREDENTIAL: optional(
    'with a shadow, one of these three',
    secretHeaderValue,
    "The shadow's own gateway credential, in the forms of PingOne's.",
  ),
  SHADOW_GATEWAY_CREDENTIAL_SECRET: optional('', secretReference, 'Name or ARN of the secret that holds it.'),
  SHADOW_GATEWAY_CREDENTIAL_PARAMETER: optional('', parameterReference, 'Name or ARN of the parameter that holds it.'),
  SHADOW_PERCENT: row('100', integer(0, 100), 'Of 100 requests, how many the shadow is asked about. 0 is off.'),
  DEBUG: row(
    'false',
    flag,
    '`true`: one redacted record of request, PingOne exchange and result per request: names of headers and parameters, the path as the route spells it, no values.',
  ),
  LOG_LEVEL: row('INFO', oneOf('DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'), 'Least level of the JSON lines on stdout.'),
  METRICS: row('emf', oneOf('emf', 'none'), 'CloudWatch metrics in the log lines, or none.'),
  METRICS_NAMESPACE: row('PingOneAuthorizer', metricsNamespace, 'The namespace of those metrics.'),
} as const;

/** Variable name -> its typed value; undefined if it is missing and has no default. */
export type Values = ValuesOf<typeof ROWS>;
