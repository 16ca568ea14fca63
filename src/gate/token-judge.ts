/** What makes a token worthless: its shape, its times, its signature. The only importer of jose; a bundle file of its own, loaded when the gate is on. */
import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, type JWTPayload } from 'jose';
import type { TokenGateSettings } from '../config/configuration.ts';
import type { TokenFault } from '../domain/call.ts';
import type { Clock } from '../domain/clock.ts';
import { membersOrNone } from '../domain/json.ts';
import { type HeaderLine, headerValues } from '../domain/request.ts';
import { type KeptKeys, keptKeys } from './kept-keys.ts';
import { fetchJson } from './key-server.ts';
import type { JudgeToken } from './token-gate.ts';

type Keys = ReturnType<typeof createLocalJWKSet>;

/** A judge for the gate's setting. With `signature` it starts to fetch the keys at once. */
export const tokenJudge = (settings: TokenGateSettings, deadlineMs: number, clock: Clock): JudgeToken => {
  const keys = settings.check === 'signature' ? keysAt(settings.jwksUrl, deadlineMs, clock) : undefined;
  return async ({ headers }, signal) => {
    const token = tokenIn(headers);
    const claims = token === undefined ? undefined : claimsOf(token);
    if (token === undefined || claims === undefined) return 'malformed';
    const fault = settings.check === 'shape' ? undefined : timeFaultOf(claims, clock.now());
    return fault ?? (keys === undefined ? undefined : signatureFaultOf(token, keys, signal));
  };
};

/** Three parts of base64url. A scheme is written in any case. */
const BEARER = /^bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i;

/** RFC 9068 and RFC 8725 leave clocks some seconds; PingOne's and ours may differ by this much. */
const LEEWAY_S = 60;

/** Asymmetric ones alone: a symmetric key would have to be known here, and `none` signs nothing. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** The request's only bearer token. Payload 2.0 joins repeated headers with commas, which no token has. */
function tokenIn(headers: readonly HeaderLine[]): string | undefined {
  const [value, ...more] = headerValues(headers, 'authorization');
  return value === undefined || more.length > 0 ? undefined : BEARER.exec(value.trim())?.[1];
}

/** Undefined if header or claims are no JSON object. */
function claimsOf(token: string): JWTPayload | undefined {
  try {
    decodeProtectedHeader(token);
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

/** A time that is no number is as good as one that has passed: nobody can tell when the token ends. */
function timeFaultOf({ exp, nbf }: JWTPayload, now: number): TokenFault | undefined {
  const seconds = Math.floor(now / 1000);
  if (exp !== undefined && !(typeof exp === 'number' && exp > seconds - LEEWAY_S)) return 'expired';
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= seconds + LEEWAY_S)) return 'not-yet-valid';
  return undefined;
}

function keysAt(url: string, deadlineMs: number, clock: Clock): KeptKeys<Keys> {
  const fetchKeys = async (signal: AbortSignal): Promise<Keys> => {
    const { keys } = membersOrNone(await fetchJson(url, signal));
    // By a set without keys every token would be bad.
    if (!Array.isArray(keys) || keys.length === 0) throw new errors.JWKSInvalid();
    return createLocalJWKSet({ keys });
  };
  return keptKeys(fetchKeys, deadlineMs, clock);
}

/** Without keys nothing is refused: whether the token is good is PingOne's to say. */
async function signatureFaultOf(
  token: string,
  kept: KeptKeys<Keys>,
  signal: AbortSignal,
): Promise<TokenFault | undefined> {
  const keys = await kept.current(signal);
  if (keys === undefined) return undefined;
  const verdict = await verdictOf(token, keys);
  if (verdict !== 'unknown-key') return faultOf(verdict);
  const fresh = await kept.upToDate(keys, signal);
  if (fresh === undefined) return undefined;
  return faultOf(fresh === keys ? verdict : await verdictOf(token, fresh));
}

/** `unknown-key`: no key of the set made this signature; one that is newer than the set may have. */
type Verdict = 'good' | 'bad' | 'unknown-key' | 'undecided';

const faultOf = (verdict: Verdict): TokenFault | undefined =>
  verdict === 'bad' || verdict === 'unknown-key' ? 'unverified' : undefined;

async function verdictOf(token: string, keys: Keys): Promise<Verdict> {
  try {
    await compactVerify(token, keys, { algorithms: ALGORITHMS });
    return 'good';
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return verdictOfAny(token, error);
    if (error instanceof errors.JWKSNoMatchingKey) return 'unknown-key';
    // A key that cannot be used says nothing about the token.
    if (error instanceof errors.JWKSInvalid || !(error instanceof errors.JOSEError)) return 'undecided';
    return 'kid' in decodeProtectedHeader(token) ? 'bad' : 'unknown-key';
  }
}

/** A token that does not name its key may be of any of them. */
async function verdictOfAny(token: string, keys: errors.JWKSMultipleMatchingKeys): Promise<Verdict> {
  for await (const key of keys) {
    try {
      await compactVerify(token, key, { algorithms: ALGORITHMS });
      return 'good';
    } catch {
      // The next key may have made it.
    }
  }
  return 'unknown-key';
}
