/** Access tokens of an authorization server, good and bad, signed by node:crypto and not by the library that verifies them. */
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface SigningKey {
  readonly kid: string | undefined;
  readonly alg: keyof typeof PAIRS;
  readonly privateKey: KeyObject;
  /** As a key server publishes it. */
  readonly jwk: Readonly<Record<string, unknown>>;
}

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const PAIRS = {
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
  Ed25519: () => generateKeyPairSync('ed25519'),
} as const;

export const signingKey = (kid: string | undefined, alg: SigningKey['alg'] = 'RS256'): SigningKey => {
  const { publicKey, privateKey } = PAIRS[alg]();
  const jwk = { ...publicKey.export({ format: 'jwk' }), use: 'sig', alg, ...(kid === undefined ? {} : { kid }) };
  return { kid, alg, privateKey, jwk };
};

/** A part of a token. */
export const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export const keySet = (...keys: readonly SigningKey[]): string => JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });

/** A token signed with the key; `header` replaces members of what the key gives. */
export const signedToken = (key: SigningKey, claims: object, header: object = {}): string => {
  const kid = key.kid === undefined ? {} : { kid: key.kid };
  const signed = `${part({ alg: key.alg, ...kid, ...header })}.${part(claims)}`;
  return `${signed}.${signature(key, Buffer.from(signed)).toString('base64url')}`;
};

/** A token whose signature is an HMAC under any text, such as a public key. */
export const hmacToken = (secret: string, claims: object, kid: string): string => {
  const signed = `${part({ alg: 'HS256', kid })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
};

function signature({ alg, privateKey: key }: SigningKey, data: Buffer): Buffer {
  if (alg.startsWith('Ed')) return sign(null, data, key);
  const hash = `sha${alg.slice(2)}`;
  if (alg.startsWith('ES')) return sign(hash, data, { key, dsaEncoding: 'ieee-p1363' });
  // RSA_PKCS1_PSS_PADDING, and RSA_PSS_SALTLEN_DIGEST.
  return alg.startsWith('PS') ? sign(hash, data, { key, padding: 6, saltLength: -1 }) : sign(hash, data, key);
}
