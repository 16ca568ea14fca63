/** guarded(Send): the circuit breaker; only importer of opossum, which counts and decides, while the wall clock is ours. */
import { EventEmitter } from 'node:events';
import CircuitBreaker from 'opossum';
import { AuthorizerError } from '../errors.ts';
import type { BreakerState, Call } from '../facts.ts';
import type { SidebandReply } from '../sideband/wire.ts';
import type { Clock } from './deadline.ts';
import type { Post, Send } from './send.ts';

export interface BreakerSettings {
  readonly errorThresholdPercent: number;
  /** Calls in the window before it may open. */
  readonly volumeThreshold: number;
  readonly windowMs: number;
  readonly resetMs: number;
}

/** One change of state, told once. */
export interface BreakerChange {
  readonly state: Exclude<BreakerState, 'off'>;
  /** How long it stays so before a probe, in ms; only when it opens. */
  readonly forMs?: number;
}

const BUCKETS = 10;
/** ±20 %, so that environments do not probe in step. */
const JITTER = 0.2;
/** opossum's own reset timer never fires: after a freeze only the wall clock knows how long it was. */
const NEVER_MS = 2 ** 31 - 1;

/** What the action gives opossum: only sickness may reject, or opossum would count it. */
type Outcome = { readonly reply: SidebandReply } | { readonly fault: unknown };

/** Made once: a stack costs more than all else of a refusal. */
const REFUSAL = new AuthorizerError('CIRCUIT_OPEN');

const isSick = (error: unknown): error is AuthorizerError => error instanceof AuthorizerError && error.sick;

/** A kept connection broke, which says nothing about PingOne: a probe that met it is still to be made. */
const isInconclusive = (error: unknown): boolean => error instanceof AuthorizerError && error.retryable && !error.sick;

const settled =
  (send: Send) =>
  async (post: Post, call: Call): Promise<Outcome> => {
    try {
      return { reply: await send(post, call) };
    } catch (error) {
      if (isSick(error)) throw error;
      return { fault: error };
    }
  };

/** Ages opossum's window by the wall clock: its own interval stands still while the environment is frozen. */
const agingWindow = (windowMs: number, clock: Clock) => {
  const controller = new EventEmitter();
  const bucketMs = windowMs / BUCKETS;
  let rotatedAt = clock.now();
  const rotate = (times: number): void => {
    for (let bucket = 0; bucket < times; bucket += 1) controller.emit('rotate');
  };
  return {
    controller,
    age: (): void => {
      const passed = Math.floor((clock.now() - rotatedAt) / bucketMs);
      if (passed === 0) return;
      rotate(passed < 0 ? BUCKETS : Math.min(passed, BUCKETS));
      rotatedAt = passed < 0 ? clock.now() : rotatedAt + passed * bucketMs;
    },
    clear: (): void => rotate(BUCKETS),
  };
};

export interface Guard {
  readonly send: Send;
  readonly state: () => Exclude<BreakerState, 'off'>;
}

/**
 * Puts a breaker in front of a Send. It counts only what is sick (unreachable, timeout, 5xx, 429), opens at the
 * threshold or for as long as a `Retry-After` asks, and then lets one call at a time probe.
 * The guarded Send throws `CIRCUIT_OPEN` without any I/O while it is open.
 */
export const guarded = (
  send: Send,
  settings: BreakerSettings,
  clock: Clock,
  tell: (change: BreakerChange) => void,
): Guard => {
  const window = agingWindow(settings.windowMs, clock);
  let state: Exclude<BreakerState, 'off'> = 'closed';
  let openedAt = 0;
  let openUntil = 0;

  const circuit = new CircuitBreaker(settled(send), {
    timeout: false,
    resetTimeout: NEVER_MS,
    // opossum opens above its threshold; ours is "at least".
    errorThresholdPercentage: settings.errorThresholdPercent - 1e-6,
    volumeThreshold: settings.volumeThreshold,
    rollingCountTimeout: settings.windowMs,
    rollingCountBuckets: BUCKETS,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    rotateBucketController: window.controller,
  });

  const open = (forMs: number): void => {
    const already = state === 'open';
    openedAt = clock.now();
    openUntil = openedAt + forMs;
    state = 'open';
    circuit.open();
    if (!already) tell({ state, forMs });
  };
  const openAsConfigured = (): void => open(settings.resetMs * (1 - JITTER + 2 * JITTER * clock.random()));

  const close = (): void => {
    state = 'closed';
    window.clear();
    circuit.close();
    tell({ state });
  };

  /** The probe met nothing that says anything of PingOne: the next call probes. */
  const handBack = (): void => {
    openUntil = clock.now();
    state = 'open';
    circuit.open();
  };

  /** A closed opossum and an empty window for the one call that probes. */
  const halfOpen = (): void => {
    state = 'half-open';
    window.clear();
    circuit.close();
    tell({ state });
  };

  circuit.on('open', () => {
    if (state === 'closed') openAsConfigured();
  });

  const mayProbe = (): boolean => {
    const now = clock.now();
    return now >= openUntil || now < openedAt;
  };

  const afterFault = (error: unknown, probing: boolean): void => {
    const holdMs = isSick(error) ? error.retryAfterMs : undefined;
    if (holdMs !== undefined && clock.now() + holdMs > openUntil) open(holdMs);
    else if (probing && state === 'half-open') openAsConfigured();
  };

  const guardedSend: Send = async (post, call) => {
    const probing = state === 'open' && mayProbe();
    if (probing) halfOpen();
    if (call.facts.attempts === 0) call.facts.breaker = state;
    if (state !== 'closed' && !probing) throw REFUSAL;
    window.age();
    try {
      const outcome = await circuit.fire(post, call);
      if (probing && state === 'half-open') {
        if ('fault' in outcome && isInconclusive(outcome.fault)) handBack();
        else close();
      }
      if ('fault' in outcome) throw outcome.fault;
      return outcome.reply;
    } catch (error) {
      afterFault(error, probing);
      throw error;
    }
  };

  return Object.freeze({ send: guardedSend, state: () => state });
};
