/** An internal Lambda extension: keeps the environment awake after an answer for as long as exporting wants it. */
import { Agent, type RequestOptions, request } from 'node:http';
import type { Clock } from '../domain/clock.ts';
import { atMost } from './bounded-wait.ts';

export interface Extension {
  /** Resolves once Lambda has answered the registration, or after 200 ms. Never rejects. */
  readonly ready: Promise<void>;
  /** Called once per invocation, when its answer is on its way. */
  readonly answered: () => void;
}

/**
 * Registers during init. From then on `afterAnswer` runs between each answer and the extension's wait for its next event: Lambda
 * freezes the environment only once runtime and extensions all wait for one.
 * Without an extension (not registered yet, or Lambda refuses) `afterAnswer` runs after the answer too, and Lambda may freeze it.
 * @param api host and port of the Runtime API.
 * @param name among the function's extensions.
 * @param afterAnswer is told whether Lambda waits for it; must end in time by itself and never reject.
 */
export const startExtension = (
  api: string,
  afterAnswer: (held: boolean) => Promise<void>,
  clock: Clock,
  name: string,
): Extension => {
  // One for each extension: Lambda leaves `next` unanswered until the next event, and whoever shares its connection waits as long.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
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

  const waitForEvents = async (identifier: string): Promise<void> => {
    registered = true;
    const headers = { 'Lambda-Extension-Identifier': identifier };
    const next = { ...optionsOf(api, 'GET', '/event/next', headers), agent };
    for (;;) {
      // Lambda sends no further event before this call: an answer up to here belongs to an earlier one, or to none.
      answerSeen = false;
      const event = await call(next).catch(async () => {
        // The answer to an invocation whose event was lost. Its work comes first: a later event would not bring it about.
        if (answerSeen) await afterAnswer(true);
        answerSeen = false;
        // Lambda waits for every extension that it has registered, so a broken connection must not end this one.
        return call(next);
      });
      if (event.status !== 200) return;
      await answer();
      await answerPosted();
      await afterAnswer(true);
    }
  };

  const giveUp = (): void => {
    registered = false;
  };

  // Never abandoned: Lambda ends init only once every extension that it has registered asks for an event.
  const registration = register(api, name, agent);
  registration
    .then(identifier => (identifier === undefined ? undefined : waitForEvents(identifier)))
    .then(giveUp, giveUp);

  return {
    ready: atMost(LONGEST_REGISTRATION_MS, registration, clock),
    answered: () => {
      answerSeen = true;
      wake();
      if (!registered) void answerPosted().then(() => afterAnswer(false));
    },
  };
};

/** Two turns of the event loop: in the first the runtime posts the answer, so that nothing of ours comes before it. */
export const answerPosted = (): Promise<void> =>
  new Promise(resolve => {
    setImmediate(() => setImmediate(resolve));
  });

/** Lambda's Extensions API, 2020-01-01: an internal extension may register for INVOKE alone. */
const API = '/2020-01-01/extension';
/** Init waits for Lambda's answer to the registration no longer than this; what is answered later still holds. */
const LONGEST_REGISTRATION_MS = 200;
/** An invocation that never comes to the authorizer must not hold the environment; longer than any deadline of ours. */
const LONGEST_ANSWER_MS = 15_000;

/** The extension's identifier, or undefined if Lambda refuses. */
async function register(api: string, name: string, agent: Agent): Promise<string | undefined> {
  const headers = { 'Lambda-Extension-Name': name, 'Content-Type': 'application/json' };
  const options = { ...optionsOf(api, 'POST', '/register', headers), agent };
  const { status, identifier } = await call(options, '{"events":["INVOKE"]}');
  return status === 200 ? identifier : undefined;
}

function optionsOf(
  api: string,
  method: 'GET' | 'POST',
  path: string,
  headers: Readonly<Record<string, string>>,
): RequestOptions {
  const [hostname, port] = api.split(':');
  return { hostname, port, method, path: `${API}${path}`, headers };
}

interface Answer {
  readonly status: number;
  readonly identifier: string | undefined;
}

function call(options: RequestOptions, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(options, incoming => {
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
}
