/** retried(Attempt): further attempts where the fault says that one is safe and may help, inside the same deadline. */

import type { Call } from '../domain/call.ts';
import { AuthorizerError } from '../domain/errors.ts';

const mayRetry = (error: unknown): error is AuthorizerError => error instanceof AuthorizerError && error.retryable;

/** A breaker that opened between two attempts says nothing new: the fault before it is the reason. */
const reasonOf = (error: unknown, before: AuthorizerError | undefined): unknown =>
  before !== undefined && error instanceof AuthorizerError && error.code === 'CIRCUIT_OPEN' ? before : error;

/**
 * Repeats a failed attempt: a connection that failed or was reset before any reply byte, or a 502, 503, 504. A sideband
 * request asks and changes nothing, so that repeating it is safe.
 * @param retries how often in one request, whichever credential it was sent with.
 */
export const retried =
  <Question, Reply>(ask: (question: Question, call: Call) => Promise<Reply>, retries: number) =>
  async (question: Question, call: Call): Promise<Reply> => {
    let before: AuthorizerError | undefined;
    for (;;) {
      try {
        return await ask(question, call);
      } catch (error) {
        if (call.facts.retries >= retries || !mayRetry(error) || call.signal.aborted) throw reasonOf(error, before);
        call.facts.retries += 1;
        before = error;
      }
    }
  };
