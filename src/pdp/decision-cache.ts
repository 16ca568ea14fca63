/** cached(Pdp): opt-in, permits only, inside one environment; never longer than the caller's token lives. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Decision, Permit } from '../decision.ts';
import { AuthorizerError } from '../errors.ts';
import type { Call } from '../facts.ts';
import { type AccessRequest, headerValues } from '../request.ts';
import { claimsIn } from '../token.ts';
import type { Clock } from './deadline.ts';
import type { Pdp } from './pdp.ts';

export interface CacheSettings {
  readonly ttlMs: number;
  readonly maxEntries: number;
  /** `method`, `url`, `authorization`, `sourceIp`, `header:<name>`. */
  readonly keyParts: readonly string[];
  /** Headers whose final value reaches the backend: what the client sent of them is always part of the key. */
  readonly forwardHeaders: readonly string[];
}

/** What compose knows and the cache must mind. */
export interface CacheRules {
  /** Changes whenever the gateway credential does: no permit is served across credentials. */
  readonly credentialEpoch: () => number;
  /** Whether this permit may be served again as it is. */
  readonly cacheable: (permit: Permit) => boolean;
}

interface Entry {
  readonly permit: Permit;
  readonly storedAt: number;
  readonly expiresAt: number;
}

const headerOf = (part: string): string | undefined => {
  if (part === 'authorization') return 'authorization';
  return part.startsWith('header:') ? part.slice('header:'.length) : undefined;
};

const valuesOf = (part: string, request: AccessRequest): readonly string[] => {
  const header = headerOf(part);
  if (header !== undefined) return headerValues(request.headers, header);
  if (part === 'sourceIp') return [request.sourceIp];
  return [part === 'method' ? request.method : request.url];
};

/** ms since 1970 at which the first of a value's tokens ends; Infinity where none says, `now` where one says no time. */
const endOf = (value: string, now: number): number =>
  claimsIn(value)
    .filter(claims => 'exp' in claims)
    .map(({ exp }) => (typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : now))
    .reduce((earliest, end) => Math.min(earliest, end), Number.POSITIVE_INFINITY);

/**
 * Serves a permit again for the same key. Equal requests at one moment share one call. A denial is never kept.
 * Requests that carry none of the key's tokens are never cached: nothing would tell their callers apart.
 */
export const cached = (pdp: Pdp, settings: CacheSettings, rules: CacheRules, clock: Clock): Pdp => {
  const entries = new LRUCache<string, Entry>({ max: settings.maxEntries });
  const underWay = new Map<string, Promise<Decision>>();

  const tokensOf = (request: AccessRequest): readonly string[] =>
    settings.keyParts.filter(part => headerOf(part) !== undefined).flatMap(part => valuesOf(part, request));

  /** JSON keeps the parts apart whatever they hold; the hash keeps tokens out of memory. */
  const keyOf = (request: AccessRequest): string =>
    createHash('sha256')
      .update(
        JSON.stringify([
          rules.credentialEpoch(),
          request.kind,
          request.clientCertificatePem ?? null,
          settings.keyParts.map(part => valuesOf(part, request)),
          settings.forwardHeaders.map(name => headerValues(request.headers, name)),
        ]),
      )
      .digest('base64');

  const stored = (key: string): Permit | undefined => {
    const entry = entries.get(key);
    const now = clock.now();
    if (entry !== undefined && now >= entry.storedAt && now < entry.expiresAt) return entry.permit;
    entries.delete(key);
    return undefined;
  };

  const keep = (key: string, permit: Permit, tokens: readonly string[]): void => {
    const now = clock.now();
    let expiresAt = now + settings.ttlMs;
    for (const token of tokens) expiresAt = Math.min(expiresAt, endOf(token, now));
    if (expiresAt > now && rules.cacheable(permit)) entries.set(key, { permit, storedAt: now, expiresAt });
  };

  const ask = async (key: string, request: AccessRequest, call: Call): Promise<Decision> => {
    const decision = pdp(request, call);
    underWay.set(key, decision);
    try {
      return await decision;
    } finally {
      if (underWay.get(key) === decision) underWay.delete(key);
    }
  };

  /** Another request's call; where that one merely ran out of its own time, we still have ours. */
  const share = async (decision: Promise<Decision>, again: () => Promise<Decision>, call: Call): Promise<Decision> => {
    try {
      const shared = await decision;
      call.facts.cacheHit = shared.effect === 'permit';
      return shared;
    } catch (error) {
      const outOfTime = error instanceof AuthorizerError && error.code === 'PDP_TIMEOUT';
      if (outOfTime && !call.signal.aborted) return again();
      throw error;
    }
  };

  return async (request, call) => {
    const tokens = tokensOf(request);
    if (tokens.length === 0) return pdp(request, call);
    const epoch = rules.credentialEpoch();
    const key = keyOf(request);
    const permit = stored(key);
    if (permit !== undefined) {
      call.facts.cacheHit = true;
      return permit;
    }
    const other = underWay.get(key);
    if (other !== undefined) return share(other, () => pdp(request, call), call);
    const decision = await ask(key, request, call);
    if (decision.effect === 'permit' && rules.credentialEpoch() === epoch) keep(key, decision, tokens);
    return decision;
  };
};
