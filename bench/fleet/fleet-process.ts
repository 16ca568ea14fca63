/** Simulates in a process of its own: ten thousand breakers are a lot of garbage. */
import { answerCalls } from '../bed/child.ts';
import type { Rules } from './rules.ts';
import { type Run, simulate } from './simulation.ts';
import { storiesAt } from './story.ts';

export interface FleetPlan {
  readonly story: string;
  readonly share: number;
  readonly rules: Rules;
  readonly seed: number;
}

answerCalls({
  simulate: async (asked): Promise<Run> => {
    const { story, share, rules, seed } = asked as FleetPlan;
    const told = storiesAt(share).find(({ name }) => name === story);
    if (told === undefined) throw new Error(`no such story: ${story}`);
    return simulate(told, rules, seed);
  },
});
