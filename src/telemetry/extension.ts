/** An internal Lambda extension: keeps the environment awake after an answer just long enough to flush. */
import { Agent, request } from 'node:http';
import type { Clock } from '../pdp/deadline.ts';

/** Lambda's Extensions API, 2020-01-01: an internal extension may register for INVOKE alone. */
const API = '/2020-01-01/extension';
const NAME = 'pingone-authorizer-telemetry';
/** An invocation that never comes to the authorizer must not hold the environment; longer than any deadline of ours. */
const LONGEST_ANSWER_MS = 15_000;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

export interface Extension {
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
 * Without an extension (none may register, or not for INVOKE) flushing begins after the answer and nobody waits for it.
 * @param api host and port of the Runtime API.
 * @param flush must end in time by itself and never reject.
 */
export const startExtension = (api: string, flush: () => Promise<void>, clock: Clock): Extension => {
  let invoked = 0;
  let answers = 0;
  let registered = true;
  let wake = (): void => undefined;

  const answer = (): Promise<void> =>
    new Promise(resolve => {
      const cancel = clock.after(LONGEST_ANSWER_MS, resolve);
      const answered = (): void => {
        cancel();
        resolve();
      };
      if (answers >= invoked) answered();
      else wake = answered;
    });

  const next = async (identifier: string): Promise<boolean> =>
    (await call(api, 'GET', '/event/next', { 'Lambda-Extension-Identifier': identifier })).status === 200;

  const loop = async (): Promise<void> => {
    const headers = { 'Lambda-Extension-Name': NAME, 'Content-Type': 'application/json' };
    const { status, identifier } = await call(api, 'POST', '/register', headers, '{"events":["INVOKE"]}');
    if (status !== 200 || identifier === undefined) return;
    while (await next(identifier)) {
      invoked += 1;
      await answer();
      await afterTheAnswer();
      await flush();
    }
  };

  const giveUp = (): void => {
    registered = false;
  };
  loop().then(giveUp, giveUp);

  return {
    answered: () => {
      answers += 1;
      wake();
      if (!registered) afterTheAnswer().then(flush, () => undefined);
    },
  };
};
