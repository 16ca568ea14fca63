/** Reads claims of tokens in what a client sent, unverified: PingOne verifies them, we only name a subject and mind an end. */

/** A JWT wherever it stands in a value, after whatever scheme; what precedes it is no part of a longer token. */
const JWT = /(?<![\w.-])[\w-]+\.(?<claims>[\w-]+)\.[\w-]*(?![\w.-])/g;

const parsed = (claims: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

/** The claims of every JWT in a header value; what only looks like one gives none. */
export const claimsIn = (value: string): readonly object[] =>
  value
    .matchAll(JWT)
    .map(({ groups }) => parsed(groups?.['claims'] ?? ''))
    .filter(claims => claims !== undefined)
    .toArray();

/** A run of base64url characters, as the parts of a token are; `{"exp":1}` has 12 of them. */
const PART = /[\w-]{12,}/g;

/**
 * Every `exp` of a token anywhere in a text: cookie, query or list, signed or encrypted (whose header may repeat it), with
 * more parts than a JWT has, its dots percent-encoded or not. Rather one too many than one overlooked.
 */
export const expiriesIn = (text: string): readonly unknown[] =>
  (text.replace(/%2e/gi, '.').match(PART) ?? []).flatMap(part => {
    const claims = parsed(part);
    return claims !== undefined && 'exp' in claims ? [claims.exp] : [];
  });
