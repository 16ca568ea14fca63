/** The secret store and the rotation of the credential, scripted by chance. */
import { wholeNumber } from './chance.ts';
import type { Service } from './service.ts';
import type { World } from './world.ts';

export type StoreHealth = 'well' | 'slow' | 'away' | 'behind';

export interface Store {
  readonly fetchSecret: (id: string, signal: AbortSignal) => Promise<string>;
  readonly become: (health: StoreHealth) => void;
  /** PingOne gets a new credential and forgets the one before the last; the store learns it at once unless it is behind. */
  readonly rotate: () => void;
  /** When the store last handed out a credential, in ms of real time. */
  readonly reads: readonly { readonly at: number; readonly credential: string }[];
}

const DELAYS_MS: Readonly<Record<StoreHealth, readonly [number, number]>> = {
  well: [5, 60],
  slow: [500, 7000],
  away: [5, 60],
  behind: [5, 60],
};

export const openStore = (world: World, service: Service, say: (line: string) => void): Store => {
  const reads: { at: number; credential: string }[] = [];
  let health: StoreHealth = 'well';
  let issued = 1;
  let stored = 1;
  const name = (number: number): string => `credential-${number}`;
  service.accept([name(issued)]);

  return {
    reads,
    fetchSecret: (_id, signal) =>
      new Promise((resolve, reject) => {
        const [min, max] = DELAYS_MS[health];
        const fails = health === 'away';
        signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
        world.outside(wholeNumber(world.random, min, max), () => {
          if (fails) reject(new Error('the store is away'));
          else {
            reads.push({ at: world.now(), credential: name(stored) });
            resolve(name(stored));
          }
        });
      }),
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
  };
};
