/** How the values of a log line are written. */

const LONGEST_ID = 256;

/** An id of others, which a client may have made long. */
export const short = (text: string | undefined): string | undefined => text?.slice(0, LONGEST_ID);

/** ms with two decimals. */
export const toHundredths = (ms: number): number => Math.round(ms * 100) / 100;
