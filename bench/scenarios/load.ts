/** load: throughput, latency and failures by kind through the local gateway, environments scaling out, and one managed instance. */
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import autocannon from 'autocannon';
import { BEARER } from '../../test/support/golden-events.ts';
import { type Child, startChild } from '../bed/child.ts';
import { variablesFor } from '../bed/function.ts';
import type { Failures, GatewayPlan, GatewayReady } from '../bed/gateway-process.ts';
import { openLoop, type Timed } from '../bed/open-loop.ts';
import { permitAfter, type Services, startServices } from '../bed/services.ts';
import { failuresIn, KINDS, kneeOf, type Ladder, nearFloor, type Step, verdictOn } from '../load/ladder.ts';
import type { LineFigure } from '../report/figure.ts';
import type { Bench, Measurement, Scenario } from '../scenario.ts';
import { summarise } from '../statistics.ts';

const SHARES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1];
const QUICK_SHARES = [0.3, 0.6, 0.9];
const SETTLE_SHARE = 0.3;
const CONDITIONS = [
  ['environments scale out', undefined],
  ['one managed instance, 32 at once', 32],
] as const;

export const load: Scenario = {
  name: 'load',
  title: 'Load',
  question: 'How does latency grow with load, and does anything fail?',
  run: async bench => {
    const services = await startServices();
    bench.defer(services.end);
    await services.behave(permitAfter(0));
    const ladders: Ladder[] = [];
    for (const index of [0, 1] as const) {
      bench.say(CONDITIONS[index][0]);
      ladders.push(await climb(bench, services, index));
    }
    return {
      measurements: ladders.flatMap(measurementsOf),
      figures: ladders.map(figureOf),
      // What the gateway throttles says how many invocations it allows, and nothing about the authorizer.
      values: {
        'load.errors': ladders.reduce((sum, ladder) => sum + failuresIn(nearFloor(ladder), ['denied', 'broken']), 0),
      },
      notes: [
        ...ladders.map(verdictOn),
        'Throttled: the function had as many environments, or invocations at once, as it may have. Denied: the authorizer refused, for whatever reason. Broken: the function or a connection failed.',
        'Throughput is from the closed loop of autocannon; latency is from our own open loop, which times each request from its intended start. The steps are shares of the throughput.',
      ],
    };
  },
};

async function climb(bench: Bench, services: Services, index: 0 | 1): Promise<Ladder> {
  const [condition, maxConcurrency] = CONDITIONS[index];
  const child = startChild(new URL('../bed/gateway-process.ts', import.meta.url));
  bench.defer(async () => {
    await child.ask('close');
    await child.end();
  });
  const concurrency = maxConcurrency === undefined ? {} : { maxConcurrency };
  const plan: GatewayPlan = { taskRoot: bench.taskRoot, env: variablesFor(services), ...concurrency };
  const { origin } = (await child.ask('start', plan)) as GatewayReady;
  const agent = new Agent({ keepAlive: true });
  bench.defer(() => agent.destroy());
  // Environments come up and warm up.
  await closedLoop(origin, bench.pick(0.8, 5));
  const throughput = await closedLoop(origin, bench.pick(0.8, 4));
  const steps: Step[] = [];
  for (const share of bench.pick(QUICK_SHARES, SHARES)) {
    steps.push(await takeStep(child, callOver(origin, agent), throughput * share, bench.pick(500, 2000)));
  }
  return { condition, throughput, steps };
}

async function closedLoop(origin: string, seconds: number): Promise<number> {
  const { requests, errors, timeouts, non2xx } = await autocannon({
    url: `${origin}/products/1`,
    headers: { authorization: BEARER },
    connections: 8,
    duration: seconds,
  });
  if (errors + timeouts + non2xx > 0) throw new Error(`closed loop: ${errors + timeouts + non2xx} requests failed`);
  return requests.average;
}

async function takeStep(child: Child, call: () => Promise<boolean>, rate: number, forMs: number): Promise<Step> {
  const before = (await child.ask('failures')) as Failures;
  const timed = await openLoop(rate, forMs, call);
  const after = (await child.ask('failures')) as Failures;
  return {
    rate,
    // The first part of each step is for environments to come up.
    ms: timed.filter(({ at }) => at >= forMs * SETTLE_SHARE).map(({ ms }) => ms),
    failures: failuresBetween(before, after, timed),
    environments: Number(await child.ask('environments')),
  };
}

/** A request that failed although the function permitted it was broken on its way. */
function failuresBetween(before: Failures, after: Failures, timed: readonly Timed<boolean>[]): Failures {
  const [throttled, denied] = [after.throttled - before.throttled, after.denied - before.denied];
  const failed = timed.filter(({ result }) => !result).length;
  return { throttled, denied, broken: Math.max(after.broken - before.broken, failed - throttled - denied) };
}

function callOver(origin: string, agent: Agent) {
  return (): Promise<boolean> =>
    new Promise(resolve => {
      const outgoing = request(`${origin}/products/1`, { agent, headers: { authorization: BEARER } }, response => {
        text(response).then(
          () => resolve(response.statusCode === 200),
          () => resolve(false),
        );
      });
      outgoing.on('error', () => resolve(false));
      outgoing.end();
    });
}

function measurementsOf({ condition, throughput, steps }: Ladder): readonly Measurement[] {
  const variantOf = ({ rate }: Step): string => `${Math.round(rate)} requests/s`;
  return [
    {
      condition,
      variant: 'closed loop, 8 connections',
      metric: 'throughput',
      unit: 'requests/s',
      rounds: [[throughput]],
    },
    ...steps.map(step => ({
      condition,
      variant: variantOf(step),
      metric: 'latency from the intended start',
      unit: 'ms',
      rounds: [step.ms],
    })),
    ...steps.flatMap(step =>
      KINDS.map(kind => ({
        condition: `${condition}: requests that failed`,
        variant: variantOf(step),
        metric: kind,
        unit: '',
        rounds: [[step.failures[kind]]],
      })),
    ),
  ];
}

function figureOf(ladder: Ladder): LineFigure {
  const { condition, steps } = ladder;
  const line = (name: string, share: 'p50' | 'p90' | 'p99') => ({
    name,
    points: steps.map(({ rate, ms }) => ({ x: Math.round(rate), y: summarise(ms)[share] })),
  });
  const knee = kneeOf(ladder);
  const seen =
    knee === undefined
      ? 'Latency stays near its floor at every rate tried'
      : `Latency leaves the floor after ${Math.round(knee.rate)} requests/s`;
  return {
    kind: 'lines',
    title: `Load, ${condition}`,
    caption: `Open loop of constant rate. ${seen} on this machine, which also runs the load, the gateway and the policy service.`,
    x: { name: 'requests/s', min: 0 },
    panels: [
      {
        name: 'Latency',
        y: { name: 'ms', log: true },
        lines: [line('p50', 'p50'), line('p90', 'p90'), line('p99', 'p99')],
      },
      ...(failuresIn(steps) === 0
        ? []
        : [
            {
              name: 'Requests that failed',
              y: { name: 'requests', min: 0 },
              outcomes: true,
              lines: KINDS.map(kind => ({
                name: kind,
                points: steps.map(({ rate, failures }) => ({ x: Math.round(rate), y: failures[kind] })),
              })),
            },
          ]),
    ],
  };
}
