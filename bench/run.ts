/** `npm run bench`: runs the scenarios one after the other, writes bench/results/, prints the table. */
import { mkdir, writeFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import { readArguments, USAGE } from './arguments.ts';
import { makeTaskRoot } from './bed/task-root.ts';
import { readBudgets, readGoals } from './budgets.ts';
import { changesBetween, comparisonOf, readReport } from './compare.ts';
import { writeFigures } from './document/write-figures.ts';
import { describeMachine } from './machine.ts';
import { pageOf } from './report/page.ts';
import { type Chapter, chapterOf, type Report, verdictsOf } from './report/report.ts';
import type { Bench, Mode, Scenario, ScenarioResult } from './scenario.ts';
import { busy } from './scenarios/busy.ts';
import { cache } from './scenarios/cache.ts';
import { cold } from './scenarios/cold.ts';
import { edge } from './scenarios/edge.ts';
import { fleet } from './scenarios/fleet.ts';
import { freeze } from './scenarios/freeze.ts';
import { load } from './scenarios/load.ts';
import { outage } from './scenarios/outage.ts';
import { parts } from './scenarios/parts.ts';
import { soak } from './scenarios/soak.ts';
import { tried } from './scenarios/tried.ts';
import { warm } from './scenarios/warm.ts';
import { summaryOf } from './summary.ts';

/** In their order; those of one list run at the same time. Frozen environments only wait, and virtual time is not disturbed. */
const SCHEDULE: readonly (readonly Scenario[])[] = [
  [warm],
  [busy],
  [cache],
  [edge],
  [cold],
  [load],
  [outage],
  [freeze, fleet],
  [parts],
  [soak],
];
const SCENARIOS = SCHEDULE.flat();
/** Runs only when it is named. */
const ON_REQUEST: readonly Scenario[] = [tried];
const RESULTS = new URL('./results/', import.meta.url);

await main();

async function main(): Promise<void> {
  const args = readArguments(
    process.argv.slice(2),
    [...SCENARIOS, ...ON_REQUEST].map(({ name }) => name),
  );
  if (args.help) {
    console.log(USAGE);
    return;
  }
  const former = args.compare === undefined ? undefined : await readReport(args.compare);
  const [goals, budgets] = [await readGoals(), await readBudgets()];
  const finishMachine = await describeMachine();
  const taskRoot = await makeTaskRoot();
  const [started, begun] = [new Date().toISOString(), performance.now()];
  const chapters: Chapter[] = [];
  try {
    for (const together of chosen(args.scenarios)) {
      chapters.push(...(await Promise.all(together.map(scenario => runScenario(scenario, args.mode, taskRoot.path)))));
    }
  } finally {
    await taskRoot.remove();
  }
  const report: Report = {
    schema: 1,
    mode: args.mode,
    ...(args.scenarios.length === 0 ? {} : { partial: true as const }),
    started,
    seconds: (performance.now() - begun) / 1000,
    machine: finishMachine(),
    verdicts: verdictsOf(chapters, goals, budgets),
    chapters,
  };
  await mkdir(RESULTS, { recursive: true });
  await writeFile(new URL('report.json', RESULTS), `${JSON.stringify(report)}\n`);
  await writeFile(new URL('report.html', RESULTS), pageOf(report));
  console.log(summaryOf(report));
  if (former !== undefined) console.log(comparisonOf(changesBetween(former, report)));
  const failed = chapters.some(({ failure }) => failure !== undefined);
  const whole = args.mode === 'full' && args.scenarios.length === 0 && !failed;
  if (whole) await writeFigures(report);
  console.log(`\nbench/results/report.html · bench/results/report.json${whole ? ' · docs/performance.md' : ''}`);
  const exceeded = args.check && report.verdicts.some(({ withinBudget }) => !withinBudget);
  if (failed || exceeded) process.exitCode = 1;
}

function chosen(names: readonly string[]): readonly (readonly Scenario[])[] {
  return names.length === 0
    ? SCHEDULE
    : [...SCHEDULE, ON_REQUEST].map(together => together.filter(({ name }) => names.includes(name)));
}

/** Runs one scenario and ends everything that it started, whatever came of it. */
async function runScenario(scenario: Scenario, mode: Mode, taskRoot: string): Promise<Chapter> {
  const ends: (() => unknown)[] = [];
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const outcome = await attempt(scenario, {
    mode,
    taskRoot,
    pick: (quick, full) => (mode === 'quick' ? quick : full),
    say: progress => console.error(styleText('dim', `${scenario.name.padEnd(7)}${progress}`)),
    defer: end => void ends.unshift(end),
  });
  for (const end of ends) await Promise.resolve(end()).catch(() => undefined);
  return chapterOf(scenario, outcome, seconds());
}

async function attempt(scenario: Scenario, bench: Bench): Promise<ScenarioResult | Error> {
  try {
    return await scenario.run(bench);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
