/** How the values of a log line are written. */
import { holdsToken } from '../domain/token-shape.ts';

const LONGEST_ID = 256;

/** An id of others. At some APIs a client chooses it, so it may be long, and a token is not shown. */
export const shownId = (text: string | undefined): string | undefined =>
  text === undefined || !holdsToken(text) ? text?.slice(0, LONGEST_ID) : '[redacted]';

/** ms with two decimals. */
export const toHundredths = (ms: number): number => Math.round(ms * 100) / 100;
