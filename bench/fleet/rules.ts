/** How an environment calls: by the product's own breaker, retry, credential and deadline code, or as a simple client does. */
import type { BreakerSettings } from '../../src/config/configuration.ts';
import type { GatewayCredential } from '../../src/credential/credential.ts';
import { fetchedCredential } from '../../src/credential/fetched-credential.ts';
import { type Call, newCounts, newFacts } from '../../src/domain/call.ts';
import { AuthorizerError } from '../../src/domain/errors.ts';
import type { AccessRequest } from '../../src/domain/request.ts';
import { tokenJudge } from '../../src/gate/token-judge.ts';
import { guarded } from '../../src/pdp/breaker.ts';
import { startDeadline } from '../../src/pdp/deadline.ts';
import { retried } from '../../src/pdp/retry.ts';
import type { Send } from '../../src/pdp/send.ts';
import type { SidebandReply } from '../../src/sideband/wire.ts';
import type { Reply } from './service.ts';
import { clockOf, type VirtualTime } from './virtual-time.ts';

export interface Rules {
  readonly name: string;
  /** The product's code with these settings; without them, the simple client. */
  readonly breaker?: BreakerSettings;
  /** The token gate, by the product's code. */
  readonly gate?: 'shape';
  readonly jitter?: boolean;
  readonly attemptMs?: number;
  /** Which free environment Lambda takes; the most recently used if left out. */
  readonly placement?: 'recent' | 'any';
}

/** `refused`: a junk token was denied, by PingOne or by the gate. */
export type Verdict = 'permit' | 'refused' | 'circuit-open' | 'failed';

/** What an environment reaches the world by. */
export interface Reach {
  readonly time: VirtualTime;
  readonly ask: (credential: string, reply: (reply: Reply) => void) => void;
  readonly fetchSecret: () => Promise<string>;
}

/** Decides on a request whose token is good, or junk. */
export type Decide = (junk: boolean) => Promise<Verdict>;

const ATTEMPT_MS = 3000;
const DEADLINE_MS = 5000;
const CREDENTIAL_TIMES = { ttlMs: 300_000, deadlineMs: DEADLINE_MS };
const RETRY_AFTER_MS = 1000;

const GOOD = requestWith(`${part({ alg: 'RS256' })}.${part({ sub: 'u' })}.c2ln`);
const JUNK = requestWith('junk');
const PERMIT = answered(200);
const REFUSED = answered(401);

/** The wire: one attempt, bounded in time. */
const wire =
  ({ time, ask }: Reach, attemptMs: number): Send =>
  (post, call) =>
    new Promise((resolve, reject) => {
      call.facts.attempts += 1;
      const giveUp = (): void => reject(new AuthorizerError('PDP_TIMEOUT', { unhealthy: true }));
      const cancel = time.after(attemptMs, giveUp);
      call.signal.addEventListener('abort', giveUp, { once: true });
      ask(post.credential, reply => {
        cancel();
        settle(reply, resolve, reject);
      });
    });

export const decider = (rules: Rules, reach: Reach): Decide =>
  rules.breaker === undefined ? simple(reach, rules) : ours(reach, rules.breaker, rules);

/** A simple client: the same time limits, one immediate repetition of whatever failed, a new secret for each refusal. */
function simple(reach: Reach, { attemptMs = ATTEMPT_MS }: Rules): Decide {
  const attempt = (credential: string): Promise<Reply | 'timeout'> =>
    new Promise(resolve => {
      const cancel = reach.time.after(attemptMs, () => resolve('timeout'));
      reach.ask(credential, reply => {
        cancel();
        resolve(reply);
      });
    });
  let credential = reach.fetchSecret();
  return async junk => {
    const permitted = junk ? 'refused' : 'permit';
    const started = reach.time.now();
    const first = await attempt(await credential.catch(() => ''));
    if (first === 'permit') return permitted;
    if (reach.time.now() - started + attemptMs > DEADLINE_MS) return 'failed';
    if (first === 'credential-refused') credential = reach.fetchSecret();
    return (await attempt(await credential.catch(() => ''))) === 'permit' ? permitted : 'failed';
  };
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function requestWith(token: string): AccessRequest {
  const headers = [['Authorization', `Bearer ${token}`]] as const;
  return { kind: 'rest', method: 'GET', url: 'https://api.example/', headers, sourceIp: '192.0.2.1' };
}

function answered(status: number): SidebandReply {
  return { status, headers: {}, body: undefined };
}

/** What the transport makes of each reply. */
function settle(reply: Reply, resolve: (reply: SidebandReply) => void, reject: (error: Error) => void): void {
  if (reply === 'permit') resolve(PERMIT);
  else if (reply === 'credential-refused') resolve(REFUSED);
  else if (reply === 'rate-limited') {
    reject(new AuthorizerError('PDP_RATE_LIMITED', { unhealthy: true, retryAfterMs: RETRY_AFTER_MS }));
  } else reject(new AuthorizerError('PDP_ERROR', { unhealthy: true, retryable: true }));
}

/** The product's rules, by the product's code. */
function ours(reach: Reach, breaker: BreakerSettings, { jitter, gate, attemptMs = ATTEMPT_MS }: Rules): Decide {
  const clock = clockOf(reach.time, jitter);
  const { send } = guarded(wire(reach, attemptMs), breaker, clock, () => undefined);
  const patient = retried(send, 1);
  const credential = fetchedCredential(reach.fetchSecret, CREDENTIAL_TIMES, clock, newCounts(), () => undefined);
  const judge = gate === undefined ? undefined : tokenJudge({ check: gate }, DEADLINE_MS, clock);
  credential.prewarm();
  return async junk => {
    const deadline = startDeadline(DEADLINE_MS, clock);
    const call: Call = { signal: deadline.signal, facts: newFacts(), trace: undefined };
    try {
      if ((await judge?.(junk ? JUNK : GOOD, deadline.signal)) !== undefined) return 'refused';
      const permitted = (await deadline.bound(exchange(patient, credential, call))) === PERMIT;
      return !permitted ? 'failed' : junk ? 'refused' : 'permit';
    } catch (error) {
      return error instanceof AuthorizerError && error.code === 'CIRCUIT_OPEN' ? 'circuit-open' : 'failed';
    } finally {
      deadline.end();
    }
  };
}

async function exchange(send: Send, credential: GatewayCredential, call: Call): Promise<SidebandReply> {
  const used = await credential.current(call);
  const reply = await send({ body: '', credential: used, propagation: {} }, call);
  if (reply !== REFUSED) return reply;
  const other = await credential.replacement(used, call);
  return other === undefined ? reply : send({ body: '', credential: other, propagation: {} }, call);
}
