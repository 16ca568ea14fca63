/** An internal Lambda extension: keeps the environment awake after an answer just long enough to flush. */
import { Agent, request } from 'node:http';
import type { Clock } from '../domain/clock.ts';

/** Lambda's Extensions API, 2020-01-01: an internal extension may register for INVOKE alone. */
const API = '/2020-01-01/extension';
const NAME = 'pingone-authorizer-telemetry';
/** Init waits for Lambda's answer to the registration no longer than this; what is answered later still holds. */
const LONGEST_REGISTRATION_MS = 200;
/** An invocation that never comes to the authorizer must not hold the environment; longer than any deadline of ours. */
const LONGEST_ANSWER_MS = 15_000;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

export interface Extension {
  /** Resolves once Lambda has answered the registration, or after 200 ms. Never rejects. */
  readonly ready: Promise<void>;
  /** Told once per invocation, when its answer is on its way. */
  readonly answered: () => void;
}

interface Answer {
  readonly status: number;
  readonly identifier: string | undefined;
}

const call = (
  api: string,
  method: 'GET' | 'POST',
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const [hostname, port] = api.split(':');
    const outgoing = request({ hostname, port, method, path: `${API}${path}`, headers, agent }, incoming => {
      const id = incoming.headers['lambda-extension-identifier'];
      incoming.resume();
      incoming.once('end', () =>
        resolve({ status: incoming.statusCode ?? 0, identifier: typeof id === 'string' ? id : undefined }),
      );
      incoming.once('error', reject);
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });

/** Two turns of the event loop: in the first the runtime posts the answer, so that flushing comes after it. */
const afterTheAnswer = (): Promise<void> => new Promise(resolve => setImmediate(() => setImmediate(resolve)));

/**
 * Registers during init, and from then on flushes after each answer, before asking for the next event: Lambda freezes
 * the environment only once runtime and extensions all wait for one.
 * Without an extension (not registered yet, or Lambda refuses) flushing begins after the answer and nobody waits for it.
 * @param api host and port of the Runtime API.
 * @param flush must end in time by itself and never reject.
 */
export const startExtension = (api: string, flush: () => Promise<void>, clock: Clock): Extension => {
  let registered = false;
  let answerSeen = false;
  let wake = (): void => undefined;

  const answer = (): Promise<void> =>
    new Promise(resolve => {
      const cancel = clock.after(LONGEST_ANSWER_MS, resolve);
      wake = () => {
        cancel();
        resolve();
      };
      if (answerSeen) wake();
    });

  const next = async (identifier: string): Promise<boolean> => {
    // Lambda sends no further event before this call: an answer up to here belongs to an earlier one, or to none.
    answerSeen = false;
    return (await call(api, 'GET', '/event/next', { 'Lambda-Extension-Identifier': identifier })).status === 200;
  };

  const flushAfterEachAnswer = async (identifier: string): Promise<void> => {
    registered = true;
    while (await next(identifier)) {
      await answer();
      await afterTheAnswer();
      await flush();
    }
  };

  const giveUp = (): void => {
    registered = false;
  };

  // Never abandoned: Lambda ends init only once every extension that it has registered asks for an event.
  const registration = register(api);
  registration
    .then(identifier => (identifier === undefined ? undefined : flushAfterEachAnswer(identifier)))
    .then(giveUp, giveUp);

  return {
    ready: atMost(LONGEST_REGISTRATION_MS, registration, clock),
    answered: () => {
      answerSeen = true;
      wake();
      if (!registered) afterTheAnswer().then(flush, () => undefined);
    },
  };
};

/** The extension's identifier, or undefined where Lambda refuses. */
const register = async (api: string): Promise<string | undefined> => {
  const headers = { 'Lambda-Extension-Name': NAME, 'Content-Type': 'application/json' };
  const { status, identifier } = await call(api, 'POST', '/register', headers, '{"events":["INVOKE"]}');
  return status === 200 ? identifier : undefined;
};

/** Resolves when the work has ended, however it did, or after some ms. */
const atMost = (ms: number, work: Promise<unknown>, clock: Clock): Promise<void> =>
  new Promise(resolve => {
    const cancel = clock.after(ms, resolve);
    const ended = (): void => {
      cancel();
      resolve();
    };
    work.then(ended, ended);
  });
