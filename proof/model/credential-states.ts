/** What the life of a stored credential consists of: its states, and the events in it. */

/** A credential's version: the store begins with 0, and each rotation adds one. */
export type Version = number;

/** Who waits for the fetch that is under way. */
export type Waiting =
  /** Init, which fetches ahead of the first request and never gives up. */
  | 'ahead'
  /** A request without any credential. If the fetch fails, it has none. */
  | 'first'
  /** The same, but it found the fetch under way. If that fails, it asks once more. */
  | 'joined'
  /** A request that goes on with the credential that is held, unless there is a new one very soon. */
  | 'held'
  /** A request whose credential was refused. */
  | `replaces ${Version}`;

export interface Credential {
  /** What the store has. */
  readonly stored: Version;
  /** What the environment holds, and the one before it, which a refusal may fall back on. */
  readonly value: Version | undefined;
  readonly previous: Version | undefined;
  /** What the code remembers of refusals. */
  readonly refused: readonly Version[];
  /** Every version that was refused since the store last answered: the truth beside what the code remembers. */
  readonly known: readonly Version[];
  /** In steps of five seconds: how long it is still fresh, and how long no refusal makes the store be asked. */
  readonly freshFor: number;
  readonly penalty: number;
  /** Calls to the store that are under way. An old one has taken longer than a request with a credential waits. */
  readonly fetches: readonly ('new' | 'old')[];
  readonly waiting: readonly Waiting[];
  /** The clock jumped, and the code has not looked at it since. */
  readonly jumped: boolean;
}

export const CREDENTIAL_EVENTS = [
  'request',
  /** PingOne refuses what a request sent: what is held, or, late, the one before it. */
  'refusal',
  'late refusal',
  /** The same to a request that has had its replacement. */
  'replacement is refused',
  'reserve is refused',
  'request gives up',
  'store answers',
  'store fails',
  'rotation',
  /** Longer than a request with a credential waits. */
  'quarter of a second passes',
  /** Longer than a fetch may take. */
  'five seconds pass',
  'frozen for an hour',
  'clock is set back',
] as const;
export type CredentialEvent = (typeof CREDENTIAL_EVENTS)[number];

/** Time to live, time between two refreshes for refusals, and time to live after an outage, in steps of five seconds. */
export const FRESH = 3;
export const PENALTY = 2;

/** Init has begun to fetch it. */
export const CREDENTIAL_AHEAD: Credential = {
  stored: 0,
  value: undefined,
  previous: undefined,
  refused: [],
  known: [],
  freshFor: 0,
  penalty: 0,
  fetches: ['new'],
  waiting: ['ahead'],
  jumped: false,
};
