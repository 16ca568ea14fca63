/** How an attempt may end, and how likely each ending is while PingOne is well or ill. */

export type Ending =
  | 'permits'
  | 'denies'
  | 'answers with the echo of an earlier attempt'
  | 'answers with another method'
  | 'answers with a broken body'
  | 'answers 503'
  | 'answers 500'
  | 'answers 429'
  | 'refuses the credential'
  | 'cannot be reached'
  | 'breaks a kept connection'
  | 'was never asked: the pool was full'
  | 'stalls'
  | 'ignores its signal';

export type Health = 'well' | 'shaky' | 'down' | 'stalled' | 'limiting';

/** How likely each ending is. */
export const ENDINGS: Readonly<Record<Health, readonly (readonly [number, Ending])[]>> = {
  well: [
    [70, 'permits'],
    [20, 'denies'],
    [3, 'answers with the echo of an earlier attempt'],
    [2, 'answers with another method'],
    [2, 'answers with a broken body'],
    [2, 'breaks a kept connection'],
    [1, 'was never asked: the pool was full'],
  ],
  shaky: [
    [40, 'permits'],
    [10, 'answers 503'],
    [10, 'answers 500'],
    [10, 'cannot be reached'],
    [10, 'breaks a kept connection'],
    [10, 'stalls'],
    [5, 'ignores its signal'],
    [5, 'answers 429'],
  ],
  down: [
    [60, 'cannot be reached'],
    [30, 'answers 503'],
    [10, 'answers 500'],
  ],
  stalled: [
    [80, 'stalls'],
    [20, 'ignores its signal'],
  ],
  limiting: [
    [70, 'answers 429'],
    [30, 'permits'],
  ],
};

/** Whether PingOne itself was unwell or away when it ended so. */
export const isUnhealthy = (ending: Ending | undefined): boolean =>
  ending === 'answers 503' ||
  ending === 'answers 500' ||
  ending === 'answers 429' ||
  ending === 'cannot be reached' ||
  ending === 'stalls' ||
  ending === 'ignores its signal';

/** Whether PingOne answered, whatever it said. */
export const isAnswer = (ending: Ending | undefined): boolean =>
  ending !== undefined &&
  !isUnhealthy(ending) &&
  ending !== 'breaks a kept connection' &&
  ending !== 'was never asked: the pool was full';
