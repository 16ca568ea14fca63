/** What a run comes to: load, recovery, false refusals; and the figure of one story. */
import type { LineFigure } from '../report/figure.ts';
import type { Run, Second } from './simulation.ts';
import type { Story } from './story.ts';

/** Well again when this share is permitted for this many seconds. */
const RECOVERED = { share: 0.99, seconds: 3 };

/** Seconds from the service's return until callers are served again; NaN if that never comes. */
export const recoverySeconds = ({ seconds }: Run, back: number): number => {
  for (let at = back; at + RECOVERED.seconds <= seconds.length; at += 1) {
    if (Array.from({ length: RECOVERED.seconds }, (_, ahead) => seconds[at + ahead]).every(isFine)) return at - back;
  }
  return Number.NaN;
};

export const total = ({ seconds }: Run, count: (second: Second) => number, from = 0, to = seconds.length): number =>
  seconds.slice(from, to).reduce((sum, second) => sum + count(second), 0);

/** The quantities of a run, with their unit. */
export const quantitiesOf = (
  run: Run,
  story: Story,
): readonly (readonly [name: string, value: number, unit: string])[] => {
  const ill = story.spans[0]?.from ?? 0;
  return [
    ['calls to PingOne while it is ill', total(run, ({ calls }) => calls, ill, story.back), ''],
    ['time to recovery', recoverySeconds(run, story.back), 's'],
    [
      'refused though PingOne was well',
      (100 * total(run, ({ falselyRefused }) => falselyRefused)) / total(run, answers),
      '% of answers',
    ],
    ['permitted', (100 * total(run, ({ permit }) => permit)) / run.events, '% of requests'],
    ...story.spans.map(
      ({ name, from, to }) => [`calls: ${name}`, total(run, ({ calls }) => calls, from, to), ''] as const,
    ),
    ['most calls in a second', Math.max(...run.seconds.map(({ calls }) => calls)), ''],
    [
      'most calls in a second once PingOne is back',
      Math.max(...run.seconds.slice(story.back).map(({ calls }) => calls)),
      '',
    ],
    ['environments', run.maxEnvironments, ''],
    ['reads of the secret', total(run, ({ secrets }) => secrets), ''],
  ];
};

/** Load on PingOne and what callers got, with our rules and without. */
export const storyFigure = (story: Story, runs: readonly Run[], caption: string): LineFigure => ({
  kind: 'lines',
  title: story.title,
  caption,
  x: { name: 'seconds', min: 0, max: story.seconds },
  spans: story.spans,
  panels: [
    {
      name: 'Load on PingOne',
      y: { name: 'calls / s', min: 0 },
      lines: runs.map((run, index) => ({
        name: run.rules,
        dashed: index > 0,
        points: every(run, ({ calls }) => calls),
      })),
    },
    {
      name: 'Answers that permit',
      y: { name: '%', min: 0, max: 100 },
      lines: runs.map((run, index) => ({ name: run.rules, dashed: index > 0, points: every(run, permittedShare) })),
    },
  ],
});

function every<T>(run: Run, value: (second: Second) => T) {
  return run.seconds.map((second, x) => ({ x, y: value(second) }));
}

function isFine(second: Second | undefined): boolean {
  return second !== undefined && second.permit >= RECOVERED.share * answers(second);
}

function answers({ permit, circuitOpen, failed }: Second): number {
  return permit + circuitOpen + failed;
}

function permittedShare(second: Second): number {
  return (100 * second.permit) / Math.max(1, answers(second));
}
