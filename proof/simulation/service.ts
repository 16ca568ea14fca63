/** PingOne and the wire to it, scripted by chance: every kind of reply and failure that the transport can hand on. */
import { AuthorizerError } from '../../src/domain/errors.ts';
import type { Post, Send } from '../../src/pdp/send.ts';
import type { SidebandReply } from '../../src/sideband/wire.ts';
import { drawn, wholeNumber } from './chance.ts';
import { ENDINGS, type Ending, type Health } from './endings.ts';
import type { World } from './world.ts';

/** One attempt as the service sees it. */
export interface Attempt {
  /** Which request it belongs to. */
  readonly request: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly credential: string;
  readonly startedAt: number;
  ending: Ending | undefined;
  endedAt: number | undefined;
}

export interface Service {
  readonly send: Send;
  readonly attempts: readonly Attempt[];
  /** How likely each ending is, from now on. */
  readonly become: (health: Health) => void;
  /** The credentials that are accepted from now on. */
  readonly accept: (credentials: readonly string[]) => void;
  /** The signals of all attempts. */
  readonly signals: ReadonlySet<AbortSignal>;
}

export interface ServiceSettings {
  /** Its name in the story. */
  readonly name: string;
  /** What its answers to a request bear. */
  readonly mark: (request: number) => string;
}

const ATTEMPT_MS = 3000;
/** A reply takes from and to so many ms: mostly it is quick. */
const REPLY_MS: readonly (readonly [weight: number, range: readonly [number, number]])[] = [
  [9, [1, 400]],
  [1, [400, 2900]],
];

export const openService = (world: World, { name, mark }: ServiceSettings, say: (line: string) => void): Service => {
  const attempts: Attempt[] = [];
  const signals = new Set<AbortSignal>();
  let health: Health = 'well';
  let accepted: readonly string[] = [];

  const endingOf = (credential: string): Ending => {
    const ending = drawn(world.random, ENDINGS[health]);
    const answers = ending === 'permits' || ending === 'denies';
    return answers && !accepted.includes(credential) ? 'refuses the credential' : ending;
  };

  const send: Send = (post, call) =>
    new Promise((resolve, reject) => {
      const attempt = attemptOf(post, world.now());
      const ending = endingOf(post.credential);
      const earlier = attempts.at(-1)?.body ?? attempt.body;
      attempts.push(attempt);
      signals.add(call.signal);
      call.facts.attempts += 1;
      if (call.signal.aborted) {
        attempt.ending = 'was never asked: the pool was full';
        attempt.endedAt = world.now();
        reject(new AuthorizerError('PDP_TIMEOUT'));
        return;
      }
      const end = (as: Ending, settle: () => void): void => {
        if (attempt.ending !== undefined) return;
        attempt.ending = as;
        attempt.endedAt = world.now();
        stopTimer();
        call.signal.removeEventListener('abort', timeout);
        say(`${name}, request ${attempt.request}: ${as}`);
        settle();
      };
      const timeout = (): void => end('stalls', () => reject(new AuthorizerError('PDP_TIMEOUT', { unhealthy: true })));
      if (ending === 'ignores its signal') return;
      const stopTimer = world.clock.after(ATTEMPT_MS, timeout);
      call.signal.addEventListener('abort', timeout);
      if (ending === 'stalls') return;
      world.outside(wholeNumber(world.random, ...drawn(world.random, REPLY_MS)), () =>
        end(ending, () => settleBy(ending, attempt, earlier, mark(attempt.request), world, resolve, reject)),
      );
    });

  return {
    send,
    attempts,
    signals,
    become: to => {
      health = to;
    },
    accept: credentials => {
      accepted = credentials;
    },
  };
};

/** The marks that one request's answers bear, so that another's are known. */
export const markOf = (request: number): string => `mark-${request}-`;
/** Those of the shadow, which stand in no answer at all. */
export const shadowMarkOf = (request: number): string => `shadow-mark-${request}-`;

function attemptOf(post: Post, startedAt: number): Attempt {
  const body: unknown = JSON.parse(post.body);
  if (typeof body !== 'object' || body === null) throw new TypeError('the sideband request is no object');
  const url = 'url' in body ? String(body.url) : '';
  const request = Number(/\/r\/(\d+)/.exec(url)?.[1] ?? Number.NaN);
  return { request, body: { ...body }, credential: post.credential, startedAt, ending: undefined, endedAt: undefined };
}

function settleBy(
  ending: Ending,
  { body }: Attempt,
  earlier: Attempt['body'],
  mark: string,
  { random }: World,
  resolve: (reply: SidebandReply) => void,
  reject: (error: Error) => void,
): void {
  const answer = (status: number, content: unknown): void =>
    resolve({ status, headers: {}, body: Buffer.from(JSON.stringify(content)) });
  const fault = (code: 'PDP_ERROR' | 'PDP_UNREACHABLE' | 'PDP_TIMEOUT' | 'PDP_RATE_LIMITED', details: object): void =>
    reject(new AuthorizerError(code, details));
  const echo = { ...body, headers: [...headersOf(body), { 'x-mark': mark }] };
  if (ending === 'permits') answer(200, echo);
  else if (ending === 'denies') answer(200, { ...echo, response: denial(mark) });
  else if (ending === 'answers with the echo of an earlier attempt') answer(200, earlier);
  else if (ending === 'answers with another method') answer(200, { ...echo, method: 'DELETE' });
  else if (ending === 'answers with a broken body') resolve({ status: 200, headers: {}, body: Buffer.from('{"me') });
  else if (ending === 'refuses the credential') answer(401, { message: 'The Gateway Token is invalid' });
  else if (ending === 'answers 503') fault('PDP_ERROR', { unhealthy: true, retryable: true });
  else if (ending === 'answers 500') fault('PDP_ERROR', { unhealthy: true });
  else if (ending === 'answers 429') {
    fault('PDP_RATE_LIMITED', { unhealthy: true, retryAfterMs: wholeNumber(random, 1, 20) * 1000 });
  } else if (ending === 'cannot be reached') fault('PDP_UNREACHABLE', { unhealthy: true, retryable: true });
  else if (ending === 'breaks a kept connection') fault('PDP_UNREACHABLE', { retryable: true });
  else fault('PDP_TIMEOUT', {});
}

function headersOf(body: Attempt['body']): readonly unknown[] {
  return Array.isArray(body['headers']) ? body['headers'] : [];
}

function denial(mark: string): object {
  return {
    response_code: '403',
    response_status: 'Forbidden',
    headers: [],
    body: JSON.stringify({ message: `${mark} says no` }),
  };
}
