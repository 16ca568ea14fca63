/** outage: steady load while the service stalls, refuses, rate limits and returns, with the breaker on and off. */
import { setTimeout as delay } from 'node:timers/promises';
import { type ProbedEnvironment, startProbed, type Variables, variablesFor } from '../bed/function.ts';
import { openLoop } from '../bed/open-loop.ts';
import { permitAfter, type Services, startServices } from '../bed/services.ts';
import { AUTHORIZER } from '../bed/task-root.ts';
import { type Decided, outcomeFigure, PHASES, type Phase, phaseOf } from '../outage/outage-figure.ts';
import type { Bench, Measurement, Scenario } from '../scenario.ts';
import { ascending, percentile } from '../statistics.ts';

const RATE = 100;
/** A tenth of the defaults, so that a minute of outage passes in seconds; the reset is as short as a Retry-After can ask. */
const RESET_MS = 1000;
const SCALED: Variables = {
  PINGONE_REQUEST_TIMEOUT_MS: '300',
  AUTHORIZER_DEADLINE_MS: '500',
  BREAKER_WINDOW_MS: '3000',
  BREAKER_RESET_MS: String(RESET_MS),
};
const JITTER = 1.2;
const CONCURRENT = 64;

interface Course {
  readonly decided: readonly Decided[];
  readonly phases: readonly Phase[];
  /** Calls that were sent to the service while it was ill, by the function's own records. */
  readonly attempts: number;
}

export const outage: Scenario = {
  name: 'outage',
  title: 'Outage',
  question: 'What do callers and the service feel while PingOne is down, and how soon is it over?',
  run: async bench => {
    const phaseMs = bench.pick(1000, 5000);
    const course = (breaker: boolean): Promise<Course> => {
      bench.say(breaker ? 'with the breaker' : 'without the breaker');
      return runCourse(bench, breaker, phaseMs);
    };
    // One after the other measures better, and takes twice as long.
    const [on, off] =
      bench.mode === 'quick'
        ? await Promise.all([course(true), course(false)])
        : [await course(true), await course(false)];
    const refusals = on.decided.filter(({ reason }) => reason === 'CIRCUIT_OPEN').map(({ inside }) => inside);
    const recovery = recoveryMs(on);
    return {
      measurements: [...measurementsOf('breaker on', on), ...measurementsOf('breaker off', off)],
      figures: [outcomeFigure(on, off)],
      values: {
        'outage.refusal.p99': percentile(ascending(refusals), 0.99),
        // A short outage is mostly the time that the breaker takes to open.
        ...(bench.mode === 'full' ? { 'outage.calls': (100 * on.attempts) / off.attempts } : {}),
        'outage.recovery': recovery / (RESET_MS * JITTER),
      },
      notes: [
        `${RATE} requests a second, up to ${CONCURRENT} at once in one environment; times are a tenth of the defaults (attempt 300 ms, deadline 500 ms, window 3 s), the reset is 1 s, and 429 asks for 1 s.`,
        `Calls sent during the outage: ${on.attempts} with the breaker, ${off.attempts} without. Recovery: ${recovery.toFixed(0)} ms with, ${recoveryMs(off).toFixed(0)} ms without.`,
        `${refusals.length} refusals by the open circuit, timed inside the function.`,
      ],
    };
  },
};

async function runCourse(bench: Bench, breaker: boolean, phaseMs: number): Promise<Course> {
  const services = await startServices();
  bench.defer(services.end);
  await services.behave(permitAfter(5));
  const env = { ...variablesFor(services), ...SCALED, BREAKER_ENABLED: String(breaker) };
  const probed = await startProbed(AUTHORIZER, { taskRoot: bench.taskRoot, env, maxConcurrency: CONCURRENT });
  bench.defer(probed.environment.close);
  for (let call = 0; call < 200; call += 1) await probed.decide();

  const begun = performance.now();
  const wallClock = Date.now();
  const load = openLoop(RATE, phaseMs * PHASES.length, () => decide(probed));
  const phases: Phase[] = [];
  for (const [index, name] of PHASES.entries()) {
    await delay(Math.max(0, index * phaseMs - (performance.now() - begun)));
    if (index > 0) await begin(services, name);
    phases.push({ name, from: performance.now() - begun, to: (index + 1) * phaseMs });
  }
  const decided = (await load).map(({ at, ms, result }) => ({ at, ms, ...result }));
  const [ill, well] = [phases[1]?.from ?? 0, phases.at(-1)?.from ?? 0];
  const attempts = probed.environment.lines
    .flatMap(line => attemptsIn(line) ?? [])
    .filter(({ at }) => at - wallClock >= ill && at - wallClock < well)
    .reduce((sum, record) => sum + record.attempts, 0);
  return { decided, phases, attempts };
}

async function decide(probed: ProbedEnvironment): Promise<{ readonly inside: number; readonly reason: string }> {
  const { ms, answer, error } = await probed.invoke();
  const reason = /"reasonCode":"([A-Z_]+)"/.exec(JSON.stringify(answer ?? ''))?.[1];
  return { inside: ms, reason: reason ?? error ?? 'unknown' };
}

/** What the service does in each phase. */
async function begin(services: Services, name: Phase['name']): Promise<void> {
  if (name === 'stalls') await services.behave({ kind: 'stallHead' });
  else if (name === 'refuses') await services.stop();
  else if (name === 'rate limits') {
    await services.restart();
    await services.behave({ kind: 'reply', status: 429, headers: [['Retry-After', '1']], body: '{}' });
  } else await services.behave(permitAfter(5));
}

function attemptsIn(line: string): { readonly at: number; readonly attempts: number } | undefined {
  const at = /"timestamp":"([^"]+)"/.exec(line)?.[1];
  const attempts = /"attempts":(\d+)/.exec(line)?.[1];
  return at === undefined || attempts === undefined ? undefined : { at: Date.parse(at), attempts: Number(attempts) };
}

/** From the service's return until permits come again, and none but permits, for as long as a reset takes. */
function recoveryMs({ decided, phases }: Course): number {
  const back = phases.at(-1)?.from ?? 0;
  const lastRefused = decided.findLast(({ at, reason }) => at >= back && reason !== 'PERMIT');
  return lastRefused === undefined ? 0 : Math.max(0, lastRefused.at + 1000 / RATE - back);
}

function measurementsOf(variant: string, { decided, phases }: Course): readonly Measurement[] {
  return phases.flatMap(phase => {
    const within = decided.filter(({ at }) => phaseOf(phases, at) === phase);
    const base = { condition: `the service ${phase.name}`, variant };
    return [
      { ...base, metric: 'decision', unit: 'ms', rounds: [within.map(({ inside }) => inside)] },
      {
        ...base,
        metric: 'permitted',
        unit: 'of all',
        rounds: [within.map(({ reason }) => Number(reason === 'PERMIT'))],
        detail: true,
      },
    ];
  });
}
