/** What stays in the process after thousands of requests of the composed handler, over real sockets. */
import { compose } from '../../src/compose.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { apiGateway } from '../../src/gateway/api-gateway.ts';
import { eventOf } from '../simulation/requests.ts';
import { bytesHeld, collectGarbage } from './measure.ts';

export interface RequestsAsked {
  readonly variables: Readonly<Record<string, string>>;
  readonly requests: number;
}

/** The process after so many requests, all answered. */
export interface Floor {
  readonly requests: number;
  /** Heap and buffers after all garbage is collected, in bytes. */
  readonly held: number;
  /** Timers that keep the process alive. */
  readonly timers: number;
  /** Answers by effect. */
  readonly answers: Readonly<Record<string, number>>;
}

/** At once, so that the pool of connections is used, too. */
const AT_ONCE = 10;

/** Each call of the result makes requests with the same handler. The process must run with `--expose-gc`. */
export const openHandler = (): ((asked: RequestsAsked) => Promise<Floor>) => {
  let authorize: ((event: unknown, context: unknown) => Promise<unknown>) | undefined;
  let made = 0;
  return async ({ variables, requests }) => {
    const config = loadConfig(variables);
    authorize ??= compose(apiGateway(config.answers), config, { writeLine: () => undefined }).authorize;
    const answers: Record<string, number> = {};
    const end = made + requests;
    const ask = async (): Promise<void> => {
      while (made < end) {
        made += 1;
        const effect = effectIn(
          await authorize?.(eventOf(made, { text: bearerToken(made) }), { getRemainingTimeInMillis: () => 30_000 }),
        );
        answers[effect] = (answers[effect] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
    await aMoment();
    collectGarbage();
    const timers = process.getActiveResourcesInfo().filter(name => name === 'Timeout').length;
    return { requests: made, held: bytesHeld(), timers, answers };
  };
};

/** For what is done after the last answer. */
function aMoment(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 500));
}

function effectIn(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null || !('context' in answer)) return 'thrown';
  const { context } = answer;
  return typeof context === 'object' && context !== null && 'effect' in context ? String(context.effect) : 'none';
}

/** Each client has a token of its own. */
function bearerToken(request: number): string {
  const claims = Buffer.from(JSON.stringify({ sub: `client-${request}`, exp: 9_999_999_999 })).toString('base64url');
  return `eyJhbGciOiJSUzI1NiJ9.${claims}.c2ln`;
}
