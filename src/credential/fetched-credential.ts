/** A credential in a secret store: used for a while, fetched once for all requests that wait, and kept through the store's outages. */
import type { Call, Counts } from '../domain/call.ts';
import { type Clock, until } from '../domain/clock.ts';
import { AuthorizerError } from '../domain/errors.ts';
import { steadyTime } from '../domain/steady-time.ts';
import type { GatewayCredential } from './credential.ts';
import {
  afterAsking,
  afterFailure,
  afterFetch,
  afterRefusal,
  mayAsk,
  NOTHING_KEPT,
  reserveOf,
  stateAt,
} from './credential-state.ts';
import { causeOf, credentialIn, unavailable } from './secret-text.ts';

/** What happened to the credential, for the log: never its value. */
export type CredentialEvent =
  | { readonly event: 'refreshed'; readonly changed: boolean }
  | { readonly event: 'refresh-failed'; readonly cause: string; readonly stale: boolean };

export interface CredentialTimes {
  /** How long a fetched credential is used before it is fetched again, in ms. */
  readonly ttlMs: number;
  /** What a request has for everything, in ms. */
  readonly deadlineMs: number;
}

/** One call to the store, which any number of requests wait for. */
interface Fetch {
  readonly begunAt: number;
  /** The credential. A failure gives the last good one; it rejects if there is none. */
  readonly result: Promise<string>;
  readonly abort: () => void;
  /** How many requests cannot go on without it. */
  waiting: number;
}

/** How long a fetch may take, in ms. */
const FETCH_LIMIT_MS = 5000;
/** How long a request waits for a fetch if it can go on with the last good credential, in ms; at most a quarter of the deadline. */
const PATIENCE_MS = 250;

/**
 * Keeps what `fetchText` reads. If a fetch fails and there was a credential before, that one goes on being used.
 * @param fetchText reads the secret's text. Its signal ends when no request waits for the text any more.
 */
export const fetchedCredential = (
  fetchText: (signal: AbortSignal) => Promise<string>,
  { ttlMs, deadlineMs }: CredentialTimes,
  clock: Clock,
  counts: Counts,
  notify: (event: CredentialEvent) => void,
): GatewayCredential => {
  const time = steadyTime(clock);
  let kept = NOTHING_KEPT;
  let underWay: Fetch | undefined;

  return Object.freeze({ current, replacement, noteRefusal, prewarm });

  async function current({ signal }: Call): Promise<string> {
    const state = stateAt(time(), kept, underWay);
    switch (state.is) {
      case 'fresh':
        return state.value;
      case 'refused':
        return state.fetch === undefined ? state.value : renewed(state.value, state.fetch);
      case 'stale':
        return renewed(state.value, state.fetch ?? begin());
      case 'empty':
        return result(begin(), signal);
      case 'fetching':
        return resultOfAnother(state.fetch, signal);
    }
  }

  async function replacement(refused: string, { signal }: Call): Promise<string | undefined> {
    kept = afterRefusal(kept, refused);
    const state = stateAt(time(), kept, underWay);
    const value = state.is === 'fresh' ? state.value : ((await refreshed(signal)) ?? kept.value);
    return value === refused ? reserveOf(kept) : value;
  }

  function noteRefusal(refused: string): void {
    kept = afterRefusal(kept, refused);
  }

  function prewarm(): void {
    result(underWay ?? begin(), new AbortController().signal).catch(() => undefined);
  }

  /** What the store has now; undefined if it was asked a short time ago, or fails and there is no credential. */
  async function refreshed(signal: AbortSignal): Promise<string | undefined> {
    if (underWay === undefined) {
      const now = time();
      if (!mayAsk(now, kept)) return undefined;
      kept = afterAsking(now, kept);
    }
    return result(underWay ?? begin(), signal).catch(() => undefined);
  }

  /** Waits a little for a fresh credential: a store that is slow or away delays no request that has the last good one. */
  function renewed(held: string, fetch: Fetch): Promise<string> {
    const patience = Math.min(PATIENCE_MS, deadlineMs / 4) - (time() - fetch.begunAt);
    if (patience <= 0) return Promise.resolve(held);
    return new Promise(resolve => {
      const goOn = (): void => resolve(held);
      const cancel = clock.after(patience, goOn);
      fetch.result.then(resolve, goOn).finally(cancel);
    });
  }

  /** A fetch that began before a freeze may fail for that alone, so a request that found it under way asks once more. */
  async function resultOfAnother(fetch: Fetch, signal: AbortSignal): Promise<string> {
    try {
      return await result(fetch, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      return result(underWay ?? begin(), signal);
    }
  }

  /** Waits for a fetch. If there is no credential, the fetch ends with the last request that waits for it. */
  async function result(fetch: Fetch, signal: AbortSignal): Promise<string> {
    fetch.waiting += 1;
    try {
      return await until(signal, fetch.result, tooLate);
    } catch (error) {
      throw error instanceof AuthorizerError ? error : unavailable(causeOf(error), error);
    } finally {
      fetch.waiting -= 1;
      if (fetch.waiting === 0 && kept.value === undefined) fetch.abort();
    }
  }

  function begin(): Fetch {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    const fetch: Fetch = { begunAt: time(), result: read(controller.signal), abort, waiting: 0 };
    const cancel = clock.after(FETCH_LIMIT_MS, abort);
    underWay = fetch;
    const settled = (): void => {
      cancel();
      underWay = undefined;
    };
    fetch.result.then(settled, settled);
    return fetch;
  }

  async function read(signal: AbortSignal): Promise<string> {
    try {
      const value = credentialIn(await until(signal, fetchText(signal), tooLate));
      const changed = kept.value !== value;
      kept = afterFetch(time(), kept, value, ttlMs);
      counts.credentialRefresh += 1;
      notify({ event: 'refreshed', changed });
      return value;
    } catch (error) {
      const held = kept.value;
      counts.credentialRefreshFailed += 1;
      notify({ event: 'refresh-failed', cause: causeOf(error), stale: held !== undefined });
      if (held === undefined) throw error;
      kept = afterFailure(time(), kept, ttlMs);
      return held;
    }
  }
};

function tooLate(): AuthorizerError {
  return unavailable('the secret store did not answer in time');
}
