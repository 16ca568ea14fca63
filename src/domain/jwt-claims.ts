/** Reads the claims of a client's tokens without verifying them: for a log's subject and a cache entry's end, never to decide. */
import { jsonOf, type Members, membersOf, own } from './json.ts';

/** A JWT anywhere in a header value, after any scheme, and not part of a longer token. */
const JWT = /(?<![\w.-])[\w-]+\.([\w-]+)\.[\w-]*(?![\w.-])/g;

/** The claims of every JWT in a header value. Text that only looks like a JWT gives none. */
export const claimsIn = (value: string): readonly Members[] =>
  value
    .matchAll(JWT)
    .map(([, claims = '']) => decodedPart(claims))
    .filter(claims => claims !== undefined)
    .toArray();

function decodedPart(part: string): Members | undefined {
  return membersOf(jsonOf(Buffer.from(part, 'base64url').toString('utf8')));
}

/** A run of base64url characters, like a part of a token. `{"exp":1}` has 12 of them. */
const PART = /[\w-]{12,}/g;

/**
 * Every `exp` of a token anywhere in a text, in a cookie, a query or a list. The token may be signed, or encrypted with
 * `exp` repeated in its header; it may have more parts than a JWT, and percent-encoded dots. An `exp` too many only ends
 * a cache entry early; a missed one would serve a permit for too long.
 */
export const expiriesIn = (text: string): readonly unknown[] =>
  text
    .replace(/%2e/gi, '.')
    .matchAll(PART)
    .flatMap(([part]) => {
      const claims = decodedPart(part);
      return claims !== undefined && Object.hasOwn(claims, 'exp') ? [own(claims, 'exp')] : [];
    })
    .toArray();
