/** The required outcome of a hostile event. */

export interface HostileTraits {
  /** Whether it can reach a function on Lambda. Other events can only reach an authorizer that is called as a library. */
  readonly json: boolean;
  /** `refuse`: INVALID_REQUEST, because it is no authorizer event (docs/events.md#side-by-side). `survive`: any well-formed answer. */
  readonly must: 'refuse' | 'survive';
}

export type HostileEvent = readonly [title: string, event: unknown, traits: HostileTraits];

/** Any client can send it, and it is refused with INVALID_REQUEST. */
export const refused = (title: string, event: unknown): HostileEvent => [title, event, { json: true, must: 'refuse' }];
/** Any client can send it, and any well-formed answer is right. */
export const survived = (title: string, event: unknown): HostileEvent => [
  title,
  event,
  { json: true, must: 'survive' },
];
/** Only a user of the library can pass it, and it is refused. */
export const inProcess = (title: string, event: unknown): HostileEvent => [
  title,
  event,
  { json: false, must: 'refuse' },
];

/** Only a user of the library can pass it, and any well-formed answer is right. */
export const survivedInProcess = (title: string, event: unknown): HostileEvent => [
  title,
  event,
  { json: false, must: 'survive' },
];
