/** Faults planted in a set-up, each with the one line of `doctor` that it must give. */
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { startFakeSecretStores } from '../support/fake-secret-stores.ts';
import type { SecretFault } from '../support/secret-store-answers.ts';
import { type TlsMaterials, tlsMaterials } from '../support/tls.ts';
import { functionWith, startFakeAws, uriOf } from './aws.ts';
import type { Variables } from './command.ts';
import { CHALLENGE, credentialFor, settingsFor, startPdp, startService, startServiceWithClock } from './services.ts';

export interface Planted {
  readonly env: Variables;
  readonly args?: readonly string[];
}

/** `[what is wrong, the check that finds it, its words, the set-up]` */
export type PlantedFault = readonly [title: string, check: string, says: RegExp, plant: () => Promise<Planted>];

export const PROBE = ['--url', 'https://api.example.com/dev/orders/7'];

/** A sound set-up with other variables in it. */
const withVariables = (changes: Variables) => async (): Promise<Planted> => {
  const { serviceUrl, credential } = await startService();
  return { env: { ...settingsFor(serviceUrl, credential), ...changes } };
};

const withClaims = (claims: object) => async (): Promise<Planted> => {
  const { serviceUrl } = await startService();
  return { env: settingsFor(serviceUrl, credentialFor(serviceUrl, claims)) };
};

const withSecret =
  (fault: SecretFault | undefined, secret = '') =>
  async (): Promise<Planted> => {
    const { serviceUrl } = await startService();
    const stores = await startFakeSecretStores();
    onTestFinished(() => stores.close());
    stores.put('secretsmanager', 'pingone', secret);
    stores.otherwise(fault);
    const { PINGONE_GATEWAY_CREDENTIAL: _, ...settings } = settingsFor(serviceUrl);
    const own = { PINGONE_GATEWAY_CREDENTIAL_SECRET: 'pingone', AUTHORIZER_DEADLINE_MS: '2000' };
    return { env: { ...settings, ...own, ...stores.environment } };
  };

const atPort = async (port: number): Promise<Planted> => ({
  env: settingsFor(`https://localhost:${port}/v1/environments/e1`),
});

/** A port on which something else than TLS is spoken. */
const plainPort = async (): Promise<Planted> => {
  const { port } = await startPdp({ otherwise: CHALLENGE });
  return atPort(port);
};

const closedPort = async (): Promise<Planted> => {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  return atPort(typeof address === 'object' ? (address?.port ?? 0) : 0);
};

const withCertificate = (kind: Exclude<keyof TlsMaterials, 'caPem' | 'caFile'>) => async (): Promise<Planted> => {
  const { url } = await startPdp({ tls: tlsMaterials[kind], host: 'localhost', otherwise: CHALLENGE });
  return { env: { ...settingsFor(url), NODE_EXTRA_CA_CERTS: tlsMaterials.caFile } };
};

const oldTls = async (): Promise<Planted> => {
  const tls = { ...tlsMaterials.good, version: 'TLSv1.1' } as const;
  const { url } = await startPdp({ tls, host: 'localhost', otherwise: CHALLENGE });
  return { env: { ...settingsFor(url), NODE_EXTRA_CA_CERTS: tlsMaterials.caFile } };
};

const silentPort = async (): Promise<Planted> => {
  const stall = { kind: 'stallConnect' } as const;
  const { url } = await startPdp({ tls: tlsMaterials.good, host: 'localhost', connectionScript: [stall, stall] });
  return { env: { ...settingsFor(url), PINGONE_CONNECT_TIMEOUT_MS: '300' } };
};

const withAnswer = (otherwise: Behaviour) => async (): Promise<Planted> => {
  const { url } = await startPdp({ otherwise });
  return { env: settingsFor(url) };
};

