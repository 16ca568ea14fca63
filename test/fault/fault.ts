/** One row of the fault matrix: what goes wrong, what the client gets, how long it may take, and what it may cost. */
import type { ReasonCode } from '../../src/domain/errors.ts';
import type { Behaviour, ConnectionBehaviour } from '../support/behaviours.ts';
import type { SecretFault, SecretStore, SecretValue } from '../support/secret-store-answers.ts';
import type { TlsMaterials } from '../support/tls.ts';
import type { LineId } from './table-lines.ts';

/** Which limit ends the wait; `at once` where nothing is waited for. */
export type Bound = 'at once' | 'connect' | 'attempt' | 'deadline' | 'lambda' | 'store';

export type Over = 'http' | 'https';

/** The certificate that PingOne shows. */
export type Certificate = Exclude<keyof TlsMaterials, 'caPem' | 'caFile'>;

/** The secret store that holds the credential, and what becomes of it once the `before` requests are through. */
export interface Stored {
  readonly in: SecretStore;
  /** Nothing is stored where it is missing. */
  readonly value?: SecretValue;
  readonly script?: readonly SecretFault[];
  readonly otherwise?: SecretFault;
  readonly later?: { readonly value?: SecretValue; readonly otherwise?: SecretFault; readonly accepted?: string };
}

export interface Fault {
  readonly title: string;
  /** The line of docs/faults.md that this row backs, if any. */
  readonly line?: LineId;
  /** Each transport is a case of its own; plain HTTP unless given. */
  readonly over?: readonly Over[];
  readonly env?: Readonly<Record<string, string>>;
  /** Nothing listens at the service URL. */
  readonly down?: true;
  readonly certificate?: Certificate;
  readonly tlsVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  /** False: the authorizer is not told to trust the CA. */
  readonly trusted?: false;
  readonly connections?: readonly ConnectionBehaviour[];
  /** One request each, made before the one that is judged. */
  readonly before?: readonly Behaviour[];
  /** What the calls of the judged request meet; permits after that. */
  readonly meets?: readonly Behaviour[];
  /** The one credential that PingOne accepts; every one is where missing. */
  readonly accepted?: string;
  readonly stored?: Stored;
  readonly gets: ReasonCode | 'PERMIT' | 'Unauthorized';
  /** The `status` in the context; PERMIT has none. */
  readonly status?: number;
  /** The function throws instead of answering with a policy. */
  readonly thrown?: true;
  readonly bound: Bound;
  /** Attempts that the decision record counts. */
  readonly attempts: number;
  /** Calls that reach PingOne; as many as there are attempts unless given. */
  readonly calls?: number;
  /** Calls to the secret store, those of the `before` requests included. */
  readonly storeCalls?: number;
  /** Connections left open. */
  readonly sockets: number;
  /** What the request after it gets, with nothing wrong any more; PERMIT unless given. */
  readonly next?: ReasonCode;
}
