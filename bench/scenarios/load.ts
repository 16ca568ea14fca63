/** load: throughput and latency through the local gateway, environments scaling out, and one managed instance. */
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import autocannon from 'autocannon';
import { BEARER } from '../../test/support/golden-events.ts';
import { startChild } from '../bed/child.ts';
import { variablesFor } from '../bed/function.ts';
import type { GatewayPlan, GatewayReady } from '../bed/gateway-process.ts';
import { openLoop } from '../bed/open-loop.ts';
import { permitAfter, type Services, startServices } from '../bed/services.ts';
import type { LineFigure } from '../report/figure.ts';
import type { Bench, Measurement, Scenario } from '../scenario.ts';
import { summarise } from '../statistics.ts';

const SHARES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1];
const QUICK_SHARES = [0.1, 0.3, 0.5, 0.7, 0.9];
const SETTLE_SHARE = 0.3;
const CONDITIONS = [
  ['environments scale out', undefined],
  ['one managed instance, 32 at once', 32],
] as const;
/** Latency has left its floor when the slowest tenth takes this much longer than at the best step. */
const KNEE = 3;

interface Step {
  readonly rate: number;
  readonly ms: readonly number[];
  readonly errors: number;
  readonly environments: number;
}

interface Ladder {
  readonly condition: string;
  /** Requests a second in a closed loop. */
  readonly throughput: number;
  readonly steps: readonly Step[];
}

const callOver = (origin: string, agent: Agent) => (): Promise<boolean> =>
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

const closedLoop = async (origin: string, seconds: number): Promise<number> => {
  const { requests, errors, timeouts, non2xx } = await autocannon({
    url: `${origin}/products/1`,
    headers: { authorization: BEARER },
    connections: 8,
    duration: seconds,
  });
  if (errors + timeouts + non2xx > 0) throw new Error(`closed loop: ${errors + timeouts + non2xx} requests failed`);
  return requests.average;
};

const climb = async (bench: Bench, services: Services, index: 0 | 1): Promise<Ladder> => {
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
  const call = callOver(origin, agent);
  // Environments come up and warm up.
  await closedLoop(origin, bench.pick(1.5, 5));
  const throughput = await closedLoop(origin, bench.pick(1, 4));
  const steps: Step[] = [];
  for (const share of bench.pick(QUICK_SHARES, SHARES)) {
    const rate = throughput * share;
    const forMs = bench.pick(700, 2000);
    const timed = await openLoop(rate, forMs, call);
    // The first part of each step is for environments to come up.
    const settled = timed.filter(({ at }) => at >= forMs * SETTLE_SHARE);
    steps.push({
      rate,
      ms: settled.map(({ ms }) => ms),
      errors: timed.filter(({ result }) => !result).length,
      environments: Number(await child.ask('environments')),
    });
  }
  return { condition, throughput, steps };
};

/** The steps at which latency is still near its floor; a moment in which the machine was busy is passed over. */
const nearFloor = ({ steps }: Ladder): readonly Step[] => {
  const p90 = ({ ms }: Step): number => summarise(ms).p90;
  const floor = Math.min(...steps.map(p90));
  return steps.filter(step => p90(step) <= KNEE * floor);
};

/** The highest rate near the floor. */
const kneeOf = (ladder: Ladder): Step | undefined => nearFloor(ladder).at(-1);

const errorsBelowKnee = (ladder: Ladder): number => nearFloor(ladder).reduce((sum, { errors }) => sum + errors, 0);

const measurementsOf = ({ condition, throughput, steps }: Ladder): readonly Measurement[] => [
  {
    condition,
    variant: 'closed loop, 8 connections',
    metric: 'throughput',
    unit: 'requests/s',
    rounds: [[throughput]],
  },
  ...steps.map(({ rate, ms }) => ({
    condition,
    variant: `${Math.round(rate)} requests/s`,
    metric: 'latency from the intended start',
    unit: 'ms',
    rounds: [ms],
  })),
];

const figureOf = (ladder: Ladder): LineFigure => {
  const line = (name: string, share: 'p50' | 'p90' | 'p99') => ({
    name,
    points: ladder.steps.map(({ rate, ms }) => ({ x: Math.round(rate), y: summarise(ms)[share] })),
  });
  const knee = kneeOf(ladder);
  return {
    kind: 'lines',
    title: `Load, ${ladder.condition}`,
    caption: `Open loop of constant rate. Latency leaves the floor after ${Math.round(knee?.rate ?? 0)} requests/s on this machine, which also runs the load, the gateway and the policy service.`,
    x: { name: 'requests/s', min: 0 },
    panels: [{ y: { name: 'ms', log: true }, lines: [line('p50', 'p50'), line('p90', 'p90'), line('p99', 'p99')] }],
  };
};

const noteOf = (ladder: Ladder): string => {
  const errors = ladder.steps.reduce((sum, step) => sum + step.errors, 0);
  const max = Math.max(...ladder.steps.map(({ environments }) => environments));
  const knee = kneeOf(ladder);
  return `${ladder.condition}: ${Math.round(ladder.throughput)} requests/s in a closed loop, knee at ${Math.round(knee?.rate ?? 0)}, ${max} environments at most, ${errors} failed requests on the whole ladder (what is more than the function's concurrency is throttled).`;
};

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
      values: { 'load.errors': ladders.reduce((sum, ladder) => sum + errorsBelowKnee(ladder), 0) },
      notes: [
        ...ladders.map(noteOf),
        'Throughput is from the closed loop of autocannon; latency is from our own open loop, which times each request from its intended start. The steps are shares of the throughput.',
      ],
    };
  },
};
