/** What a hostile event must at least lead to. */

export interface HostileTraits {
  /** It can reach a function on Lambda; the others only one that is called as a library. */
  readonly json: boolean;
  /** `refuse`: no authorizer event, so INVALID_REQUEST (docs/events.md#side-by-side). `survive`: a well-formed answer, whichever the PDP gives. */
  readonly must: 'refuse' | 'survive';
}

export type HostileEvent = readonly [title: string, event: unknown, traits: HostileTraits];

/** Anyone can send it, and it is refused with INVALID_REQUEST. */
export const refused = (title: string, event: unknown): HostileEvent => [title, event, { json: true, must: 'refuse' }];
/** Anyone can send it; the answer is well-formed, whichever it is. */
export const survived = (title: string, event: unknown): HostileEvent => [
  title,
  event,
  { json: true, must: 'survive' },
];
/** Only a caller of the library can pass it; it is refused. */
export const inProcess = (title: string, event: unknown): HostileEvent => [
  title,
  event,
  { json: false, must: 'refuse' },
];

/** Only a caller of the library can pass it; the answer is well-formed. */
export const survivedInProcess = (title: string, event: unknown): HostileEvent => [
  title,
  event,
  { json: false, must: 'survive' },
];
