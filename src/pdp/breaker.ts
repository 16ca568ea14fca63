/** guarded(Send): the circuit breaker, which refuses calls while PingOne is unwell and lets one at a time find out. */
import type { BreakerSettings } from '../config/configuration.ts';
import type { BreakerState, Call } from '../domain/call.ts';
import type { Clock } from '../domain/clock.ts';
import { AuthorizerError, type FaultCode } from '../domain/errors.ts';
import { steadyTime } from '../domain/steady-time.ts';
import type { SidebandReply } from '../sideband/wire.ts';
import { endingWith } from './deadline.ts';
import { failureWindow } from './failure-window.ts';
import type { Post, Send } from './send.ts';

/** One change of state, told once. */
export interface BreakerChange {
  readonly state: Exclude<BreakerState, 'off'>;
  /** How long it stays so before a probe, in ms; only when it opens. */
  readonly forMs?: number;
}

export interface Guard {
  readonly send: Send;
  readonly state: () => Exclude<BreakerState, 'off'>;
}

/** Each object is one period: a call counts only in the period in which it began. */
type Period =
  | { readonly state: 'closed' }
  | { readonly state: 'open'; readonly until: number }
  | { readonly state: 'half-open' };

/** What a call says of PingOne; nothing where PingOne never saw it. */
type Verdict = 'well' | 'unwell' | 'nothing';

type Ending = { readonly verdict: Verdict } & (
  | { readonly reply: SidebandReply }
  | { readonly fault: unknown; readonly retryAfterMs: number | undefined }
);

/** ±20 %, so that environments do not probe in step. */
const JITTER = 0.2;
/** How long a call has to end with a fault of its own once its request is over; shorter than the deadline's own grace. */
const GRACE_MS = 10;
/** Faults that PingOne answered with. Every other one that is not unhealthy is ours: a full pool, a kept connection that broke. */
const ANSWERED: ReadonlySet<FaultCode> = new Set(['PDP_BAD_REPLY', 'PDP_REJECTED']);

/** Made once: a stack costs more than all else of a refusal. */
const REFUSAL = new AuthorizerError('CIRCUIT_OPEN');

/**
 * Puts a breaker in front of a Send. It counts only what is unhealthy (unreachable, timeout, 5xx, 429), opens at the
 * threshold or for as long as a `Retry-After` asks, and then lets one call at a time probe. No jump of the wall clock
 * makes it stay open for longer.
 * The guarded Send throws `CIRCUIT_OPEN` without any I/O while it is open, and `PDP_TIMEOUT` where the Send has not
 * ended by itself when the request was over.
 */
export const guarded = (
  send: Send,
  settings: BreakerSettings,
  clock: Clock,
  notify: (change: BreakerChange) => void,
): Guard => {
  const time = steadyTime(clock);
  const window = failureWindow(settings, time);
  let period: Period = { state: 'closed' };
  /** Apart from the period, which a `Retry-After` to another call may end while the probe is under way. */
  let probing = false;

  const open = (forMs: number): void => {
    const already = period.state === 'open' ? period.until : undefined;
    period = { state: 'open', until: Math.max(already ?? 0, time() + forMs) };
    if (already === undefined) notify({ state: 'open', forMs });
  };
  const openAsConfigured = (): void => open(settings.resetMs * (1 - JITTER + 2 * JITTER * clock.random()));

  const become = (state: 'closed' | 'half-open'): void => {
    window.clear();
    period = { state };
    notify(period);
  };

  const begin = (): { readonly met: Period; readonly probe: boolean } => {
    // Read each time: the more often the clocks are read, the less of a freeze can a clock that is set back hide.
    const now = time();
    const probe = period.state === 'open' && !probing && now >= period.until;
    if (probe) {
      probing = true;
      become('half-open');
    }
    return { met: period, probe };
  };

  const endProbe = (verdict: Verdict, met: Period): void => {
    if (verdict === 'unwell') openAsConfigured();
    else if (period !== met) return;
    else if (verdict === 'well') become('closed');
    else period = { state: 'open', until: time() };
  };

  const end = async (ending: Ending, met: Period, probe: boolean): Promise<void> => {
    const { verdict } = ending;
    if (probe) probing = false;
    if ('fault' in ending && ending.retryAfterMs !== undefined) open(ending.retryAfterMs);
    else if (probe) endProbe(verdict, met);
    else if (verdict !== 'nothing' && period === met) {
      const reached = await window.add(verdict === 'unwell');
      if (reached && period === met) openAsConfigured();
    }
  };

  const guardedSend: Send = async (post, call) => {
    const { met, probe } = begin();
    if (call.facts.attempts === 0) call.facts.breaker = met.state;
    if (met.state !== 'closed' && !probe) {
      call.facts.retryAfterMs = met.state === 'open' ? Math.max(0, met.until - time()) : undefined;
      throw REFUSAL;
    }
    const ending = await endingOf(send, post, call, clock);
    await end(ending, met, probe);
    if ('fault' in ending) throw ending.fault;
    return ending.reply;
  };

  return Object.freeze({ send: guardedSend, state: () => period.state });
};

/** Never rejects, and ends soon after the request does whatever the Send does: a probe without an end would jam the breaker. */
async function endingOf(send: Send, post: Post, call: Call, clock: Clock): Promise<Ending> {
  try {
    return { verdict: 'well', reply: await endingWith(call.signal, send(post, call), GRACE_MS, clock) };
  } catch (fault) {
    const known = fault instanceof AuthorizerError ? fault : undefined;
    if (known?.unhealthy) return { verdict: 'unwell', fault, retryAfterMs: known.retryAfterMs };
    const answered = known !== undefined && ANSWERED.has(known.code);
    return { verdict: answered ? 'well' : 'nothing', fault, retryAfterMs: undefined };
  }
}
