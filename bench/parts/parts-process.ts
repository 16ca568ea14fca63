/** Times the parts in a process of their own, so that no other scenario's garbage is collected on their time. */
import { answerCalls } from '../bed/child.ts';
import { inRounds } from '../bed/rounds.ts';
import { type Part, pureParts } from './pure.ts';
import { type Whole, wholeDecisions } from './whole.ts';

/** ns per call of each part: a list of batches for each name. */
export interface Timed {
  readonly pure: Readonly<Record<string, readonly number[]>>;
  readonly whole: Readonly<Record<string, readonly number[]>>;
}

export interface Plan {
  readonly batches: number;
  readonly calls: number;
}

/** Read after each batch, so that no call's result can be optimised away. */
let kept: unknown;

answerCalls({
  time: async (plan): Promise<Timed> => {
    const { batches, calls } = plan as Plan;
    const pure = await interleave(pureParts(), batches, part => timePure(part, calls));
    const whole = await interleave(wholeDecisions(), batches, part => timeWhole(part, Math.ceil(calls / 5)));
    if (kept === undefined) throw new Error('a part gave nothing');
    return { pure, whole };
  },
});

/** Batch by batch through all parts; the first quarter warms up and is dropped. */
async function interleave<T extends { readonly name: string }>(
  parts: readonly T[],
  batches: number,
  time: (part: T) => number | Promise<number>,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const taken = await inRounds(parts, { rounds: batches, dropped: Math.ceil(batches / 4) }, time);
  return Object.fromEntries([...taken].map(([{ name }, samples]) => [name, samples]));
}

function timePure({ work }: Part, calls: number): number {
  const started = process.hrtime.bigint();
  for (let call = 0; call < calls; call += 1) kept = work();
  return Number(process.hrtime.bigint() - started) / calls;
}

async function timeWhole({ decide }: Whole, calls: number): Promise<number> {
  const started = process.hrtime.bigint();
  for (let call = 0; call < calls; call += 1) kept = await decide();
  return Number(process.hrtime.bigint() - started) / calls;
}
