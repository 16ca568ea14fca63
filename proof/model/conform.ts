/** Drives the product's breaker through every sequence of events of a length, and compares each step with the model. */
import { newFacts } from '../../src/domain/call.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { AuthorizerError } from '../../src/domain/errors.ts';
import { guarded } from '../../src/pdp/breaker.ts';
import type { SidebandReply } from '../../src/sideband/wire.ts';
import { admitted, EVENTS, type Event, following, type Model, START } from './breaker-model.ts';

export interface Conformed {
  readonly traces: number;
  /** The first few traces in which code and model part, as text. */
  readonly apart: readonly string[];
}

/** @param length how many events a trace has at most. */
export const conform = async (length: number): Promise<Conformed> => {
  const apart: string[] = [];
  let traces = 0;
  const walk = async (model: Model, trace: readonly Event[]): Promise<void> => {
    const possible = trace.length === length ? [] : EVENTS.filter(event => following(model, event) !== undefined);
    if (possible.length === 0) {
      traces += 1;
      const difference = await play(trace);
      if (difference !== undefined && apart.length < 5) apart.push(`${trace.join(', ')}: ${difference}`);
    }
    for (const event of possible) await walk(following(model, event) ?? model, [...trace, event]);
  };
  await walk(START, []);
  return { traces, apart };
};

const SETTINGS = { errorThresholdPercent: 50, volumeThreshold: 2, windowMs: 1_000_000, resetMs: 1000 };
/** Longer than any opening in these traces, jitter included. */
const PAST_MS = 2000;
const POST = { body: '', credential: '', propagation: {} };
const REPLY: SidebandReply = { status: 200, headers: {}, body: undefined };
const FAULTS = {
  fails: { unhealthy: true },
  'is rate limited': { unhealthy: true, retryAfterMs: 1000 },
  'was never seen': {},
};

interface UnderWay {
  readonly settle: (how: 'is answered' | keyof typeof FAULTS) => void;
}

/** What differs, or undefined. */
async function play(trace: readonly Event[]): Promise<string | undefined> {
  let now = 0;
  const clock: Clock = { now: () => now, elapsed: () => now, random: () => 0.5, after: () => () => undefined };
  let sent: UnderWay | undefined;
  const breaker = guarded(
    () =>
      new Promise((resolve, reject) => {
        sent = {
          settle: how => {
            if (how === 'is answered') resolve(REPLY);
            else reject(new AuthorizerError('PDP_ERROR', FAULTS[how]));
          },
        };
      }),
    SETTINGS,
    clock,
    () => undefined,
  );
  let model = START;
  let calls: UnderWay[] = [];
  let probe: UnderWay | undefined;
  const stragglers: UnderWay[] = [];

  for (const event of trace) {
    if (event === 'request') {
      sent = undefined;
      breaker.send(POST, { signal: NEVER, facts: newFacts(), trace: undefined }).catch(() => undefined);
      const expected = admitted(model);
      if ((sent === undefined) !== (expected === 'refused'))
        return `a request is ${sent === undefined ? '' : 'not '}refused`;
      if (expected === 'call' && sent !== undefined) calls.push(sent);
      if (expected === 'probe') probe = sent;
    } else if (event === 'time passes') now += PAST_MS;
    else {
      const [who, ...words] = event.split(' ');
      const ended = who === 'call' ? calls.shift() : who === 'probe' ? probe : stragglers.shift();
      ended?.settle(words.join(' ') as keyof typeof FAULTS);
      if (who === 'probe') probe = undefined;
    }
    await everythingSettled();
    const next = following(model, event);
    if (next === undefined) return `${event} cannot happen`;
    if (model.state === 'closed' && next.state !== 'closed') {
      stragglers.push(...calls);
      calls = [];
    }
    model = next;
    if (breaker.state() !== model.state) return `after ${event} it is ${breaker.state()}, not ${model.state}`;
  }
  return undefined;
}

const NEVER = new AbortController().signal;

async function everythingSettled(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}
