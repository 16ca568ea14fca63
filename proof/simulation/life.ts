/** One life: an environment that is composed of the product's own code, and what chance does to it. */
import { getEventListeners } from 'node:events';
import { compose } from '../../src/compose.ts';
import { apiGateway } from '../../src/gateway/api-gateway.ts';
import '../../src/gate/token-judge.ts';
import '../../src/shadow/shadow.ts';
import '../../src/telemetry/after-answers.ts';
import { everythingSettled } from '../../bench/fleet/virtual-time.ts';
import { drawn, wholeNumber } from './chance.ts';
import { effectOf, eventOf, type Token, tokenOf } from './requests.ts';
import { type Attempt, markOf, openService, shadowMarkOf } from './service.ts';
import { configOf, type Settings, SHADOW_CREDENTIAL, settingsOf } from './settings.ts';
import { type StepName, takeStep } from './step.ts';
import { type Fetch, openStore } from './store.ts';
import { openWorld, type World, withChance } from './world.ts';

/** One invocation of the authorizer. Times are in ms of real time. */
export interface Invocation {
  /** Names its path and its token. */
  readonly request: number;
  readonly token: Token;
  readonly startedAt: number;
  /** By the process's own clock. */
  readonly startedElapsed: number;
  /** By the wall clock, ms since 1970. */
  readonly startedWall: number;
  readonly remainingMs: number;
  endedAt: number | undefined;
  endedElapsed: number | undefined;
  answer: unknown;
}

/** A change of the breaker, as its log line tells it. */
export interface Change {
  readonly at: number;
  readonly state: string;
  /** How long it stays open, in ms; undefined if it does not open. */
  readonly forMs: number | undefined;
}

/** All that happened, for the judges. */
export interface Life {
  readonly settings: Settings;
  /** How often each kind of step was taken. */
  readonly steps: Readonly<Partial<Record<StepName, number>>>;
  readonly invocations: readonly Invocation[];
  readonly attempts: readonly Attempt[];
  /** At the shadow's service. */
  readonly shadowAttempts: readonly Attempt[];
  readonly fetches: readonly Fetch[];
  readonly changes: readonly Change[];
  /** By how much the wall clock was set, in ms, and when. */
  readonly clockSets: readonly { readonly at: number; readonly ms: number }[];
  /** The most timers that there ever were while nothing was under way; 0 with a shadow, which is asked after the answer. */
  readonly timersWhileIdle: number;
  /** What was left once everything had come to its end: timers, and listeners on the signals of requests and fetches. */
  readonly timersLeft: number;
  readonly listenersLeft: number;
  /** In order, for people. */
  readonly story: readonly string[];
}

const STEPS = 40;
/** Longer than any deadline, time to live, open breaker or patience of the product. */
const LONG_ENOUGH_MS = 400_000;

/** Lives one life. The same seed gives the same life. */
export const live = async (seed: number): Promise<Life> => {
  const world = openWorld(seed);
  const story: string[] = [];
  const say = (line: string): void => {
    story.push(`${(world.now() / 1000).toFixed(3).padStart(9)} s  ${line}`);
  };
  const settings = settingsOf(world);
  const service = openService(world, { name: 'PingOne', mark: markOf }, say);
  const shadow = openService(withChance(world, seed ^ 0x27d4eb2f), { name: 'the shadow', mark: shadowMarkOf }, say);
  shadow.accept([SHADOW_CREDENTIAL]);
  const store = openStore(world, service, say);
  const changes: Change[] = [];
  const invocations: Invocation[] = [];
  const clockSets: { at: number; ms: number }[] = [];
  const config = configOf(settings);
  const { authorize } = compose(apiGateway(config.answers), config, {
    send: service.send,
    shadowSend: shadow.send,
    fetchSecret: store.fetchSecret,
    clock: world.clock,
    writeLine: line => {
      const change = changeIn(line, world.now());
      if (change === undefined) return;
      changes.push(change);
      say(`the breaker is ${change.state}`);
    },
  });
  await turns();

  let running = 0;
  const invoke = (): void => {
    const invocation = invocationIn(world, invocations);
    const { request, token, remainingMs } = invocation;
    const answered = (answer: unknown): void => {
      invocation.answer = answer;
      invocation.endedAt = world.now();
      invocation.endedElapsed = world.clock.elapsed();
      running -= 1;
      say(`request ${request} is answered: ${effectOf(answer)}`);
    };
    invocations.push(invocation);
    running += 1;
    say(`request ${request} begins`);
    authorize(eventOf(request, token), { getRemainingTimeInMillis: () => remainingMs }).then(answered, answered);
  };
  const environment = { invoke, mayInvoke: () => running < settings.concurrency, idle: () => running === 0 };
  const setClock = (ms: number): void => {
    clockSets.push({ at: world.now(), ms });
    world.setClock(ms);
  };

  const steps: Partial<Record<StepName, number>> = {};
  let timersWhileIdle = 0;
  for (let count = 0; count < STEPS; count += 1) {
    const step = await takeStep({ world, environment, settings, service, shadow, store, setClock, say });
    if (step !== undefined) steps[step] = (steps[step] ?? 0) + 1;
    const idle = running === 0 && !settings.shadow && store.fetches.every(({ endedAt }) => endedAt !== undefined);
    if (idle) timersWhileIdle = Math.max(timersWhileIdle, world.timers());
  }
  world.thaw();
  await world.pass(LONG_ENOUGH_MS);
  await turns();
  await world.pass(LONG_ENOUGH_MS);
  const signals = [...service.signals, ...shadow.signals, ...store.signals];
  return {
    settings,
    steps,
    invocations,
    attempts: service.attempts,
    shadowAttempts: shadow.attempts,
    fetches: store.fetches,
    changes,
    clockSets,
    timersWhileIdle,
    timersLeft: world.timers(),
    listenersLeft: signals.reduce((count, signal) => count + getEventListeners(signal, 'abort').length, 0),
    story,
  };
};

/** Some turns of the event loop: gate and shadow are loaded, and what is done after an answer has begun. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await everythingSettled();
}

/** A new request, or one that was made before. */
function invocationIn(world: World, before: readonly Invocation[]): Invocation {
  const again = before.length > 0 && world.random() < 0.2;
  const request = again ? wholeNumber(world.random, 0, before.length - 1) : before.length;
  const known = before.find(other => other.request === request)?.token;
  return {
    request,
    token: known ?? tokenOf(request, world),
    startedAt: world.now(),
    startedElapsed: world.clock.elapsed(),
    startedWall: world.clock.now(),
    remainingMs: drawn(world.random, [
      [8, 30_000],
      [1, 3000],
      [1, 400],
    ] as const),
    endedAt: undefined,
    endedElapsed: undefined,
    answer: undefined,
  };
}

/** The change of the breaker that a log line tells. */
function changeIn(line: string, at: number): Change | undefined {
  const record: unknown = JSON.parse(line);
  if (typeof record !== 'object' || record === null || !('message' in record && 'state' in record)) return undefined;
  if (record.message !== 'breaker') return undefined;
  const forMs = 'forMs' in record && typeof record.forMs === 'number' ? record.forMs : undefined;
  return { at, state: String(record.state), forMs };
}
