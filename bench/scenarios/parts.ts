/** parts: nanoseconds of each translation, and of a whole decision without a wire, each decorator on and off. */
import { startChild } from '../bed/child.ts';
import type { Plan, Timed } from '../parts/parts-process.ts';
import type { BarFigure } from '../report/figure.ts';
import type { Measurement, Scenario } from '../scenario.ts';
import { median } from '../statistics.ts';

const AS_IT_IS = 'as it is';

export const parts: Scenario = {
  name: 'parts',
  title: 'The parts',
  question: 'Where do the microseconds of our own code go?',
  run: async bench => {
    const child = startChild(new URL('../parts/parts-process.ts', import.meta.url));
    bench.defer(child.end);
    const plan: Plan = bench.pick({ batches: 8, calls: 800 }, { batches: 40, calls: 1500 });
    bench.say(`${plan.batches} batches of ${plan.calls} calls`);
    const { pure, whole } = (await child.ask('time', plan)) as Timed;
    const measurements: readonly Measurement[] = [
      ...Object.entries(pure).map(([variant, samples]) => ({
        condition: 'translations',
        variant,
        metric: 'per call',
        unit: 'ns',
        rounds: samples.map(sample => [sample]),
      })),
      ...Object.entries(whole).map(([variant, samples]) => ({
        condition: 'whole decision, no wire',
        variant,
        metric: 'per decision',
        unit: 'µs',
        control: AS_IT_IS,
        rounds: samples.map(sample => [sample / 1000]),
      })),
    ];
    const about = 'Medians of batches, after a warm-up.';
    return {
      measurements,
      figures: [
        barsOf('The translations', about, pure, 1, 'ns'),
        barsOf(
          'A whole decision without a wire',
          `${about} What one decorator costs is the difference.`,
          whole,
          1000,
          'µs',
        ),
      ],
      values: {},
      notes: ['The sources run as they are, in one process; log lines are written as JSON and dropped.'],
    };
  },
};

function barsOf(title: string, caption: string, taken: Timed['pure'], nsPerUnit: number, unit: string): BarFigure {
  return {
    kind: 'bars',
    title,
    caption,
    unit,
    parts: ['median'],
    rows: Object.entries(taken).map(([name, samples]) => ({
      name,
      control: name.startsWith('JSON.parse'),
      values: [median(samples) / nsPerUnit],
    })),
  };
}
