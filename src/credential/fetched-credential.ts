/** A credential kept in a secret store: cached with a TTL, fetched once for all who wait, and outliving the store's outages. */
import { LRUCache } from 'lru-cache';
import type { Call, Counts } from '../domain/call.ts';
import { type Clock, until } from '../domain/clock.ts';
import { AuthorizerError } from '../domain/errors.ts';
import { steadyTime } from '../domain/steady-time.ts';
import type { GatewayCredential } from './credential.ts';
import { credentialIn, unavailable } from './secret-text.ts';

/** What happened to the credential, for the log: never its value. */
export type CredentialEvent =
  | { readonly event: 'refreshed'; readonly changed: boolean }
  | { readonly event: 'refresh-failed'; readonly cause: string; readonly stale: boolean };

export interface CredentialTimes {
  /** How long a fetched credential is used before it is fetched again. */
  readonly ttlMs: number;
  /** What a request has for everything. */
  readonly deadlineMs: number;
}

const KEY = 'credential';
/** A refused credential is fetched afresh at most this often, however many requests suffer. */
const PENALTY_MS = 10_000;
/** How long a fetch may take. */
const FETCH_LIMIT_MS = 5000;
/** How long requests wait for a fetch where there is a last good credential to go on with; at most a quarter of the deadline. */
const PATIENCE_MS = 250;

/** The innermost error's name, such as `AccessDeniedException`: messages may hold what they should not. */
const nameOf = (error: unknown): string => {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause instanceof Error) innermost = innermost.cause;
  if (innermost instanceof AuthorizerError) return innermost.detail ?? innermost.code;
  return innermost instanceof Error ? innermost.name : 'unknown';
};

const tooLate = (): AuthorizerError => unavailable('the secret store did not answer in time');

/**
 * Caches what `fetchText` reads. Where a fetch fails and there was a credential before, that one goes on being used.
 * @param fetchText reads the secret's text; is told by its signal when nobody waits for it any more.
 */
export const fetchedCredential = (
  fetchText: (signal: AbortSignal) => Promise<string>,
  { ttlMs, deadlineMs }: CredentialTimes,
  clock: Clock,
  counts: Counts,
  notify: (event: CredentialEvent) => void,
): GatewayCredential => {
  const time = steadyTime(clock);
  let waiting = 0;
  let fetching = new AbortController();
  /** When the fetch under way began; undefined where none is. */
  let begunAt: number | undefined;
  let refusedAt = Number.NEGATIVE_INFINITY;
  let lastRefused: string | undefined;
  /** The one before the current one: a store may be ahead of PingOne in a rotation. */
  let previous: string | undefined;
  let forced: Promise<unknown> | undefined;

  const load = async (held: string | undefined): Promise<string> => {
    const controller = new AbortController();
    fetching = controller;
    begunAt = time();
    const cancel = clock.after(FETCH_LIMIT_MS, () => controller.abort());
    try {
      const value = credentialIn(await until(controller.signal, fetchText(controller.signal), tooLate));
      counts.credentialRefresh += 1;
      if (held !== undefined && held !== value) previous = held === lastRefused ? undefined : held;
      notify({ event: 'refreshed', changed: held !== value });
      return value;
    } catch (error) {
      counts.credentialRefreshFailed += 1;
      notify({ event: 'refresh-failed', cause: nameOf(error), stale: held !== undefined });
      throw error;
    } finally {
      cancel();
      begunAt = undefined;
    }
  };

  const cache = new LRUCache<string, string>({
    max: 1,
    ttl: ttlMs,
    ttlResolution: 0,
    perf: { now: time },
    noDeleteOnStaleGet: true,
    fetchMethod: async (_key, held, { options }) => {
      try {
        return await load(held);
      } catch (error) {
        if (held === undefined) throw error;
        // The last good one goes on, and the store is asked again only after a while.
        options.ttl = Math.min(ttlMs, PENALTY_MS);
        return held;
      }
    },
  });

  /** Waits for the one fetch under way; where nothing is held, the last one to stop waiting ends it. */
  const join = async (signal: AbortSignal, fetch: Promise<string | undefined>): Promise<string> => {
    waiting += 1;
    try {
      const value = await until(signal, fetch, tooLate);
      if (value === undefined) throw unavailable('the secret store gave nothing');
      return value;
    } catch (error) {
      throw error instanceof AuthorizerError ? error : unavailable(nameOf(error), error);
    } finally {
      waiting -= 1;
      if (waiting === 0 && cache.get(KEY, { allowStale: true }) === undefined) fetching.abort();
    }
  };

  const refresh = async (call: Call): Promise<string | undefined> => {
    if (forced === undefined) {
      if (time() - refusedAt < PENALTY_MS) return undefined;
      refusedAt = time();
      const fetch = cache.fetch(KEY, { forceRefresh: true }).finally(() => {
        forced = undefined;
      });
      forced = fetch;
      return join(call.signal, fetch);
    }
    await join(
      call.signal,
      forced.then(() => cache.get(KEY)),
    );
    return cache.get(KEY);
  };

  const unrefused = async (refused: string, call: Call): Promise<string | undefined> => {
    const held = cache.get(KEY);
    if (held !== undefined && held !== refused) return held;
    try {
      return await refresh(call);
    } catch {
      return undefined;
    }
  };

  /** A fetch that began before a freeze may fail for that alone: who joined it asks once more. */
  const fetched = async (call: Call): Promise<string> => {
    const begunByAnother = waiting > 0;
    try {
      return await join(call.signal, cache.fetch(KEY));
    } catch (error) {
      if (!begunByAnother || call.signal.aborted) throw error;
      return join(call.signal, cache.fetch(KEY));
    }
  };

  /** Waits a little for a fresh one; a store that is slow or away holds nobody up while the last good one is there. */
  const renewed = (held: string): Promise<string> => {
    const waited = begunAt === undefined ? 0 : time() - begunAt;
    const fetch = cache.fetch(KEY).then(value => value ?? held);
    const patience = Math.min(PATIENCE_MS, deadlineMs / 4) - waited;
    if (patience <= 0) {
      fetch.catch(() => undefined);
      return Promise.resolve(held);
    }
    return new Promise(resolve => {
      const goOn = (): void => resolve(held);
      const cancel = clock.after(patience, goOn);
      fetch.then(resolve, goOn).finally(cancel);
    });
  };

  const current = async (call: Call): Promise<string> => {
    const fresh = cache.get(KEY);
    if (fresh !== undefined) return fresh;
    const held = cache.get(KEY, { allowStale: true });
    return held === undefined ? fetched(call) : renewed(held);
  };

  const credential: GatewayCredential = {
    current,
    replacement: async (refused, call) => {
      lastRefused = refused;
      if (previous === refused) previous = undefined;
      const value = await unrefused(refused, call);
      return value !== undefined && value !== refused ? value : previous;
    },
    prewarm: () => {
      join(new AbortController().signal, cache.fetch(KEY)).catch(() => undefined);
    },
  };
  return Object.freeze(credential);
};