const inMode =
  (mode: Parameters<Awaited<ReturnType<typeof startService>>['setMode']>[0], changes: Variables = {}) =>
  async (): Promise<Planted> => {
    const service = await startService();
    await service.setMode(mode);
    return { env: { ...settingsFor(service.serviceUrl, service.credential), ...changes } };
  };

const withFunction =
  (changes: object, name = 'authorizer') =>
  async (): Promise<Planted> => {
    const { serviceUrl, credential } = await startService();
    const env = await startFakeAws({ function: functionWith(settingsFor(serviceUrl, credential), changes) });
    return { env, args: ['--function', name, ...PROBE] };
  };

const REST = { name: 'pingone', type: 'REQUEST', authorizerUri: uriOf(), authorizerResultTtlInSeconds: 0 };
const HTTP = {
  name: 'pingone',
  authorizerType: 'REQUEST',
  authorizerUri: uriOf(),
  authorizerPayloadFormatVersion: '2.0',
};

const withApi =
  (kind: 'rest' | 'http', authorizer: object, changes: Variables = {}, name = 'authorizer') =>
  async (): Promise<Planted> => {
    const { serviceUrl, credential } = await startService();
    const variables = { ...settingsFor(serviceUrl, credential), ...changes };
    const env = await startFakeAws({ function: functionWith(variables), [kind]: [authorizer] });
    return { env, args: ['--function', name, `--${kind}-api`, `${kind}1`, ...PROBE] };
  };

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What a set-up is without any of them. */
export const sound = {
  embedded: withVariables({}),
  tls: withCertificate('good'),
  rest: withApi('rest', REST),
  alias: withApi('rest', { ...REST, authorizerUri: uriOf(':live') }, {}, 'authorizer:live'),
  http: withApi('http', { ...HTTP, enableSimpleResponses: true }, { RESPONSE_FORMAT: 'simple' }),
};

/** The API calls one version of the function, and another is looked at. */
export const otherVersion = {
  alias: withApi('rest', { ...REST, authorizerUri: uriOf(':live') }),
  latest: withApi('rest', REST, {}, 'authorizer:live'),
};

