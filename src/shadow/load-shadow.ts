/** The port to the shadow, and what stands in its place while it is off or being loaded. */
import type { Authorize } from '../corridor/port.ts';

export interface Shadow {
  /** Sees each outcome on its way, and changes nothing about it. */
  readonly authorize: (authorize: Authorize) => Authorize;
  /** Called when an answer is on its way. Never throws, never waits. */
  readonly answered: () => void;
  /** When init may end, given when it may end otherwise; undefined if there is nothing to wait for. Never rejects. */
  readonly readyWith: (others: Promise<void> | undefined) => Promise<void> | undefined;
}

/** A shadow that is loaded. */
export interface StartedShadow extends Pick<Shadow, 'authorize' | 'answered'> {
  /** Resolves when it has its place in the environment. Never rejects. */
  readonly ready: Promise<void>;
}

/** Calls the work after answers: while the environment is kept awake for it, where the platform allows that. */
export type AfterAnswers = (work: () => Promise<void>) => Pick<StartedShadow, 'answered' | 'ready'>;

/** No second service, no cost. */
export const noShadow: Shadow = Object.freeze({
  authorize: (authorize: Authorize) => authorize,
  answered: () => undefined,
  readyWith: (others: Promise<void> | undefined) => others,
});

/** A Shadow that begins once it is loaded. No request waits for it. */
export const whenStarted = (starting: Promise<StartedShadow>, notify: (error: unknown) => void): Shadow => {
  let shadow: Pick<Shadow, 'authorize' | 'answered'> = noShadow;
  const started = starting.then(given => {
    shadow = given;
    return given.ready;
  }, notify);
  return Object.freeze({
    authorize:
      (authorize: Authorize): Authorize =>
      visit =>
        shadow.authorize(authorize)(visit),
    answered: () => shadow.answered(),
    readyWith: (others: Promise<void> | undefined) => Promise.all([started, others]).then(() => undefined),
  });
};
