/** The product's circuit breaker under the events of its model. */
import { everythingSettled } from '../../bench/fleet/virtual-time.ts';
import { newFacts } from '../../src/domain/call.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { AuthorizerError } from '../../src/domain/errors.ts';
import { guarded } from '../../src/pdp/breaker.ts';
import type { SidebandReply } from '../../src/sideband/wire.ts';
import type { BreakerEvent } from './breaker-model.ts';
import type { Driven } from './conform.ts';

const SETTINGS = { errorThresholdPercent: 50, volumeThreshold: 2, windowMs: 1_000_000, resetMs: 1000 };
/** Longer than any opening in these traces, jitter included. */
const PAST_MS = 2000;
const POST = { body: '', credential: '', propagation: {} };
const REPLY: SidebandReply = { status: 200, headers: {}, body: undefined };
const FAULTS: Readonly<Record<string, AuthorizerError>> = {
  fails: new AuthorizerError('PDP_ERROR', { unhealthy: true }),
  'is rate limited': new AuthorizerError('PDP_ERROR', { unhealthy: true, retryAfterMs: 1000 }),
  'was never seen': new AuthorizerError('PDP_ERROR'),
};

/** Ends a call that is under way. */
type End = (how: string) => void;

export const driveBreaker = (): Driven<BreakerEvent> => {
  let now = 0;
  // Of its own: calls without an end leave listeners on it, and each listener that goes is searched among them.
  const { signal } = new AbortController();
  const clock: Clock = { now: () => now, elapsed: () => now, random: () => 0.5, after: () => () => undefined };
  let sent: End | undefined;
  const send = (): Promise<SidebandReply> =>
    new Promise((resolve, reject) => {
      sent = how => {
        const fault = FAULTS[how];
        if (fault === undefined) resolve(REPLY);
        else reject(fault);
      };
    });
  const breaker = guarded(send, SETTINGS, clock, () => undefined);
  let calls: End[] = [];
  let probe: End | undefined;
  const stragglers: End[] = [];

  const request = (): string => {
    const { send: ask, state } = breaker;
    const closed = state() === 'closed';
    sent = undefined;
    ask(POST, { signal, facts: newFacts(), trace: undefined }).catch(() => undefined);
    if (sent === undefined) return 'refused';
    if (closed) calls.push(sent);
    else probe = sent;
    return 'sent';
  };

  const end = (event: BreakerEvent): void => {
    const [who, ...how] = event.split(' ');
    const call = who === 'call' ? calls.shift() : who === 'probe' ? probe : stragglers.shift();
    if (who === 'probe') probe = undefined;
    call?.(how.join(' '));
  };

  return {
    happen: async event => {
      const before = breaker.state();
      const answers = event === 'request' ? [request()] : [];
      if (event === 'time passes') now += PAST_MS;
      else if (event !== 'request') end(event);
      await everythingSettled();
      if (before === 'closed' && breaker.state() !== 'closed') {
        stragglers.push(...calls);
        calls = [];
      }
      return [breaker.state(), ...answers].join(', ');
    },
  };
};
