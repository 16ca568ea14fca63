/** The secret store and the rotation of the credential, scripted by chance. */
import { drawn, wholeNumber } from './chance.ts';
import type { Service } from './service.ts';
import { FIRST_CREDENTIAL } from './settings.ts';
import type { World } from './world.ts';

export type StoreHealth = 'well' | 'slow' | 'away' | 'behind';

/** One call to the store, in ms of real time. */
export interface Fetch {
  readonly startedAt: number;
  /** Undefined while it is under way. */
  endedAt: number | undefined;
}

export interface Store {
  readonly fetchSecret: (id: string, signal: AbortSignal) => Promise<string>;
  readonly become: (health: StoreHealth) => void;
  /** PingOne gets a new credential and forgets the one before the last; the store learns it at once unless it is behind. */
  readonly rotate: () => void;
  /** PingOne accepts no credential any more, or again the first one. */
  readonly revoke: () => void;
  readonly fetches: readonly Fetch[];
  /** The signals of all fetches. */
  readonly signals: readonly AbortSignal[];
}

const DELAYS_MS: Readonly<Record<StoreHealth, readonly [number, number]>> = {
  well: [5, 60],
  slow: [500, 7000],
  away: [5, 60],
  behind: [5, 60],
};

export const openStore = (world: World, service: Service, say: (line: string) => void): Store => {
  const fetches: Fetch[] = [];
  const signals: AbortSignal[] = [];
  let health = drawn<StoreHealth>(world.random, [
    [6, 'well'],
    [1, 'away'],
    [1, 'slow'],
  ]);
  let issued = 1;
  let stored = 1;
  let revoked = false;
  const name = (number: number): string => `credential-${number}`;
  service.accept([FIRST_CREDENTIAL]);

  const fetchSecret: Store['fetchSecret'] = (_id, signal) =>
    new Promise((resolve, reject) => {
      const [min, max] = DELAYS_MS[health];
      const fails = health === 'away';
      const fetch: Fetch = { startedAt: world.now(), endedAt: undefined };
      fetches.push(fetch);
      signals.push(signal);
      const end = (settle: () => void): void => {
        if (fetch.endedAt !== undefined) return;
        fetch.endedAt = world.now();
        signal.removeEventListener('abort', abort);
        settle();
      };
      const abort = (): void => end(() => reject(new Error('aborted')));
      signal.addEventListener('abort', abort);
      world.outside(wholeNumber(world.random, min, max), () =>
        end(() => (fails ? reject(new Error('the store is away')) : resolve(name(stored)))),
      );
    });

  return {
    fetchSecret,
    fetches,
    signals,
    become: to => {
      health = to;
      if (to !== 'behind') stored = issued;
    },
    rotate: () => {
      issued += 1;
      if (health !== 'behind') stored = issued;
      service.accept(world.random() < 0.5 ? [name(issued)] : [name(issued), name(issued - 1)]);
      say(`the credential is rotated to number ${issued}`);
    },
    revoke: () => {
      revoked = !revoked;
      service.accept(revoked ? [] : [FIRST_CREDENTIAL]);
      say(`the credential is ${revoked ? 'revoked' : 'accepted again'}`);
    },
  };
};
