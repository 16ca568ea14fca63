/** Dense and sparse traffic to one environment, timed at the Runtime API, where Lambda too sees what is billed. */
import { setTimeout as delay } from 'node:timers/promises';
import { effectOf } from '../bed/function.ts';
import { inRounds } from '../bed/rounds.ts';
import type { Services } from '../bed/services.ts';
import { BATCH_DELAY_MS, type Subject } from './subjects.ts';

/** ms since the event was handed over. */
export interface Decision {
  readonly answered: number;
  /** When runtime and extensions all wait for the next event again. */
  readonly idle: number;
}

export type Taken = ReadonlyMap<Subject, readonly (readonly Decision[])[]>;

export interface Sparse {
  readonly taken: Taken;
  /** Answers after which an environment was frozen although a collector that answers had not got all spans, by subject. */
  readonly frozenWithSpans: ReadonlyMap<Subject, number>;
}

/** Longer than a batch waits: whatever is not exported before the freeze is late. */
const PAUSE_MS = BATCH_DELAY_MS + 100;

/** Each request comes as soon as the environment is free. The first ones of a turn are not counted: they follow a pause. */
export const denseTraffic = (
  subjects: readonly Subject[],
  { rounds, calls }: { readonly rounds: number; readonly calls: number },
): Promise<Taken> =>
  inRounds(subjects, { rounds }, async subject => {
    for (let call = 0; call < 3; call += 1) await decide(subject);
    const decisions: Decision[] = [];
    for (let call = 0; call < calls; call += 1) decisions.push(await decide(subject));
    return decisions;
  });

/** One request for each environment between pauses in which all of them are frozen, as Lambda freezes what is idle. */
export const sparseTraffic = async (
  subjects: readonly Subject[],
  services: Pick<Services, 'counts'>,
  rounds: number,
): Promise<Sparse> => {
  const exporting = subjects.filter(({ collector }) => collector === 'near' || collector === 'ms20');
  const frozenWithSpans = new Map(exporting.map((subject): [Subject, number] => [subject, 0]));
  for (const { environment } of subjects) environment.freeze();
  const pause = async (round: number): Promise<void> => {
    await delay(PAUSE_MS);
    if (round <= 0) return;
    for (const subject of await withSpansInside(exporting, services)) {
      frozenWithSpans.set(subject, (frozenWithSpans.get(subject) ?? 0) + 1);
    }
  };
  const taken = await inRounds(subjects, { rounds, dropped: 1, before: pause }, async subject => {
    subject.environment.thaw();
    const decision = await decide(subject);
    subject.environment.freeze();
    return [decision];
  });
  await pause(rounds);
  for (const { environment } of subjects) environment.thaw();
  return { taken, frozenWithSpans };
};

/** The subjects from whose decisions a collector has not got every first span. */
async function withSpansInside(
  subjects: readonly Subject[],
  services: Pick<Services, 'counts'>,
): Promise<readonly Subject[]> {
  const { exported } = await services.counts();
  return subjects.filter(
    ({ collector, decisions }) => collector !== undefined && exported[collector].decisions < decisions,
  );
}

/** Asks for one decision and waits until the environment is idle. Rejects unless it is a permit. */
export async function decide(subject: Subject): Promise<Decision> {
  const { name, environment, event } = subject;
  const started = performance.now();
  const result = await environment.invoke(event);
  const answered = performance.now() - started;
  if (!result.ok || effectOf({ ms: answered, answer: result.payload }) !== 'Allow') {
    throw new Error(`${name}: ${JSON.stringify(result)}`);
  }
  subject.decisions += 1;
  await environment.idle();
  return { answered, idle: performance.now() - started };
}
