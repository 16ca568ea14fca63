/** The product's retry under the events of its model, between the client above it and the breaker below it. */
import { everythingSettled } from '../../bench/fleet/virtual-time.ts';
import type { GatewayCredential } from '../../src/credential/credential.ts';
import { newFacts } from '../../src/domain/call.ts';
import { AuthorizerError } from '../../src/domain/errors.ts';
import { attempts } from '../../src/pdp/attempt.ts';
import { guarded } from '../../src/pdp/breaker.ts';
import { sidebandPdp } from '../../src/pdp/client.ts';
import { startDeadline } from '../../src/pdp/deadline.ts';
import { retried } from '../../src/pdp/retry.ts';
import type { Post, Send } from '../../src/pdp/send.ts';
import type { SidebandReply } from '../../src/sideband/wire.ts';
import { openWorld } from '../simulation/world.ts';
import type { Driven } from './conform.ts';
import type { AskingEvent, RetrySettings } from './retry-model.ts';

const DEADLINE_MS = 5000;
/** Longer than the grace that follows the deadline. */
const PAST_MS = DEADLINE_MS + 100;
const REQUEST = {
  kind: 'rest',
  method: 'GET',
  url: 'https://h.example/a',
  headers: [],
  sourceIp: '192.0.2.1',
} as const;
/** Opens for nothing but a `Retry-After`. */
const BREAKER = { errorThresholdPercent: 100, volumeThreshold: 1000, windowMs: 60_000, resetMs: 1000 };
const LATER = { unhealthy: true, retryAfterMs: 60_000 };

const FAULTS: ReadonlyMap<string, AuthorizerError> = new Map([
  ['connection breaks', new AuthorizerError('PDP_UNREACHABLE', { unhealthy: true, retryable: true })],
  ['connection breaks as the deadline passes', new AuthorizerError('PDP_UNREACHABLE', { retryable: true })],
  ['kept connection breaks', new AuthorizerError('PDP_UNREACHABLE', { retryable: true })],
  ['replied 503', new AuthorizerError('PDP_ERROR', { unhealthy: true, retryable: true })],
  ['replied 503 with Retry-After', new AuthorizerError('PDP_ERROR', { ...LATER, retryable: true })],
  ['replied 500', new AuthorizerError('PDP_ERROR', { unhealthy: true })],
  ['replied 429', new AuthorizerError('PDP_RATE_LIMITED', { unhealthy: true })],
  ['reply breaks off', new AuthorizerError('PDP_UNREACHABLE', { unhealthy: true })],
  ['attempt times out', new AuthorizerError('PDP_TIMEOUT', { unhealthy: true })],
]);

/** What is under way: an attempt, or a question to the store. */
type End = (event: AskingEvent) => void;

export const driveRetries = ({ retries, breaker }: RetrySettings): Driven<AskingEvent> => {
  const world = openWorld(0);
  const deadline = startDeadline(DEADLINE_MS, world.clock);
  let seen: string[] = [];
  let end: End = () => undefined;
  let atTheDeadline: AskingEvent = 'deadline passes';

  const send: Send = ({ body, credential }: Post, { signal }) =>
    new Promise((resolve, reject) => {
      if (credential === 'of another request') return reject(new AuthorizerError('PDP_RATE_LIMITED', LATER));
      seen.push(`sends ${credential}`);
      end = event => {
        const fault = FAULTS.get(event);
        if (event === 'replied') resolve(replyOf(200, body));
        else if (event === 'credential is refused') resolve(replyOf(401, ''));
        else reject(fault ?? new AuthorizerError('PDP_TIMEOUT', { unhealthy: true }));
      };
      signal.addEventListener('abort', () => end(atTheDeadline));
    });

  const credential: GatewayCredential = {
    current: async () => 'the first credential',
    replacement: (_refused, { signal }) =>
      new Promise(resolve => {
        end = event => resolve(event.startsWith('store has another') ? 'the other credential' : undefined);
        signal.addEventListener('abort', () => end(atTheDeadline));
      }),
    noteRefusal: () => undefined,
    prewarm: () => undefined,
  };

  const guard = breaker ? guarded(send, BREAKER, world.clock, () => undefined).send : send;
  const pdp = sidebandPdp(retried(attempts(guard, world.clock), retries), credential, 'full');
  const call = { signal: deadline.signal, facts: newFacts(), trace: undefined };
  const elsewhere = { ...call, signal: new AbortController().signal, facts: newFacts() };
  deadline.bound(pdp(REQUEST, call)).then(
    ({ effect }) => seen.push(effect === 'permit' ? 'decides' : effect),
    (fault: unknown) => seen.push(fault instanceof AuthorizerError ? fault.code : String(fault)),
  );
  const begun = everythingSettled();

  return {
    happen: async event => {
      await begun;
      seen = [];
      if (event === 'another request is told to come back later') {
        guard({ body: '', credential: 'of another request', propagation: {} }, elsewhere).catch(() => undefined);
      } else if (event.endsWith('deadline passes')) {
        atTheDeadline = event;
        await world.pass(PAST_MS);
      } else end(event);
      await everythingSettled();
      return seen.join(', ');
    },
  };
};

function replyOf(status: number, body: string): SidebandReply {
  return { status, headers: {}, body: Buffer.from(body) };
}
