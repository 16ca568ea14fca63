/** Whether the gateway credential is there, and whether it is one for this Service URL. */
import type { AuthorizerConfig } from '../../src/config/configuration.ts';
import { type ServiceUrl, serviceUrl } from '../../src/config/service-url.ts';
import { fetchFrom } from '../../src/credential/secret-stores.ts';
import { credentialIn } from '../../src/credential/secret-text.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { AuthorizerError } from '../../src/domain/errors.ts';
import { claimsIn } from '../../src/domain/jwt-claims.ts';
import { type Finding, fail, ok, skipped, warn } from './finding.ts';

export interface Examined {
  readonly findings: readonly Finding[];
  /** Undefined if there is none. */
  readonly credential: string | undefined;
}

/** Fetches the credential as the function would, with the AWS identity of this process. */
export const findCredential = async (config: AuthorizerConfig, clock: Clock): Promise<Examined> => {
  const { credential: location } = config;
  if (location.store === 'environment') {
    return { findings: [ok('credential', 'in the settings themselves')], credential: location.value };
  }
  const started = clock.elapsed();
  const controller = new AbortController();
  const cancel = clock.after(config.deadlineMs, () => controller.abort());
  try {
    const credential = credentialIn(await fetchFrom[location.store](location.id, controller.signal));
    return {
      findings: [ok('credential', `read from ${STORES[location.store]}`, clock.elapsed() - started)],
      credential,
    };
  } catch (error) {
    const says = `${STORES[location.store]} gave none: ${causeOf(error)}`;
    return { findings: [fail('credential', says, remedyFor(causeOf(error)))], credential: undefined };
  } finally {
    cancel();
  }
};

/** What the credential says of itself, unverified: its type, its environment, its access URL and its age. */
export const judgeCredential = (credential: string, config: AuthorizerConfig, now: number): readonly Finding[] => {
  const expected = config.transport.serviceUrl;
  const environmentId = environmentOf(expected);
  const [claims] = IS_JWT.test(credential) ? claimsIn(credential) : [];
  if (claims === undefined) return [noToken(credential, environmentId), ...skipAll('the credential is no JWT')];
  const type = typeFinding(claims);
  if (type.verdict === 'fail') return [type, ...skipAll('the credential is not for an API gateway')];
  const environment = environmentFinding(claims, environmentId);
  const access =
    environment.verdict === 'fail'
      ? skipped('credential access URL', 'the credential is for another environment')
      : accessFinding(claims, expected);
  return [type, environment, access, ageFinding(claims, now)];
};

export const CREDENTIAL_CHECKS = [
  'credential type',
  'credential environment',
  'credential access URL',
  'credential age',
];

const STORES = { 'secrets-manager': 'Secrets Manager', 'parameter-store': 'Parameter Store' } as const;
const IS_JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const GATEWAY_TYPE = 'API_GATEWAY_INTEGRATION';
const DAY_MS = 86_400_000;
const OLD_DAYS = 365;
/** Two clocks that are kept by NTP differ by less. */
const SKEW_MS = 60_000;

/** The innermost error's name, or our own words: messages of others may hold what they should not. */
function causeOf(error: unknown): string {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause instanceof Error) innermost = innermost.cause;
  if (innermost instanceof AuthorizerError) return innermost.detail ?? innermost.code;
  return innermost instanceof Error ? innermost.name : 'unknown';
}

function remedyFor(cause: string): string {
  if (/NotFound/.test(cause)) return 'Correct the name or ARN, and the region (AWS_REGION or --region).';
  if (/AccessDenied|Decrypt|Kms/i.test(cause)) return 'Allow reading it and decrypting with its KMS key.';
  if (/CredentialsProvider|UnrecognizedClient|ExpiredToken|InvalidSignature/.test(cause)) {
    return 'Sign in to AWS first: this check reads the store as you.';
  }
  if (cause.startsWith('the secret')) return 'Store the credential alone, or JSON with the key "credential".';
  return 'Make the store reachable: region, network, VPC endpoint.';
}

function skipAll(why: string): readonly Finding[] {
  return CREDENTIAL_CHECKS.slice(1).map(check => skipped(check, why));
}

/** Of a Service URL of PingOne's, which ends in `/environments/<id>`; PingAuthorize's has none. */
function environmentOf({ pathname }: ServiceUrl): string | undefined {
  return /\/environments\/([^/]+)$/.exec(pathname)?.[1];
}

function noToken(credential: string, environmentId: string | undefined): Finding {
  if (environmentId === undefined)
    return skipped('credential type', 'no JWT, as a shared secret of PingAuthorize need not be');
  return IS_JWT.test(Buffer.from(credential, 'base64').toString('latin1').trim())
    ? fail('credential type', 'a JWT in base64 once more', 'Decode it: PingOne wants the JWT as it showed it.')
    : fail(
        'credential type',
        'no JWT',
        'Copy the whole credential that PingOne showed when you made it, or make another.',
      );
}

function typeFinding(claims: object): Finding {
  return claimOf(claims, 'gatewayType') === GATEWAY_TYPE
    ? ok('credential type', `for an API gateway${idOf(claims, 'gatewayId')}`)
    : fail(
        'credential type',
        `its gatewayType is not ${GATEWAY_TYPE}`,
        'Make the credential in PingOne under Authorization > API Gateways: other gateways have credentials of other types.',
      );
}

function idOf(claims: object, name: string): string {
  const id = claimOf(claims, name);
  return id === undefined || !/^[\w-]{1,64}$/.test(id) ? '' : ` (${name} ${id})`;
}

function environmentFinding(claims: object, expected: string | undefined): Finding {
  const id = claimOf(claims, 'environmentId');
  const check = 'credential environment';
  if (id === undefined) return skipped(check, 'the credential names none');
  if (expected === undefined) return skipped(check, 'the Service URL names none');
  return id === expected
    ? ok(check, `the Service URL's own (${expected})`)
    : fail(
        check,
        `another one than the Service URL's${idOf(claims, 'environmentId')}`,
        'Take Service URL and credential from the same API gateway in PingOne.',
      );
}

function accessFinding(claims: object, expected: ServiceUrl): Finding {
  const text = claimOf(claims, 'httpAccessApiUrl');
  const check = 'credential access URL';
  if (text === undefined) return skipped(check, 'the credential names none');
  return isSameUrl(text, expected)
    ? ok(check, 'equals the Service URL')
    : fail(check, 'not the Service URL', 'Copy the Service URL from the API gateway that the credential was made for.');
}

function isSameUrl(text: string, { origin, pathname }: ServiceUrl): boolean {
  try {
    const named = serviceUrl(text);
    return named.origin === origin && named.pathname === pathname;
  } catch {
    return false;
  }
}

function ageFinding(claims: object, now: number): Finding {
  const issued: unknown = Reflect.get(claims, 'iat');
  const check = 'credential age';
  if (typeof issued !== 'number') return skipped(check, 'the credential does not say when it was issued');
  const ms = now - issued * 1000;
  if (ms < -SKEW_MS) {
    return fail(check, 'issued in the future', 'Set the clock of this machine; if it is right, make a new credential.');
  }
  const days = Math.max(0, Math.floor(ms / DAY_MS));
  return days > OLD_DAYS
    ? warn(
        check,
        `issued ${days} days ago`,
        'Rotate it: make a second one, put it in the store, then delete the old one in PingOne.',
      )
    : ok(check, days === 0 ? 'issued today' : `issued ${days} days ago`);
}

function claimOf(claims: object, name: string): string | undefined {
  const value: unknown = Object.hasOwn(claims, name) ? Reflect.get(claims, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}
