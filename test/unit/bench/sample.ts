/** A small report that the tests of page, table and comparison share. */
import type { Figure } from '../../../bench/report/figure.ts';
import { chapterOf, type Report } from '../../../bench/report/report.ts';
import type { Measurement } from '../../../bench/scenario.ts';

export const FIGURES: readonly Figure[] = [
  {
    kind: 'percentiles',
    title: 'Curves <b>',
    caption: 'All & sundry',
    unit: 'ms',
    lines: [
      { name: 'ours', points: [[0, 1] as const, [0.5, 2] as const, [0.99, 30] as const] },
      { name: 'bare', points: [[0, 1] as const, [0.5, 1.5] as const] },
    ],
  },
  {
    kind: 'bars',
    title: 'Bars',
    caption: '',
    unit: 'ms',
    parts: ['init', 'first'],
    rows: [
      { name: 'ours', values: [50, 10] },
      { name: 'bare', values: [], control: true },
    ],
  },
  {
    kind: 'lines',
    title: 'Lines',
    caption: '',
    x: { name: 's' },
    spans: [{ name: 'stalls', from: 1, to: 2 }],
    panels: [{ y: { name: 'ms' }, lines: [{ name: 'on', points: [{ x: 0, y: 1 }] }], stacked: true, outcomes: true }],
  },
];

export const measured = (variant: string, rounds: readonly (readonly number[])[], control?: string): Measurement => ({
  condition: '0 ms',
  variant,
  metric: 'decision',
  unit: 'ms',
  rounds,
  ...(control === undefined ? {} : { control }),
});

/** A report in which ours takes so many times as long as the control, round by round. */
export const reportOf = (...factors: readonly number[]): Report => {
  const measurements = [
    measured(
      'ours',
      factors.map(factor => [factor, factor]),
      'bare',
    ),
    measured(
      'bare',
      factors.map(() => [1, 1]),
    ),
  ];
  const scenario = { name: 'warm', title: 'Warm', question: 'How long?', run: () => Promise.reject(new Error()) };
  return {
    schema: 1,
    mode: 'quick',
    started: '2026-01-01T00:00:00.000Z',
    seconds: 1,
    machine: {
      cpu: 'cpu',
      cores: 2,
      memoryGiB: 1,
      os: 'os',
      loadBefore: 0,
      loadAfter: 0,
      nodes: {},
      commit: 'abc',
      uncommitted: 0,
    },
    verdicts: [],
    chapters: [chapterOf(scenario, { notes: ['a <note>'], measurements, figures: FIGURES, values: {} }, 1)],
  };
};
