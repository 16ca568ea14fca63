/** The two outcomes, Permit and Deny, and the only constructor of a Permit. */
import type { FaultCode, PolicyReason } from './errors.ts';
import type { HeaderLine } from './request.ts';
import { shownName } from './token-shape.ts';

declare const minted: unique symbol;

/** One thing that a permit asked to change and an authorizer cannot: its kind and, for headers, the lower-case name. */
export interface UnappliedChange {
  readonly kind: 'method' | 'url' | 'path' | 'query' | 'body' | 'header-added' | 'header-removed' | 'header-replaced';
  readonly name?: string;
}

/** What a permit is for: one with another of these is the answer to another request. */
const IDENTITY: ReadonlySet<UnappliedChange['kind']> = new Set(['method', 'url', 'path']);

/** Of the changes that stay undone, those for which a permit is refused: with `ignore`, another method, origin or path. */
export const refusedChanges = (
  unapplied: readonly UnappliedChange[],
  onUnappliedChanges: 'ignore' | 'deny',
): readonly UnappliedChange[] =>
  onUnappliedChanges === 'deny' ? unapplied : unapplied.filter(({ kind }) => IDENTITY.has(kind));

/** Enough to find the policy by; a reply may hold thousands. */
const MOST_LABELS = 20;

/** Changes by kind and name, `header-added:x-user`, for operators: never their values, and never a list without end. */
export const changeLabels = (changes: readonly UnappliedChange[]): readonly string[] => {
  const labels = changes
    .slice(0, MOST_LABELS)
    .map(({ kind, name }) => (name === undefined ? kind : `${kind}:${shownName(name)}`));
  const more = changes.length - labels.length;
  return more > 0 ? [...labels, `${more} more`] : labels;
};

/** The kinds of change, each once, for clients: which headers a policy looks after is none of their business. */
export const changeKinds = (changes: readonly UnappliedChange[]): readonly string[] => [
  ...new Set(changes.map(({ kind }) => kind)),
];

/** The request as a permit wants it to go on. */
export interface Echo {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
}

/** What a permitting reply said besides permitting. */
export interface PermitTerms {
  /** The headers as PingOne's permit left them, in order. */
  readonly headers: readonly HeaderLine[];
  /** Everything in which the reply's echo differs from what was asked. */
  readonly changes: readonly UnappliedChange[];
  /** For who can let the changes happen. */
  readonly echo?: Echo;
  readonly correlationId?: string | undefined;
}

/** PingOne said yes. Cannot be written as a literal: the brand exists only in this file. */
export interface Permit extends PermitTerms {
  readonly effect: 'permit';
  readonly [minted]: true;
}

/** The complete HTTP answer that PingOne gave a denial, for who can return one. */
export interface DenialAnswer {
  /** 100 to 599; undefined where PingOne's is none. */
  readonly status: number | undefined;
  readonly headers: readonly HeaderLine[];
  /** As it came. */
  readonly body: string | undefined;
}

/** PingOne said no, or nobody said yes. */
export interface Deny {
  readonly effect: 'deny';
  readonly reasonCode: PolicyReason | FaultCode;
  /** HTTP status for the client. */
  readonly status: number;
  /** Free text; made safe to paste where it leaves the function. */
  readonly reason: string;
  /** The text is PingOne's own and may hold what a policy put there: never logged. */
  readonly fromPdp: boolean;
  /** PingOne's `WWW-Authenticate`, one line of printable ASCII. */
  readonly challenge?: string | undefined;
  /** PingOne's body, where it is JSON. */
  readonly body?: string | undefined;
  readonly answer?: DenialAnswer;
  readonly correlationId?: string | undefined;
}

export type Decision = Permit | Deny;

/** Mints a Permit. Only `sideband/reply.ts` may call this, which a house test holds. */
export const permit = (terms: PermitTerms): Permit => {
  const unbranded: Omit<Permit, typeof minted> = Object.freeze({ effect: 'permit', ...terms });
  return unbranded as Permit;
};

/** Builds a Deny. */
export const deny = (terms: Omit<Deny, 'effect'>): Deny => Object.freeze({ effect: 'deny', ...terms });
