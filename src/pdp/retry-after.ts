/** The `Retry-After` header as a time to wait. */

/** In ms from `now`, at most a minute: the value is seconds or an HTTP date. Undefined if it is neither, or over. */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : HTTP_DATE.test(value) ? Date.parse(value) - now : 0;
  return ms > 0 ? Math.min(ms, LONGEST_MS) : undefined;
}

const LONGEST_MS = 60_000;
/** RFC 9110's IMF-fixdate. `Date.parse` alone accepts many other texts. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
