/** What a verdict is called, the same in terminal, page and document. */
import type { Verdict } from '../budgets.ts';

export const VERDICTS = ['met', 'missed, within budget', 'over budget'] as const;
export type VerdictText = (typeof VERDICTS)[number];

export const verdictText = ({ met, withinBudget }: Verdict): VerdictText => {
  if (!withinBudget) return 'over budget';
  return met ? 'met' : 'missed, within budget';
};

/** ✗ is for what fails the check. */
export const verdictMark = ({ met, withinBudget }: Verdict): string => {
  if (!withinBudget) return '✗';
  return met ? '✓' : '○';
};
