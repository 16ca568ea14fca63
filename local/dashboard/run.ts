/** Sums up a local run from the decision lines of its functions. */
import { isRecord, parseJson } from '../loopback.ts';
import { type Decision, type Line, outcomeLines, percentile, pingOneLines, reasonLines, timeLines } from './lines.ts';

export const PERIOD_MS = 5000;
/** The page shows the shortest of these spans that holds the whole run, in ms. */
const SPANS = [60_000, 120_000, 300_000, 600_000];
const MAX_SPAN_MS = 600_000;
const MAX_DECISIONS = 20_000;

export type Row = {
  readonly kind: string;
  readonly route: string;
  readonly reasonCode: string;
  readonly decisions: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
};

/** Everything that the page shows. */
export type Update = {
  /** Since the start of the run, of all functions. */
  readonly decisions: number;
  readonly functions: readonly string[];
  /** Counts and the time of the chosen function in the span. */
  readonly numbers: {
    readonly decisions: number;
    readonly permitted: number;
    readonly denied: number;
    readonly failedClosed: number;
    readonly p99Ms: number | undefined;
  };
  /** Start of each period, ms since 1970. */
  readonly times: readonly number[];
  /** Lines by the name of their chart. A line that is 0 throughout is left out. */
  readonly charts: Readonly<Record<'outcomes' | 'reasons' | 'times' | 'calls', readonly Line[]>>;
  readonly rows: readonly Row[];
};

export type Run = {
  /** Takes a line that a function wrote. Lines that are no decisions change nothing. */
  readonly take: (line: string, now: number) => void;
  /** @param functionName undefined for all functions together. */
  readonly update: (functionName: string | undefined, now: number) => Update;
};

export const openRun = (startedAt: number): Run => {
  let kept: Decision[] = [];
  let decisions = 0;
  const functions = new Set<string>();
  return {
    take: (line, now) => {
      const decision = decisionIn(line, now);
      if (decision === undefined) return;
      decisions += 1;
      functions.add(decision.functionName);
      kept.push(decision);
      // Under a load test the span gets shorter instead of the memory fuller.
      if (kept.length > 2 * MAX_DECISIONS) kept = kept.slice(-MAX_DECISIONS);
    },
    update: (functionName, now) => {
      const times = timesOf(startedAt, now);
      const shown = kept.filter(
        ({ at, functionName: name }) => at >= (times[0] ?? 0) && (functionName === undefined || name === functionName),
      );
      const byTime = Map.groupBy(shown, ({ at }) => periodOf(at));
      const periods = times.map(time => byTime.get(time) ?? []);
      return {
        decisions,
        functions: [...functions].toSorted(),
        numbers: numbersOf(shown),
        times,
        charts: {
          outcomes: outcomeLines(periods),
          reasons: reasonLines(periods),
          times: timeLines(periods),
          calls: pingOneLines(periods),
        },
        rows: rowsOf(shown),
      };
    },
  };
};

function decisionIn(line: string, at: number): Decision | undefined {
  const fields = line.startsWith('{') ? parseJson(line) : undefined;
  if (!isRecord(fields) || fields['message'] !== 'decision') return undefined;
  const reasonCode = text(fields['reasonCode']);
  return {
    at,
    functionName: text(fields['FunctionName']) || 'authorizer',
    kind: text(fields['kind']),
    route: text(fields['route']),
    reasonCode,
    outcome: reasonCode === 'PERMIT' ? 'permit' : POLICY_REASONS.has(reasonCode) ? 'policy' : 'fault',
    durationMs: number(fields['durationMs']) ?? 0,
    pdpMs: number(fields['pdpMs']),
    attempts: number(fields['attempts']) ?? 0,
  };
}

const POLICY_REASONS: ReadonlySet<string> = new Set(['POLICY_DENIED', 'UNAUTHENTICATED', 'STEP_UP_REQUIRED']);

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function periodOf(ms: number): number {
  return Math.floor(ms / PERIOD_MS) * PERIOD_MS;
}

function timesOf(startedAt: number, now: number): readonly number[] {
  const end = periodOf(now) + PERIOD_MS;
  const span = SPANS.find(ms => end - ms <= periodOf(startedAt)) ?? MAX_SPAN_MS;
  return Array.from({ length: span / PERIOD_MS }, (_, index) => end - span + index * PERIOD_MS);
}

function numbersOf(decisions: readonly Decision[]): Update['numbers'] {
  const count = (outcome: Decision['outcome']): number => decisions.filter(each => each.outcome === outcome).length;
  return {
    decisions: decisions.length,
    permitted: count('permit'),
    denied: count('policy'),
    failedClosed: count('fault'),
    p99Ms: percentile(
      decisions.map(({ durationMs }) => durationMs),
      99,
    ),
  };
}

function rowsOf(decisions: readonly Decision[]): readonly Row[] {
  const groups = Map.groupBy(decisions, ({ kind, route, reasonCode }) => JSON.stringify([kind, route, reasonCode]));
  return [...groups.values()]
    .flatMap(group => {
      const times = group.map(({ durationMs }) => durationMs);
      const [first] = group;
      if (first === undefined) return [];
      const { kind, route, reasonCode } = first;
      const [p50Ms = 0, p99Ms = 0] = [percentile(times, 50), percentile(times, 99)];
      return [{ kind, route, reasonCode, decisions: group.length, p50Ms, p99Ms }];
    })
    .toSorted((a, b) => b.decisions - a.decisions);
}