export const PLANTED: readonly PlantedFault[] = [
  ['no Service URL', 'settings', /PINGONE_SERVICE_URL is required/, withVariables({ PINGONE_SERVICE_URL: '' })],
  ['two credentials', 'settings', /only one of/, withVariables({ PINGONE_GATEWAY_CREDENTIAL_SECRET: 'pingone' })],
  ['a time with a unit', 'settings', /BREAKER_RESET_MS must be a whole/, withVariables({ BREAKER_RESET_MS: '5s' })],
  ['a secret that is not there', 'credential', /ResourceNotFoundException/, withSecret({ kind: 'notFound' })],
  ['a secret that may not be read', 'credential', /AccessDeniedException/, withSecret({ kind: 'accessDenied' })],
  ['a secret that is other JSON', 'credential', /without a string/, withSecret(undefined, '{"token":"x"}')],
  ['a secret store that hangs', 'credential', /Secrets Manager gave none/, withSecret({ kind: 'hang' })],
  [
    'a credential that is cut off',
    'credential type',
    /^no JWT$/,
    withVariables({ PINGONE_GATEWAY_CREDENTIAL: 'eyJhb' }),
  ],
  [
    'a credential in base64 once more',
    'credential type',
    /base64 once more/,
    withVariables({ PINGONE_GATEWAY_CREDENTIAL: base64(credentialFor('https://h.example/v1/environments/e1')) }),
  ],
  [
    'a credential for another kind of gateway',
    'credential type',
    /gatewayType/,
    withClaims({ gatewayType: 'AUTHORIZE' }),
  ],
  [
    'a credential of another environment',
    'credential environment',
    /environmentId other-1/,
    withClaims({ environmentId: 'other-1', httpAccessApiUrl: 'https://h.example/v1/environments/other-1' }),
  ],
  [
    'a credential for another region',
    'credential access URL',
    /not the Service URL/,
    withClaims({ httpAccessApiUrl: 'https://http-access-api.pingone.eu/v1/environments/demo' }),
  ],
  ['a credential of tomorrow', 'credential age', /in the future/, withClaims({ iat: Date.now() / 1000 + 86_400 })],
  [
    'a host that does not exist',
    'DNS',
    /no address: E/,
    async () => ({ env: settingsFor('https://nowhere.invalid/v1/environments/e1') }),
  ],
  ['a closed port', 'TCP', /ECONNREFUSED/, closedPort],
  ['a port without TLS', 'TLS handshake', /did not succeed/, plainPort],
  ['a service that speaks TLS 1.1', 'TLS handshake', /did not succeed/, oldTls],
  ['a port that says nothing', 'TLS handshake', /nothing within 300 ms/, silentPort],
  ['a certificate that signs itself', 'certificate', /SELF_SIGNED/, withCertificate('selfSigned')],
  ['a certificate of an unknown authority', 'certificate', /not trusted/, withCertificate('untrustedIssuer')],
  ['an expired certificate', 'certificate', /CERT_HAS_EXPIRED/, withCertificate('expired')],
  ['a certificate of tomorrow', 'certificate', /CERT_NOT_YET_VALID/, withCertificate('notYetValid')],
  ['a certificate for another host', 'certificate', /ALTNAME_INVALID/, withCertificate('wrongName')],
  [
    'a clock that is ten minutes ahead',
    'clock',
    /^(?:599|600|601) s ahead/,
    async () => ({ env: settingsFor(await startServiceWithClock(-600)) }),
  ],
  [
    'a URL that no base URL matches',
    'probe',
    /base URL.*404/,
    async () => ({ ...(await sound.embedded()), args: ['--url', 'https://api.example.com/elsewhere'] }),
  ],
  [
    'a credential that was deleted',
    'probe',
    /refuses the credential/,
    async () => ({ env: settingsFor((await startService()).serviceUrl) }),
  ],
  ['a call that is forbidden', 'probe', /refuses the credential/, withAnswer({ kind: 'reply', status: 403 })],
  ['a rate limit', 'probe', /429/, inMode({ kind: 'rate-limited', retryAfterSeconds: 1 })],
  ['a failing service', 'probe', /5xx/, inMode({ kind: 'failing', status: 500 })],
  ['a stalling service', 'probe', /in time/, inMode({ kind: 'stalled' }, { PINGONE_REQUEST_TIMEOUT_MS: '500' })],
  ['another service at the URL', 'probe', /no decision/, withAnswer({ kind: 'reply', status: 200, body: '{}' })],
  ['a function that is not there', 'settings', /function other cannot be read: ResourceNot/, withFunction({}, 'other')],
  ['a function on an old runtime', 'function', /nodejs20/, withFunction({ Runtime: 'nodejs20.x' })],
  ['a function with too short a timeout', 'function', /timeout of 3 s/, withFunction({ Timeout: 3 })],
  [
    'an API that keeps answers',
    'API caching',
    /300 s/,
    withApi('rest', { ...REST, authorizerResultTtlInSeconds: 300 }),
  ],
  ['an authorizer of type TOKEN', 'API authorizer', /type TOKEN/, withApi('rest', { ...REST, type: 'TOKEN' })],
  [
    'an API that calls another function',
    'API authorizer',
    /no authorizer/,
    withApi('rest', { ...REST, authorizerUri: 'x' }),
  ],
  [
    'an API that wants simple responses and gets policies',
    'API response format',
    /RESPONSE_FORMAT is iam/,
    withApi('http', { ...HTTP, enableSimpleResponses: true }),
  ],
  [
    'simple responses with payload 1.0',
    'API response format',
    /payload 1\.0/,
    withApi('http', { ...HTTP, authorizerPayloadFormatVersion: '1.0', enableSimpleResponses: true }),
  ],
];
