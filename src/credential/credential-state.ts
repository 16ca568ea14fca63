/** What is known of a stored credential: one value with its history, and the state in which it is at a given time. */

/** What is remembered. Times are in ms of one clock. */
export interface Kept {
  /** The last credential that the store gave; undefined if it gave none yet. */
  readonly value: string | undefined;
  /** Until when it is used without asking the store again. */
  readonly freshUntil: number;
  /** The credential before it. During a rotation the store may be ahead of PingOne. */
  readonly previous: string | undefined;
  /**
   * Which of these two PingOne refused since the store gave `value`. The store's next answer clears it: a refusal may have
   * been for one request only, and such a one must not take the way back in a later rotation.
   */
  readonly refused: ReadonlySet<string>;
  /** Before this time no refusal makes the store be asked. */
  readonly askAgainAt: number;
}

/** Where a credential stands. It is used in the states `fresh`, `stale` and `refused`. */
export type State<Fetch> =
  /** There is none, and nobody has asked for one. */
  | { readonly is: 'empty' }
  /** There is none yet. */
  | { readonly is: 'fetching'; readonly fetch: Fetch }
  | { readonly is: 'fresh'; readonly value: string }
  /** Its time is over. It goes on being used until the store gives another. */
  | { readonly is: 'stale'; readonly value: string; readonly fetch: Fetch | undefined }
  /** Fresh, but PingOne refused it. It goes on being used as well: PingOne may learn it later than the store. */
  | { readonly is: 'refused'; readonly value: string; readonly fetch: Fetch | undefined };

/** Refusals make the store be asked at most this often, and a failed fetch is repeated after this time, in ms. */
export const PENALTY_MS = 10_000;

export const NOTHING_KEPT: Kept = Object.freeze({
  value: undefined,
  freshUntil: Number.NEGATIVE_INFINITY,
  previous: undefined,
  refused: new Set<string>(),
  askAgainAt: Number.NEGATIVE_INFINITY,
});

/**
 * The state now.
 * @param fetch the fetch that is under way, if there is one.
 */
export function stateAt<Fetch>(
  now: number,
  { value, freshUntil, refused }: Kept,
  fetch: Fetch | undefined,
): State<Fetch> {
  if (value === undefined) return fetch === undefined ? { is: 'empty' } : { is: 'fetching', fetch };
  if (now > freshUntil) return { is: 'stale', value, fetch };
  return refused.has(value) ? { is: 'refused', value, fetch } : { is: 'fresh', value };
}

/** After the store gave `value`. */
export function afterFetch(now: number, kept: Kept, value: string, ttlMs: number): Kept {
  const previous = kept.value === value ? kept.previous : kept.value;
  return { ...kept, value, freshUntil: now + ttlMs, previous, refused: NOTHING_KEPT.refused };
}

/** After the store failed: the last good credential goes on, and the store is left alone for a while. */
export function afterFailure(now: number, kept: Kept, ttlMs: number): Kept {
  return { ...kept, freshUntil: now + Math.min(ttlMs, PENALTY_MS) };
}

/** After PingOne refused `refused`. A late refusal of an earlier credential says nothing of the two that are kept. */
export function afterRefusal(kept: Kept, refused: string): Kept {
  const isKept = refused === kept.value || refused === kept.previous;
  return isKept ? { ...kept, refused: new Set([...kept.refused, refused]) } : kept;
}

/** What may replace the credential that is held; undefined if there is nothing, or PingOne refused that as well. */
export function reserveOf({ previous, refused }: Kept): string | undefined {
  return previous === undefined || refused.has(previous) ? undefined : previous;
}

/** Whether a refusal may make the store be asked. */
export function mayAsk(now: number, { askAgainAt }: Kept): boolean {
  return now >= askAgainAt;
}

/** After a refusal made the store be asked. */
export function afterAsking(now: number, kept: Kept): Kept {
  return { ...kept, askAgainAt: now + PENALTY_MS };
}
