/** The two outcomes, Permit and Deny, and the only constructor of a Permit. */
import type { FaultCode, PolicyReason } from './errors.ts';
import type { HeaderLine } from './request.ts';
import { shownName } from './token-shape.ts';

declare const minted: unique symbol;

/** One thing that a permit changes in the request. */
export interface Change {
  readonly kind: 'method' | 'url' | 'path' | 'query' | 'body' | 'header-added' | 'header-removed' | 'header-replaced';
  /** The header's lower-case name; only changes of headers have one. */
  readonly name?: string;
  /** Without it the permit is refused, whatever is configured. */
  readonly essential?: true;
}

/** A change that the gateway at hand cannot make. */
export type UnappliedChange = Change;

/** What identifies a request. A permit that changes one of these answers another request. */
const IDENTITY: ReadonlySet<Change['kind']> = new Set(['method', 'url', 'path']);

/** The request as a permit wants it forwarded. */
export interface Echo {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
}

/** What a permitting reply said besides "yes". */
export interface PermitTerms {
  /** The request's headers after the permit's changes, in order. */
  readonly headers: readonly HeaderLine[];
  /** Every difference between the reply's echo and the request. */
  readonly changes: readonly Change[];
  /** Only the edge uses it: only there can the request itself be changed. */
  readonly echo: Echo;
  readonly correlationId?: string | undefined;
}

/** PingOne said yes. No other file can write a Permit as a literal, because the brand exists only in this one. */
export interface Permit extends PermitTerms {
  readonly effect: 'permit';
  readonly [minted]: true;
}

/** The complete HTTP answer that PingOne attached to a denial. Only the edge can return it whole. */
export interface DenialAnswer {
  /** 100 to 599; undefined if PingOne gave no valid status. */
  readonly status: number | undefined;
  /** PingOne's words for it. */
  readonly statusText?: string | undefined;
  readonly headers: readonly HeaderLine[];
  /** Unchanged. */
  readonly body: string | undefined;
}

/** PingOne said no, or a fault kept its decision from us. */
export interface Deny {
  readonly effect: 'deny';
  readonly reasonCode: PolicyReason | FaultCode;
  /** HTTP status for the client. */
  readonly status: number;
  /** Free text. The gateway makes it safe to paste before it leaves the function. */
  readonly reason: string;
  /** PingOne wrote the reason. It is never logged, because a policy may have put personal data there. */
  readonly fromPdp: boolean;
  /** PingOne's `WWW-Authenticate`, one line of printable ASCII. */
  readonly challenge?: string | undefined;
  /** PingOne's body, if it is JSON. */
  readonly body?: string | undefined;
  readonly answer?: DenialAnswer;
  readonly correlationId?: string | undefined;
}

export type Decision = Permit | Deny;

/** Makes a Permit. Only `sideband/reply.ts` may call this; a house test enforces it. */
export const permit = (terms: PermitTerms): Permit => {
  const unbranded: Omit<Permit, typeof minted> = Object.freeze({ effect: 'permit', ...terms });
  return unbranded as Permit;
};

/** Makes a Deny. */
export const deny = (terms: Omit<Deny, 'effect'>): Deny => Object.freeze({ effect: 'deny', ...terms });

/** The unapplied changes for which a permit is refused: with `ignore` only those of method, origin and path, with `deny` all. */
export const refusedChanges = (
  unapplied: readonly UnappliedChange[],
  onUnappliedChanges: 'ignore' | 'deny',
): readonly UnappliedChange[] =>
  onUnappliedChanges === 'deny'
    ? unapplied
    : unapplied.filter(({ kind, essential }) => essential || IDENTITY.has(kind));

/** Enough to find the policy that makes the changes. A reply may hold thousands of them. */
const MAX_LABELS = 20;

/** Changes as kind and name, `header-added:x-user`, for operators. Holds no values, and at most 21 items. */
export const changeLabels = (changes: readonly Change[]): readonly string[] => {
  const labels = changes
    .slice(0, MAX_LABELS)
    .map(({ kind, name }) => (name === undefined ? kind : `${kind}:${shownName(name)}`));
  const more = changes.length - labels.length;
  return more > 0 ? [...labels, `${more} more`] : labels;
};

/** The kinds of change, each once, for clients. Header names are left out, because they would reveal the policy. */
export const changeKinds = (changes: readonly Change[]): readonly string[] => [
  ...new Set(changes.map(({ kind }) => kind)),
];
