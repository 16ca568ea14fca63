/** soak: memory, sockets and handles of one environment over many decisions. */
import { exporting, startProbed, variablesFor } from '../bed/function.ts';
import { startServices } from '../bed/services.ts';
import { AUTHORIZER } from '../bed/task-root.ts';
import type { ProcessUse } from '../probe.ts';
import type { LineFigure } from '../report/figure.ts';
import type { Measurement, Scenario } from '../scenario.ts';

interface Reading {
  readonly decisions: number;
  readonly use: ProcessUse;
  readonly openConnections: number;
}

const MIB = 2 ** 20;
const VARIANT = 'authorizer, everything on';

export const soak: Scenario = {
  name: 'soak',
  title: 'Long life',
  question: 'Does an environment that lives long grow, or leak sockets?',
  run: async bench => {
    const services = await startServices();
    bench.defer(services.end);
    const env = { ...variablesFor(services), ...exporting(services) };
    const { environment, decide, use } = await startProbed(AUTHORIZER, {
      taskRoot: bench.taskRoot,
      env,
      nodeArguments: ['--expose-gc'],
    });
    bench.defer(environment.close);
    const decisions = bench.pick(1000, 50_000);
    const steps = 20;
    const readings: Reading[] = [];
    // What the engine compiles and caches in the beginning is no growth.
    for (let call = 0; call < 1000; call += 1) await decide();
    for (let step = 1; step <= steps; step += 1) {
      if (step % 5 === 1) bench.say(`${(decisions * (step - 1)) / steps} of ${decisions} decisions`);
      for (let call = 0; call < decisions / steps; call += 1) await decide();
      const { open } = await services.counts();
      readings.push({ decisions: (decisions * step) / steps, use: await use(), openConnections: open });
    }
    const [early, late] = [at(readings, 0.1), at(readings, 1)];
    return {
      measurements: measurementsOf(readings),
      figures: [figureOf(readings)],
      values: {
        'soak.memory': late.use.heapUsed / early.use.heapUsed,
        'soak.sockets': socketsLeaked(readings),
      },
      notes: [
        `Sockets after a tenth of the way: ${socketsOf(early.use)}; at the end: ${socketsOf(late.use)}. Handles: ${handlesOf(early.use)} and ${handlesOf(late.use)}.`,
        `Resident set after a tenth of the way: ${(early.use.rss / MIB).toFixed(1)} MiB; at the end: ${(late.use.rss / MIB).toFixed(1)} MiB.`,
      ],
    };
  },
};

/**
 * What the last quarter of the way always held beyond the most that the first quarter held: a socket that is just being
 * replaced is no leak.
 */
function socketsLeaked(readings: readonly Reading[]): number {
  const sockets = readings.map(({ use }) => socketsOf(use));
  const quarter = Math.ceil(sockets.length / 4);
  return Math.max(0, Math.min(...sockets.slice(-quarter)) - Math.max(...sockets.slice(0, quarter)));
}

/** The reading nearest to this share of the way. */
function at(readings: readonly Reading[], share: number): Reading {
  const reading = readings[Math.round(share * readings.length) - 1];
  if (reading === undefined) throw new Error('the soak took no readings');
  return reading;
}

function measurementsOf(readings: readonly Reading[]): readonly Measurement[] {
  return [
    series('heap after collection', 'MiB', readings, ({ use }) => use.heapUsed / MIB),
    series('resident set', 'MiB', readings, ({ use }) => use.rss / MIB),
    series('sockets', '', readings, ({ use }) => socketsOf(use)),
    series('handles', '', readings, ({ use }) => handlesOf(use)),
    series('connections open at the service', '', readings, ({ openConnections }) => openConnections),
  ];
}

function series(metric: string, unit: string, readings: readonly Reading[], value: (reading: Reading) => number) {
  return {
    condition: `${readings.at(-1)?.decisions} decisions`,
    variant: VARIANT,
    metric,
    unit,
    rounds: readings.map(reading => [value(reading)]),
  };
}

/** Sockets of every kind that the process holds. */
function socketsOf({ resources }: ProcessUse): number {
  return Object.entries(resources)
    .filter(([kind]) => /Socket|TCP|TLS|Pipe/.test(kind))
    .reduce((sum, [, count]) => sum + count, 0);
}

function handlesOf({ resources }: ProcessUse): number {
  return Object.values(resources).reduce((sum, count) => sum + count, 0);
}

function figureOf(readings: readonly Reading[]): LineFigure {
  const line = (name: string, value: (reading: Reading) => number) => ({
    name,
    points: readings.map(reading => ({ x: reading.decisions / 1000, y: value(reading) })),
  });
  return {
    kind: 'lines',
    title: 'Memory over a long life',
    caption: 'One environment, spans exported after every answer. The heap is read after two forced collections.',
    x: { name: 'thousand decisions' },
    panels: [
      {
        y: { name: 'MiB', min: 0 },
        lines: [
          line('heap after collection', ({ use }) => use.heapUsed / MIB),
          line('resident set', ({ use }) => use.rss / MIB),
        ],
      },
    ],
  };
}
