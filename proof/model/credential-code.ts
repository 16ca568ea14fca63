/** The product's stored credential under the events of its model. */
import { everythingSettled } from '../../bench/fleet/virtual-time.ts';
import { fetchedCredential } from '../../src/credential/fetched-credential.ts';
import { newCounts, newFacts } from '../../src/domain/call.ts';
import { AuthorizerError } from '../../src/domain/errors.ts';
import { openWorld } from '../simulation/world.ts';
import type { Driven } from './conform.ts';
import type { CredentialEvent } from './credential-states.ts';

/** Stale after three steps of five seconds, whatever quarters of a second come between. */
const TIMES = { ttlMs: 12_500, deadlineMs: 5000 };
const FIVE_SECONDS_MS = 5001;
const QUARTER_MS = 251;
const HOUR_MS = 3_600_000;

/** A call to the store. */
interface Reading {
  readonly answer: (text: string) => void;
  readonly fail: () => void;
}

/** A request that waits, and what ends it; one that has a credential to go on with is ended by nothing. */
interface Pending {
  readonly giveUp: (() => void) | undefined;
}

export const driveCredential = (): Driven<CredentialEvent> => {
  const world = openWorld(0);
  const reading = new Set<Reading>();
  const pending = new Set<Pending>();
  let answers: string[] = [];
  let stored = 0;
  /** What the store gave, the newest last: the last is held, and the one before it may be in reserve. */
  const given: string[] = [];

  const fetchText = (signal: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        reading.delete(call);
        settle();
      };
      const call: Reading = {
        answer: text => end(() => resolve(text)),
        fail: () => end(() => reject(new Error('down'))),
      };
      reading.add(call);
      signal.addEventListener('abort', call.fail);
    });
  const credential = fetchedCredential(fetchText, TIMES, world.clock, newCounts(), () => undefined);
  credential.prewarm();

  const ask = (mayGiveUp: boolean, how: (signal: AbortSignal) => Promise<string | undefined>): void => {
    const controller = new AbortController();
    const one: Pending = { giveUp: mayGiveUp ? () => controller.abort() : undefined };
    const answered = (answer: string): void => {
      pending.delete(one);
      answers.push(answer);
    };
    pending.add(one);
    how(controller.signal).then(
      value => answered(value ?? 'none'),
      (error: unknown) => answered(error instanceof AuthorizerError ? 'unavailable' : String(error)),
    );
  };
  const callWith = (signal: AbortSignal) => ({ signal, facts: newFacts(), trace: undefined });
  const refusal = (refused: string): void => ask(true, signal => credential.replacement(refused, callWith(signal)));
  const held = (): string => given.at(-1) ?? '';
  const before = (): string => given.findLast(version => version !== held()) ?? '';

  const inflict = async (event: CredentialEvent): Promise<void> => {
    if (event === 'request') ask(given.length === 0, signal => credential.current(callWith(signal)));
    else if (event === 'refusal') refusal(held());
    else if (event === 'late refusal') refusal(before());
    else if (event === 'replacement is refused') credential.noteRefusal(held());
    else if (event === 'reserve is refused') credential.noteRefusal(before());
    else if (event === 'request gives up') [...pending].find(({ giveUp }) => giveUp !== undefined)?.giveUp?.();
    else if (event === 'store answers') {
      given.push(`credential ${stored}`);
      for (const call of reading) call.answer(`credential ${stored}`);
    } else if (event === 'store fails') for (const call of [...reading]) call.fail();
    else if (event === 'rotation') stored += 1;
    else if (event === 'quarter of a second passes') await world.pass(QUARTER_MS);
    else if (event === 'five seconds pass') await world.pass(FIVE_SECONDS_MS);
    else world.setClock(event === 'frozen for an hour' ? HOUR_MS : -HOUR_MS);
  };

  return {
    happen: async event => {
      answers = [];
      await inflict(event);
      await everythingSettled();
      return [`${reading.size} fetches`, ...answers.toSorted()].join(', ');
    },
  };
};
