/** freeze: the first decision after SIGSTOP, with a connection that the service has kept, closed or forgotten meanwhile. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour } from '../../test/support/behaviours.ts';
import { type ProbedEnvironment, startProbed, variablesFor } from '../bed/function.ts';
import { permitAfter, type Services, startServices } from '../bed/services.ts';
import { AUTHORIZER, controlModule } from '../bed/task-root.ts';
import type { BarFigure } from '../report/figure.ts';
import type { Bench, Measurement, Scenario } from '../scenario.ts';
import { ascending, find, percentile } from '../statistics.ts';

const BARE = 'bare node:https, keep-alive';
const OURS = 'authorizer';
const MODULES = [
  [OURS, AUTHORIZER],
  [BARE, controlModule('bare')],
] as const;

/** What becomes of the connection while the function stands still. */
const FATES: readonly (readonly [name: string, behaviour: Behaviour])[] = [
  ['kept', permitAfter(0)],
  ['closed', { kind: 'closeAfterIdle', ms: 300 }],
  ['forgotten', { kind: 'forget' }],
];

interface Subject {
  readonly variant: string;
  readonly fate: string;
  readonly behaviour: Behaviour;
  readonly probed: ProbedEnvironment;
}

interface Thawed {
  readonly subject: Subject;
  readonly ms: number;
  readonly failed: boolean;
}

export const freeze: Scenario = {
  name: 'freeze',
  title: 'After a freeze',
  question: 'Does the first request after a pause pay for a connection that died in the meantime?',
  run: async bench => {
    const services = await startServices();
    bench.defer(services.end);
    const subjects = await startSubjects(bench, services, bench.pick(2, 4));
    const measurements: Measurement[] = [];
    const conditions: string[] = [];
    let failed = 0;
    for (const seconds of bench.pick([1], [1, 10, 60])) {
      bench.say(`${subjects.length} environments stopped for ${seconds} s`);
      const thawed = await freezeOnce(services, subjects, seconds);
      conditions.push(`${seconds} s`);
      measurements.push(...measurementsOf(`${seconds} s`, thawed));
      failed += thawed.filter(({ subject, failed: did }) => did && subject.variant === OURS).length;
    }
    return {
      measurements,
      figures: [figureOf(conditions, measurements)],
      values: { 'freeze.failed': failed },
      notes: [
        'SIGSTOP of the process stands for the freeze: the wall clock goes on, timers and sockets stand still.',
        'The fleet is simulated in the meantime, so that one of the cores may be busy when the environments are thawed.',
      ],
    };
  },
};

async function startSubjects(bench: Bench, services: Services, copies: number): Promise<readonly Subject[]> {
  const subjects: Subject[] = [];
  for (const [fate, behaviour] of FATES) {
    for (const [variant, module] of MODULES) {
      for (let copy = 0; copy < copies; copy += 1) {
        const probed = await startProbed(module, { taskRoot: bench.taskRoot, env: variablesFor(services) });
        bench.defer(probed.environment.close);
        for (let call = 0; call < 20; call += 1) await probed.decide();
        subjects.push({ variant, fate, behaviour, probed });
      }
    }
  }
  return subjects;
}

/** All stand still for the same time; they are thawed one after the other, so that none disturbs another's first call. */
async function freezeOnce(
  services: Services,
  subjects: readonly Subject[],
  seconds: number,
): Promise<readonly Thawed[]> {
  for (const { behaviour, probed } of subjects) {
    await services.behave(behaviour);
    await probed.invoke();
    await probed.environment.idle();
    probed.environment.freeze();
  }
  await services.behave(permitAfter(0));
  await delay(seconds * 1000);
  const thawed: Thawed[] = [];
  for (const subject of subjects) thawed.push(await decideAfterThaw(subject));
  return thawed;
}

async function decideAfterThaw(subject: Subject): Promise<Thawed> {
  const { environment, invoke } = subject.probed;
  environment.thaw();
  const { ms, answer } = await invoke();
  return { subject, ms, failed: !JSON.stringify(answer ?? '').includes('"Allow"') };
}

function measurementsOf(condition: string, thawed: readonly Thawed[]): readonly Measurement[] {
  return FATES.flatMap(([fate]) =>
    MODULES.flatMap(([variant]) => {
      const of = thawed.filter(({ subject }) => subject.fate === fate && subject.variant === variant);
      const base = { condition, variant: `${variant}, connection ${fate}` };
      return [
        {
          ...base,
          metric: 'first decision',
          unit: 'ms',
          rounds: [of.filter(({ failed }) => !failed).map(({ ms }) => ms)],
        },
        { ...base, metric: 'failed', unit: 'of all', rounds: [of.map(({ failed }) => Number(failed))], detail: true },
      ];
    }),
  );
}

function figureOf(conditions: readonly string[], measurements: readonly Measurement[]): BarFigure {
  return {
    kind: 'bars',
    title: 'First decision after a freeze',
    caption:
      'Medians of those that succeeded. Forgotten: the service dropped the connection without a word, as load balancers do; a client that trusts its socket fails there every time.',
    unit: 'ms',
    parts: ['first decision'],
    rows: conditions.flatMap(condition =>
      FATES.flatMap(([fate]) =>
        MODULES.map(([variant]) => {
          const name = `${variant}, connection ${fate}`;
          const all = find(measurements, condition, name, 'failed').rounds.flat();
          const failed = all.reduce((sum, value) => sum + value, 0);
          const ms = percentile(ascending(find(measurements, condition, name, 'first decision').rounds.flat()), 0.5);
          return {
            name: `${condition}: ${variant}, ${fate}${failed === 0 ? '' : ` (${failed} of ${all.length} failed)`}`,
            control: variant !== OURS,
            values: Number.isNaN(ms) ? [] : [ms],
          };
        }),
      ),
    ),
  };
}
