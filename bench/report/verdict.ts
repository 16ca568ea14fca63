/** What a verdict is called, the same in terminal, page and document. */
import type { Verdict } from '../budgets.ts';

export const verdictText = ({ met, withinBudget }: Verdict): string => {
  if (!withinBudget) return 'over budget';
  return met ? 'met' : 'missed, within budget';
};

export const verdictMark = ({ met, withinBudget }: Verdict): string => (met && withinBudget ? '✓' : '✗');
