/** CloudFront's limits for a function on viewer requests, of which its own pages say different things. */

/**
 * AWS's quota page gave viewer requests 1 MB, 128 MB and 5 s for years. Its newer copies give all edge functions 50 MB, the
 * memory of Lambda and 30 s. So more than the old limit is a warning, and more than the certain one is refused.
 */
export interface Quota {
  readonly old: number;
  readonly certain: number;
}

export const ZIP_BYTES: Quota = { old: 1_000_000, certain: 50_000_000 };
export const MEMORY_MB: Quota = { old: 128, certain: 10_240 };
export const TIMEOUT_S: Quota = { old: 5, certain: 30 };
/** The function's own deadline: a little before CloudFront ends it, so that the client still gets an answer. */
export const DEADLINE_MS: Quota = { old: 4800, certain: 29_800 };

/** How a number stands to a quota. */
export type Standing = 'within' | 'unsure' | 'beyond';

export const standing = (value: number, { old, certain }: Quota): Standing => {
  if (value > certain) return 'beyond';
  return value > old ? 'unsure' : 'within';
};
