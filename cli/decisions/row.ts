/** One row of a decisions file: a request, and the decision that is expected. */
import type { ReasonCode } from '../../src/domain/errors.ts';
import type { HeaderLine } from '../../src/domain/request.ts';

/** Where a token comes from; never the token itself. */
export type TokenSource = { readonly env: string } | { readonly command: string };

export interface Expectation {
  readonly effect: 'permit' | 'deny';
  readonly status: number | undefined;
  readonly reasonCode: ReasonCode | undefined;
  /** Lower-case name -> final value, or null for a header that the permit removed; undefined if headers do not matter. */
  readonly changedHeaders: ReadonlyMap<string, string | null> | undefined;
}

export interface Row {
  readonly name: string;
  /** Where it begins in the file, from 1. */
  readonly line: number;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly HeaderLine[];
  readonly token: TokenSource | undefined;
  readonly sourceIp: string;
  readonly expected: Expectation;
}
