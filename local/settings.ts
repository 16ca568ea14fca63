/** What `npm start` reads from its environment: the port, whether a real PingOne is asked, and what the authorizer is given. */

export type Settings = {
  readonly port: number;
  /** Names under which the APIs may be called beside this machine's own, in lower case. */
  readonly hosts: readonly string[];
  /** The configured PingOne, or undefined where the embedded policy service stands in for it. */
  readonly pingOneUrl: string | undefined;
  /** Why the embedded service is used although something of PingOne's is configured. */
  readonly notice: string | undefined;
  /** Variables of the authorizer's that are handed on as they are. */
  readonly passedThrough: Readonly<Record<string, string>>;
};

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORT = 3000;
const CREDENTIALS = [
  'PINGONE_GATEWAY_CREDENTIAL',
  'PINGONE_GATEWAY_CREDENTIAL_SECRET',
  'PINGONE_GATEWAY_CREDENTIAL_PARAMETER',
];
const PINGONE_ONLY = new Set(['PINGONE_SERVICE_URL', 'PINGONE_CREDENTIAL_HEADER', ...CREDENTIALS]);
const PASSED =
  /^(PINGONE_|BREAKER_|OTEL_|DECISION_CACHE_|AUTHORIZER_DEADLINE_MS$|FAIL_CLOSED_AS$|FORWARD_HEADERS$|ON_UNAPPLIED_CHANGES$|DEBUG$|LOG_LEVEL$|METRICS)/;
/** Needed to read a credential from AWS, or to trust a private authority; a local function has neither of its own. */
const PASSED_TO_PINGONE =
  /^(AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|REGION|ENDPOINT_URL.*)|NODE_EXTRA_CA_CERTS)$/;

const portOf = (text: string | undefined): number => {
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535))
    throw new Error('PORT must be a whole number from 0 to 65535 (0 takes any free port): PORT=3100 npm start');
  return port;
};

const hostsOf = (text: string | undefined): readonly string[] => {
  const hosts = (text ?? '')
    .split(',')
    .map(host => host.trim().toLowerCase())
    .filter(host => host !== '');
  if (!hosts.every(host => /^[a-z0-9.-]+$/.test(host)))
    throw new Error(
      'LOCAL_HOSTS must be a comma list of host names without port: LOCAL_HOSTS=api.example.com npm start',
    );
  return hosts;
};

const noticeOf = (hasUrl: boolean, hasCredential: boolean): string | undefined => {
  if (hasUrl === hasCredential) return undefined;
  return hasUrl
    ? `PINGONE_SERVICE_URL is set but none of ${CREDENTIALS.join(', ')}: the embedded policy service is used`
    : 'a PingOne credential is set but not PINGONE_SERVICE_URL: the embedded policy service is used';
};

export const readSettings = (environment: Environment): Settings => {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== '';
  const hasUrl = isSet('PINGONE_SERVICE_URL');
  const hasCredential = CREDENTIALS.some(isSet);
  const real = hasUrl && hasCredential;
  const handedOn = Object.entries(environment).filter(
    ([name]) =>
      isSet(name) &&
      (real ? PASSED.test(name) || PASSED_TO_PINGONE.test(name) : PASSED.test(name) && !PINGONE_ONLY.has(name)),
  );
  return {
    port: portOf(environment['PORT']),
    hosts: hostsOf(environment['LOCAL_HOSTS']),
    pingOneUrl: real ? environment['PINGONE_SERVICE_URL'] : undefined,
    notice: noticeOf(hasUrl, hasCredential),
    passedThrough: Object.fromEntries(handedOn.map(([name, value]) => [name, value ?? ''])),
  };
};
