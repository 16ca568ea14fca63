/** When work that must not delay an answer is done. */
import type { Platform } from '../config/configuration.ts';
import type { Clock } from '../domain/clock.ts';
import { answerPosted, type Extension, startExtension } from './extension.ts';

/**
 * Calls the work after each answer: on Lambda inside an extension of this name, which keeps the environment awake for it. On
 * managed instances, where nothing is frozen, and without Lambda nothing waits for it.
 * @param work is told whether Lambda waits for it; must end in time by itself and never reject.
 */
export const afterAnswers = (
  { concurrent, runtimeApi }: Platform,
  name: string,
  work: (held: boolean) => Promise<void>,
  clock: Clock,
): Extension =>
  concurrent || runtimeApi === undefined
    ? { ready: Promise.resolve(), answered: () => void answerPosted().then(() => work(false)) }
    : startExtension(runtimeApi, work, clock, name);
