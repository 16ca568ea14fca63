/** What one check found. */

export type Verdict = 'ok' | 'warn' | 'fail' | 'skipped';

export interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  /** One sentence without a full stop. Never a secret, and of a token's claims nothing but ids. */
  readonly says: string;
  /** What to do; only for `warn` and `fail`. */
  readonly remedy?: string;
  /** How long it took, where that says something. */
  readonly ms?: number;
}

export const ok = (check: string, says: string, ms?: number): Finding => ({
  check,
  verdict: 'ok',
  says,
  ...(ms === undefined ? {} : { ms }),
});

export const warn = (check: string, says: string, remedy: string): Finding => ({
  check,
  verdict: 'warn',
  says,
  remedy,
});

export const fail = (check: string, says: string, remedy: string): Finding => ({
  check,
  verdict: 'fail',
  says,
  remedy,
});

export const skipped = (check: string, why: string): Finding => ({ check, verdict: 'skipped', says: why });

/** Whether the checks that build on these make sense. */
export const isSound = (findings: readonly Finding[]): boolean => !findings.some(({ verdict }) => verdict === 'fail');
