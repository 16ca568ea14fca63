/** Demo bearer tokens: JWTs that nobody signed and only the embedded policy service takes. */
import { randomUUID } from 'node:crypto';
import { isRecord, parseJson } from '../loopback.ts';

export type Claims = Readonly<Record<string, unknown>>;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The third part is a word, not a signature: real services refuse it. */
export const demoToken = (claims: Claims): string => `${encode({ alg: 'none' })}.${encode(claims)}.unsigned`;

/** The claims of an `Authorization: Bearer` value that has not expired; undefined where there is none. */
export const readBearer = (authorization: string | undefined, nowSeconds: number): Claims | undefined => {
  const match = /^Bearer +([\w-]+)\.([\w-]+)\.[\w-]*$/i.exec(authorization ?? '');
  const payload = match?.[2];
  if (payload === undefined) return undefined;
  const claims = parseJson(Buffer.from(payload, 'base64url').toString());
  if (!isRecord(claims)) return undefined;
  const { exp } = claims;
  return typeof exp === 'number' && exp > nowSeconds ? claims : undefined;
};

/** A gateway credential with the claims of PingOne's own, for a Service URL that ends in `/environments/<id>`. */
export const gatewayCredential = (serviceUrl: string, nowSeconds: number): string =>
  demoToken({
    iss: serviceUrl,
    environmentId: serviceUrl.slice(serviceUrl.lastIndexOf('/') + 1),
    gatewayId: 'local-gateway',
    gatewayType: 'API_GATEWAY_INTEGRATION',
    httpAccessApiUrl: serviceUrl,
    iat: Math.floor(nowSeconds),
    jti: randomUUID(),
  });

const words = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return value.split(' ').filter(word => word !== '');
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
};

export const scopesOf = (claims: Claims): readonly string[] => words(claims['scope']);
export const rolesOf = (claims: Claims): readonly string[] => words(claims['roles']);
