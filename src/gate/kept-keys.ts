/** Keys that a key server publishes: fetched once for all that wait, renewed, and used on while the server is away. */
import { type Clock, until } from '../domain/clock.ts';
import { steadyTime } from '../domain/steady-time.ts';

export interface KeptKeys<Keys> {
  /** The keys to judge by; undefined if there never were any and none come in time. Never rejects. */
  readonly current: (signal: AbortSignal) => Promise<Keys | undefined>;
  /**
   * The keys of this moment, for a token that none of `known` signed; `known` itself if they were fetched a moment ago.
   * @returns undefined if the key server does not say in time. Never rejects.
   */
  readonly upToDate: (known: Keys, signal: AbortSignal) => Promise<Keys | undefined>;
}

/** How long keys are used before they are fetched anew beside a request that does not wait for them. */
const TTL_MS = 300_000;
/** The server is asked at most this often, however many tokens name keys that nobody knows. */
const PENALTY_MS = 10_000;
const FETCH_LIMIT_MS = 2000;
/** How long a request waits for a fetch; at most a quarter of the deadline. */
const PATIENCE_MS = 1000;

/**
 * Keeps keys, and fetches the first ones at once.
 * @param fetchKeys is told by its signal when it takes too long.
 * @param deadlineMs what a request has for everything.
 */
export const keptKeys = <Keys>(
  fetchKeys: (signal: AbortSignal) => Promise<Keys>,
  deadlineMs: number,
  clock: Clock,
): KeptKeys<Keys> => {
  const time = steadyTime(clock);
  let held: Keys | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  /** When the last fetch began that a token with an unknown key asked for. */
  let renewedAt = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | undefined;
  /** Whether the last fetch failed. */
  let failing = false;

  const load = async (): Promise<void> => {
    const controller = new AbortController();
    const cancel = clock.after(FETCH_LIMIT_MS, () => controller.abort());
    askedAt = time();
    try {
      held = await until(controller.signal, fetchKeys(controller.signal), () => undefined);
      fetchedAt = time();
      failing = false;
    } catch {
      failing = true;
      // The keys that are held go on being used.
    } finally {
      cancel();
      underWay = undefined;
    }
  };

  const renew = (): Promise<void> => {
    underWay ??= load();
    return underWay;
  };

  const wait = (signal: AbortSignal): Promise<void> =>
    new Promise(resolve => {
      const cancel = clock.after(Math.min(PATIENCE_MS, deadlineMs / 4), resolve);
      const settle = (): void => {
        cancel();
        resolve();
      };
      until(signal, renew(), () => undefined).then(settle, settle);
    });

  void renew();
  return Object.freeze({
    current: async (signal: AbortSignal) => {
      const wanted = time() - fetchedAt >= TTL_MS && (underWay !== undefined || time() - askedAt >= PENALTY_MS);
      if (wanted && held === undefined) await wait(signal);
      else if (wanted) void renew();
      return held;
    },
    upToDate: async (known: Keys, signal: AbortSignal) => {
      if (held !== known) return held;
      if (underWay !== undefined || time() - renewedAt >= PENALTY_MS) {
        const waited = wait(signal);
        renewedAt = askedAt;
        await waited;
      }
      return failing || underWay !== undefined ? undefined : held;
    },
  });
};
