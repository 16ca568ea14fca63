/** Reads claims of JWTs in header values, unverified: PingOne verifies them, we only name a subject and mind an end. */

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
