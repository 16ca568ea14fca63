/** A ladder of constant rates, judged: where latency leaves its floor, and what failed of which kind. */
import type { Failures } from '../bed/gateway-process.ts';
import { summarise } from '../statistics.ts';

export interface Step {
  /** Requests a second. */
  readonly rate: number;
  /** ms from the intended start of each request. */
  readonly ms: readonly number[];
  readonly failures: Failures;
  readonly environments: number;
}

export interface Ladder {
  readonly condition: string;
  /** Requests a second in a closed loop. */
  readonly throughput: number;
  readonly steps: readonly Step[];
}

export const KINDS = ['throttled', 'denied', 'broken'] as const;

/** Latency has left its floor when the slowest tenth takes this much longer than at the best step. */
const KNEE = 3;

/** The highest rate before latency leaves its floor for good; undefined if it never does on this ladder. */
export const kneeOf = (ladder: Ladder): Step | undefined => {
  const near = nearFloor(ladder);
  const last = near.at(-1);
  return last === ladder.steps.at(-1) ? undefined : last;
};

/** The steps at which latency is still near its floor; a moment in which the machine was busy is passed over. */
export const nearFloor = ({ steps }: Ladder): readonly Step[] => {
  const p90 = ({ ms }: Step): number => summarise(ms).p90;
  const floor = Math.min(...steps.map(p90));
  return steps.filter(step => p90(step) <= KNEE * floor);
};

/** All that failed, of one kind or of any. */
export const failuresIn = (steps: readonly Step[], kinds: readonly (keyof Failures)[] = KINDS): number =>
  steps.reduce((sum, { failures }) => sum + kinds.reduce((all, kind) => all + failures[kind], 0), 0);

/** What the ladder showed, in a sentence. */
export const verdictOn = (ladder: Ladder): string => {
  const { condition, throughput, steps } = ladder;
  const knee = kneeOf(ladder);
  const top = Math.round(steps.at(-1)?.rate ?? 0);
  const bend =
    knee === undefined
      ? `no knee up to ${top} requests/s, the highest rate tried`
      : `knee at ${Math.round(knee.rate)} requests/s`;
  const max = Math.max(...steps.map(({ environments }) => environments));
  const failed = KINDS.map(kind => `${failuresIn(steps, [kind])} ${kind}`).join(', ');
  return `${condition}: ${Math.round(throughput)} requests/s in a closed loop, ${bend}, ${max} environments at most. On the whole ladder: ${failed}.`;
};
