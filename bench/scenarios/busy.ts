/** busy: how long a decision keeps its environment, and what is billed for it, with collectors near, far and silent. */

import { permitAfter, type Services, startServices } from '../bed/services.ts';
import {
  AWAY,
  type Client,
  HANGS,
  OFF,
  runtimeClient,
  type Subject,
  startExporting,
  startSubjects,
} from '../busy/subjects.ts';
import { type Decision, decide, denseTraffic, type Sparse, sparseTraffic, type Taken } from '../busy/traffic.ts';
import type { BarFigure } from '../report/figure.ts';
import type { Bench, Measurement, Scenario } from '../scenario.ts';
import { find, mean, ratioOf } from '../statistics.ts';
import { BARE } from '../variants.ts';

const DENSE = 'dense traffic';
const SPARSE = 'sparse traffic';
const MEAN = 'mean busy time of a round';

export const busy: Scenario = {
  name: 'busy',
  title: 'Busy time',
  question: 'For how long does a decision keep its environment, and what is billed for it, if spans are exported?',
  run: async bench => {
    const services = await startServices();
    bench.defer(services.end);
    const client = await runtimeClient();
    const lost = await spansLostAtTheEnd(bench, services, client);
    // A new process of services: its collectors have counted nothing.
    const fresh = await startServices();
    bench.defer(fresh.end);
    const subjects = await startSubjects(bench, fresh, client);
    bench.say('warming up');
    for (const subject of subjects) {
      for (let call = 0; call < bench.pick(15, 100); call += 1) await decide(subject);
    }
    await fresh.behave(permitAfter(20));
    const plan = bench.pick({ rounds: 2, calls: 10, pauses: 2 }, { rounds: 5, calls: 45, pauses: 12 });
    bench.say(`dense: ${plan.rounds} rounds of ${plan.calls} decisions, ${subjects.length} variants`);
    const dense = await denseTraffic(subjects, plan);
    bench.say(`sparse: ${plan.pauses} decisions of each, frozen between them`);
    const sparse = await sparseTraffic(subjects, fresh, plan.pauses);
    const measurements = [
      ...measurementsOf(DENSE, dense),
      ...measurementsOf(SPARSE, sparse.taken),
      ...[...sparse.frozenWithSpans].map(([{ name: variant }, answers]) => ({
        condition: SPARSE,
        variant,
        metric: 'frozen with spans inside',
        unit: `of ${plan.pauses} answers`,
        rounds: [[answers]],
      })),
    ];
    const unregistered = subjects.filter(
      ({ environment, collector, name }) =>
        collector !== undefined && name.startsWith('authorizer') && environment.extensions.length === 0,
    );
    return {
      measurements,
      figures: [figureOf(DENSE, dense), figureOf(SPARSE, sparse.taken)],
      values: { ...valuesOf(measurements, sparse), 'busy.unregistered': unregistered.length, 'busy.lost': lost },
      notes: notesOf(client, lost, unregistered),
    };
  },
};

/** Decisions of which no span has come, of 500 in dense traffic that end with SIGTERM, as an environment's life does. */
async function spansLostAtTheEnd(bench: Bench, services: Services, client: Client): Promise<number> {
  const subject = await startExporting(bench, services, client);
  bench.say('500 decisions, then SIGTERM');
  for (let call = 0; call < 500; call += 1) await decide(subject);
  await subject.environment.close();
  return subject.decisions - (await services.counts()).exported.near.decisions;
}

function measurementsOf(condition: string, taken: Taken): readonly Measurement[] {
  return [...taken].flatMap(([{ name: variant }, rounds]) => {
    const base = { condition, variant, control: OFF, unit: 'ms' };
    const each = (value: (decision: Decision) => number) => rounds.map(round => round.map(value));
    const means = (value: (decision: Decision) => number) => each(value).map(values => [mean(values)]);
    return [
      { ...base, metric: 'busy time', rounds: each(({ idle }) => idle) },
      { ...base, metric: 'until the answer', rounds: each(({ answered }) => answered), detail: true },
      ...(condition === DENSE ? [{ ...base, metric: MEAN, rounds: means(({ idle }) => idle) }] : []),
      { ...base, metric: 'billed per decision', rounds: means(billedMs) },
    ];
  });
}

/** Lambda bills whole milliseconds. */
function billedMs({ idle }: Decision): number {
  return Math.ceil(idle);
}

function valuesOf(measurements: readonly Measurement[], { frozenWithSpans }: Sparse): Readonly<Record<string, number>> {
  const ofOff = (variant: string): number => {
    const of = (name: string) => find(measurements, DENSE, name, MEAN);
    return ratioOf(of(variant), of(OFF)).value;
  };
  return {
    'busy.away': ofOff(AWAY),
    'busy.hangs': ofOff(HANGS),
    'busy.frozen': [...frozenWithSpans.values()].reduce((sum, answers) => sum + answers, 0),
  };
}

function figureOf(condition: string, taken: Taken): BarFigure {
  return {
    kind: 'bars',
    title: `Busy time per decision, ${condition}`,
    caption: `Means. Service 20 ms away. The environment can take no other request, and its owner pays, until both parts are over.`,
    unit: 'ms',
    parts: ['until the answer', 'after the answer'],
    rows: [...taken].map(([{ name }, rounds]) => {
      const decisions = rounds.flat();
      return {
        name,
        control: name === BARE || !name.startsWith('authorizer'),
        values: [
          mean(decisions.map(({ answered }) => answered)),
          mean(decisions.map(({ answered, idle }) => idle - answered)),
        ],
      };
    }),
  };
}

function notesOf(client: Client, lost: number, unregistered: readonly Subject[]): readonly string[] {
  return [
    'path' in client
      ? 'Under AWS’s own runtime client for Node.js (aws-lambda-ric), on Node 24.'
      : `Under the local runtime client, because AWS’s own cannot be built here (${client.problem}): what it would measure is not known.`,
    'Busy is from the moment at which the event is handed over until runtime and extensions all wait for the next one, timed at the Runtime API. Lambda bills it in whole milliseconds.',
    'Dense: the next request comes as soon as the environment is free. Sparse: the environment is frozen between requests for longer than a batch of spans waits. A batch waits 500 ms here (OTEL_BSP_SCHEDULE_DELAY).',
    'In dense traffic the mean is what counts: an export falls to one decision of many.',
    `Of 500 decisions that ended with SIGTERM, ${lost} have lost their spans.`,
    ...(unregistered.length === 0
      ? []
      : [
          `Not registered with Lambda: ${unregistered.map(({ name }) => name).join('; ')}. Their exports are not waited for.`,
        ]),
  ];
}
