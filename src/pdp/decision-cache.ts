/** cached(Pdp): opt-in, permits only, inside one environment; never longer than the caller's token lives. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { CacheSettings } from '../config/configuration.ts';
import type { Call } from '../domain/call.ts';
import { type Clock, until } from '../domain/clock.ts';
import type { Decision, Permit } from '../domain/decision.ts';
import { AuthorizerError } from '../domain/errors.ts';
import { expiriesIn } from '../domain/jwt-claims.ts';
import { type AccessRequest, headerValues } from '../domain/request.ts';
import { steadyTime } from '../domain/steady-time.ts';
import type { Pdp } from './pdp.ts';

/** What compose knows and the cache must mind. */
export interface CacheRules {
  /** Changes whenever the gateway credential does: no permit is served across credentials. */
  readonly credentialEpoch: () => number;
  /** Whether this permit may be served again as it is. */
  readonly cacheable: (permit: Permit) => boolean;
}

/** A permit and the time in which it is served. */
interface Entry {
  readonly permit: Permit;
  /** By the wall clock, ms since 1970: a token's end is a moment of that clock. */
  readonly storedAt: number;
  readonly expiresAt: number;
  /** By steady time: a wall clock that is set back must not lengthen the time to live. */
  readonly freshUntil: number;
}

/** A call that equal requests wait for, and the signal of the request that made it. */
interface SharedCall {
  readonly decision: Promise<Decision>;
  readonly signal: AbortSignal;
}

/**
 * Serves a permit again for the same key. Equal requests at one moment share one call. A denial is never kept.
 * A request without a token in any of the key's headers is never cached: nothing would tell its caller from others.
 */
export const cached = (pdp: Pdp, settings: CacheSettings, rules: CacheRules, clock: Clock): Pdp => {
  const entries = new LRUCache<string, Entry>({ max: settings.maxEntries });
  const time = steadyTime(clock);
  const underWay = new Map<string, SharedCall>();
  // The principal is read from Authorization: a permit must never be served under another one.
  const parts = [...new Set([...settings.keyParts, 'authorization'])];
  const keyHeaders = parts.map(headerOf).filter(name => name !== undefined);

  /** JSON keeps the parts apart whatever they hold; the hash keeps tokens out of memory. */
  const keyOf = (request: AccessRequest): string =>
    createHash('sha256')
      .update(
        JSON.stringify([
          rules.credentialEpoch(),
          request.kind,
          request.clientCertificatePem ?? null,
          parts.map(part => valuesOf(part, request)),
          settings.forwardHeaders.map(name => headerValues(request.headers, name)),
        ]),
      )
      .digest('base64');

  const stored = (key: string): Permit | undefined => {
    const entry = entries.get(key);
    if (entry !== undefined && isCurrent(entry, clock.now(), time())) return entry.permit;
    entries.delete(key);
    return undefined;
  };

  const keep = (key: string, permit: Permit, request: AccessRequest): void => {
    const now = clock.now();
    const expiresAt = Math.min(now + settings.ttlMs, endOf(request, now));
    const freshUntil = time() + settings.ttlMs;
    if (expiresAt > now && rules.cacheable(permit)) entries.set(key, { permit, storedAt: now, expiresAt, freshUntil });
  };

  /** Makes the call that equal requests share. */
  const ask = async (key: string, request: AccessRequest, call: Call): Promise<Decision> => {
    const own = { decision: pdp(request, call), signal: call.signal };
    underWay.set(key, own);
    try {
      const decision = await own.decision;
      if (decision.effect === 'permit') keep(key, decision, request);
      return decision;
    } finally {
      if (underWay.get(key) === own) underWay.delete(key);
    }
  };

  return async (request, call) => {
    if (!keyHeaders.some(name => headerValues(request.headers, name).some(hasCredential))) return pdp(request, call);
    const key = keyOf(request);
    for (;;) {
      const permit = stored(key);
      if (permit !== undefined) return served(permit, call);
      const shared = underWay.get(key);
      if (shared === undefined || shared.signal.aborted) return ask(key, request, call);
      const decision = await outcomeOf(shared, call);
      // Without an outcome the first of those who waited asks again, and the others wait for that call.
      if (decision !== undefined) return served(decision, call);
    }
  };
};

function isCurrent({ storedAt, expiresAt, freshUntil }: Entry, now: number, steadyNow: number): boolean {
  return now >= storedAt && now < expiresAt && steadyNow < freshUntil;
}

function served(decision: Decision, call: Call): Decision {
  call.facts.cacheHit = decision.effect === 'permit';
  return decision;
}

/** The header that a part of the key stands for. */
function headerOf(part: string): string | undefined {
  if (part === 'authorization') return 'authorization';
  return part.startsWith('header:') ? part.slice('header:'.length) : undefined;
}

function valuesOf(part: string, request: AccessRequest): readonly string[] {
  const header = headerOf(part);
  if (header !== undefined) return headerValues(request.headers, header);
  if (part === 'sourceIp') return [request.sourceIp];
  return [part === 'method' ? request.method : request.url];
}

/** False for an empty value and for a scheme alone, also several in the list that payload 2.0 makes of repeated lines. */
function hasCredential(value: string): boolean {
  return value.split(',').some(item => !/^\s*(?:bearer|dpop|basic)?\s*$/i.test(item));
}

/** ms since 1970 at which the first token of the request ends, wherever it stands; Infinity where none ends, `now` where an `exp` is no time. */
function endOf({ headers, url }: AccessRequest, now: number): number {
  return [url, ...headers.map(([, value]) => value)]
    .flatMap(expiriesIn)
    .map(exp => (Number.isFinite(exp) ? Number(exp) * 1000 : now))
    .reduce((earliest, end) => Math.min(earliest, end), Number.POSITIVE_INFINITY);
}

/**
 * The outcome of another request's call; undefined where that request ran out of time, whatever reason its call then gave.
 * Rejects with the call's own fault, and with `PDP_TIMEOUT` where this request runs out of time.
 */
function outcomeOf({ decision, signal }: SharedCall, call: Call): Promise<Decision | undefined> {
  const outcome = new Promise<Decision | undefined>((resolve, reject) => {
    const over = (): void => resolve(undefined);
    signal.addEventListener('abort', over);
    decision.then(resolve, reject).finally(() => signal.removeEventListener('abort', over));
  });
  return until(call.signal, outcome, () => new AuthorizerError('PDP_TIMEOUT'));
}
