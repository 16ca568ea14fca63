/** One step of a life: a request comes, or chance does something to the environment or around it. */
import { drawn, wholeNumber } from './chance.ts';
import type { Health } from './endings.ts';
import type { Service } from './service.ts';
import type { Settings } from './settings.ts';
import type { Store, StoreHealth } from './store.ts';
import type { World } from './world.ts';

export interface Surroundings {
  readonly world: World;
  readonly environment: {
    readonly invoke: () => void;
    readonly mayInvoke: () => boolean;
    readonly idle: () => boolean;
  };
  readonly settings: Settings;
  readonly service: Service;
  readonly shadow: Service;
  readonly store: Store;
  readonly setClock: (ms: number) => void;
  readonly say: (line: string) => void;
}

const PASSES_MS = [
  [6, 1500],
  [3, 6000],
  [1, 70_000],
] as const;

/** What a step may be, as likely as its weight. */
const STEPS = [
  [20, 'request'],
  [8, 'quiet time'],
  [3, 'change of PingOne'],
  [2, 'change of the store'],
  [1, 'rotation'],
  [2, 'freeze'],
  [2, 'clock set'],
] as const;
export type StepName = (typeof STEPS)[number][1];

/** @returns what it was; undefined if it was not possible just then. */
export const takeStep = async (around: Surroundings): Promise<StepName | undefined> => {
  const { world, environment } = around;
  const step = drawn(world.random, STEPS);
  const possible = step === 'request' ? environment.mayInvoke() : step !== 'freeze' || environment.idle();
  if (possible) await ACTIONS[step](around);
  if (step === 'request') await world.pass(wholeNumber(world.random, 0, 600));
  return possible ? step : undefined;
};

const ACTIONS: Readonly<Record<StepName, (around: Surroundings) => void | Promise<void>>> = {
  request: ({ environment }) => environment.invoke(),
  'quiet time': ({ world }) => world.pass(drawn(world.random, PASSES_MS)),
  'change of PingOne': changeService,
  'change of the store': changeStore,
  rotation: ({ settings, store }) => (settings.credential === 'fixed' ? store.revoke() : store.rotate()),
  freeze,
  'clock set': correctClock,
};
function changeService({ world, service, shadow, say }: Surroundings): void {
  const draw = (): Health =>
    drawn<Health>(world.random, [
      [4, 'well'],
      [2, 'shaky'],
      [1, 'down'],
      [1, 'stalled'],
      [1, 'limiting'],
    ]);
  const health = draw();
  say(`PingOne is ${health}`);
  service.become(health);
  shadow.become(draw());
}

function changeStore({ world, store, say }: Surroundings): void {
  const health = drawn<StoreHealth>(world.random, [
    [3, 'well'],
    [1, 'slow'],
    [1, 'away'],
    [1, 'behind'],
  ]);
  say(`the secret store is ${health}`);
  store.become(health);
}

function correctClock({ world, setClock, say }: Surroundings): void {
  const ms = drawn(world.random, [
    [1, -3_600_000],
    [1, -20_000],
    [1, 20_000],
    [1, 3_600_000],
  ] as const);
  say(`the wall clock is set by ${ms / 1000} s`);
  setClock(ms);
}

/** Lambda freezes an environment that has nothing to answer. */
async function freeze({ world, say }: Surroundings): Promise<void> {
  const ms = drawn(world.random, [
    [2, 2000],
    [1, 40_000],
    [1, 900_000],
  ] as const);
  say(`frozen for ${ms / 1000} s`);
  world.freeze();
  await world.pass(ms);
  world.thaw();
  await world.pass(0);
}
