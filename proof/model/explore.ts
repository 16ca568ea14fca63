/** Visits every state that a model can reach, and holds the promises against each of its steps. */
import { admitted, EVENTS, type Event, following, type Model, START } from './breaker-model.ts';

export interface Explored {
  readonly states: number;
  readonly steps: number;
  /** One sentence for each step that breaks a promise. */
  readonly broken: readonly string[];
}

export const explore = (): Explored => {
  const seen = new Map<string, Model>([[keyOf(START), START]]);
  const broken: string[] = [];
  let steps = 0;
  for (const model of seen.values()) {
    for (const event of EVENTS) {
      const next = following(model, event);
      if (next === undefined) continue;
      steps += 1;
      broken.push(...brokenBy(model, event, next));
      if (!seen.has(keyOf(next))) seen.set(keyOf(next), next);
    }
  }
  const stuck = [...seen.values()].filter(model => !canClose(model));
  return {
    states: seen.size,
    steps,
    broken: [...broken, ...stuck.map(model => `it can never close from ${keyOf(model)}`)],
  };
};

/** The promises, each about one step. */
const PROMISES: readonly (readonly [promise: string, holds: (from: Model, event: Event, to: Model) => boolean])[] = [
  ['one probe at a time', (from, event) => event !== 'request' || !from.probing || admitted(from) !== 'probe'],
  ['a probe only when the time is over', (from, _, to) => from.probing || !to.probing || from.due],
  [
    'nothing is sent while it is open, but one probe',
    (from, event, to) => event !== 'request' || from.state === 'closed' || to.calls === 0,
  ],
  [
    'it opens only for a failure or a rate limit',
    (from, event, to) => from.state === 'open' || to.state !== 'open' || OPENS.has(event),
  ],
  [
    'it closes only for an answer to its probe',
    (from, event, to) => from.state === 'closed' || to.state !== 'closed' || event === 'probe is answered',
  ],
  [
    'calls of an earlier period count for nothing',
    (from, event, to) => event !== 'straggler fails' || to.failed === from.failed,
  ],
  [
    'a new period begins empty',
    (from, _, to) => from.state === 'closed' || to.state !== 'closed' || to.failed + to.well === 0,
  ],
];

const OPENS: ReadonlySet<Event> = new Set([
  'call fails',
  'probe fails',
  'straggler is rate limited',
  // What decided nothing gives the next request its turn: open, with its time over.
  'probe was never seen',
]);

function brokenBy(from: Model, event: Event, to: Model): string[] {
  return PROMISES.filter(([, holds]) => !holds(from, event, to)).map(
    ([promise]) => `«${promise}» is broken by «${event}» in ${keyOf(from)}`,
  );
}

/** Whether some way leads back to a closed breaker: no state is for ever. */
function canClose(from: Model): boolean {
  const seen = new Set([keyOf(from)]);
  const waiting = [from];
  for (let model = waiting.pop(); model !== undefined; model = waiting.pop()) {
    if (model.state === 'closed') return true;
    for (const event of EVENTS) {
      const next = following(model, event);
      if (next !== undefined && !seen.has(keyOf(next))) {
        seen.add(keyOf(next));
        waiting.push(next);
      }
    }
  }
  return false;
}

function keyOf(model: Model): string {
  return JSON.stringify(model);
}
