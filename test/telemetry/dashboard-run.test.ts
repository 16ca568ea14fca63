/** Rules for the numbers of the local dashboard: which lines count, what is counted, and what is left out. */
import { describe, expect, it } from 'vitest';
import { openRun, PERIOD_MS, type Run, type Update } from '../../local/dashboard/run.ts';

const START = 1_800_000_000_000;

/** A decision line with these fields in place of those of a permit. */
const decision = (fields: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    message: 'decision',
    FunctionName: 'rest',
    kind: 'rest',
    route: '/orders',
    reasonCode: 'PERMIT',
    durationMs: 5,
    pdpMs: 4,
    attempts: 1,
    ...fields,
  });

const runOf = (...lines: readonly string[]): Run => {
  const run = openRun(START);
  for (const line of lines) run.take(line, START);
  return run;
};

/** The lines of a chart as label -> the values that are not 0 and no gap. */
const valuesOf = (lines: Update['charts']['outcomes']): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(
    lines.map(({ label, values }) => [label, values.filter(value => value !== null).filter(value => value !== 0)]),
  );

describe('a run', () => {
  it('counts decisions by outcome, and a reason of ours as failed closed', () => {
    const run = runOf(
      decision(),
      decision(),
      decision({ reasonCode: 'POLICY_DENIED' }),
      decision({ reasonCode: 'STEP_UP_REQUIRED' }),
      decision({ reasonCode: 'PDP_ERROR', attempts: 2, durationMs: 30 }),
    );
    const { decisions, numbers, charts } = run.update(undefined, START);
    expect(decisions).toBe(5);
    expect(numbers).toEqual({ decisions: 5, permitted: 2, denied: 2, failedClosed: 1, p99Ms: 30 });
    expect(valuesOf(charts.outcomes)).toEqual({ Permitted: [2], 'Denied by PingOne': [2], 'Failed closed': [1] });
    expect(valuesOf(charts.reasons)).toEqual({ PDP_ERROR: [1], POLICY_DENIED: [1], STEP_UP_REQUIRED: [1] });
    expect(valuesOf(charts.calls)).toEqual({ 'First calls': [5], 'Further calls': [1] });
  });

  it('draws no line that is 0 throughout, and no line at all without a decision', () => {
    expect(valuesOf(runOf(decision()).update(undefined, START).charts.outcomes)).toEqual({ Permitted: [1] });
    const { charts, numbers, rows } = runOf().update(undefined, START);
    expect(charts).toEqual({ outcomes: [], reasons: [], times: [], calls: [] });
    expect([numbers.decisions, numbers.p99Ms, rows]).toEqual([0, undefined, []]);
  });

  it('has percentiles by the nearest rank, and a gap in a time where nothing was measured', () => {
    const run = runOf(...[1, 2, 3, 40].map(durationMs => decision({ durationMs, pdpMs: undefined, attempts: 0 })));
    const { charts } = run.update(undefined, START + PERIOD_MS);
    expect(charts.times.map(({ label, values }) => [label, values.slice(-2)])).toEqual([
      ['Whole decision, p50', [2, null]],
      ['Whole decision, p99', [40, null]],
    ]);
  });

  it('gives a reason one colour, whatever else is drawn', () => {
    const lines = (...reasons: readonly string[]) =>
      runOf(...reasons.map(reasonCode => decision({ reasonCode }))).update(undefined, START).charts.reasons;
    const colours = new Map(lines('CIRCUIT_OPEN', 'PDP_TIMEOUT', 'INTERNAL').map(({ label, color }) => [label, color]));
    expect(lines('PDP_TIMEOUT')[0]?.color).toBe(colours.get('PDP_TIMEOUT'));
    expect(new Set(colours.values()).size).toBe(3);
  });

  it('shows one function if one is chosen, and lists all', () => {
    const run = runOf(decision(), decision({ FunctionName: 'http' }), decision({ FunctionName: 'http' }));
    expect(run.update('http', START)).toMatchObject({ functions: ['http', 'rest'], numbers: { decisions: 2 } });
    expect(run.update(undefined, START).numbers.decisions).toBe(3);
  });

  it.each([
    [0, 60],
    [59, 60],
    [90, 120],
    [299, 300],
    [3600, 600],
  ])('of %d s is shown in a span of %d s, and older decisions are left out', (seconds, span) => {
    const now = START + seconds * 1000;
    const { times, numbers } = runOf(decision()).update(undefined, now);
    expect(times).toHaveLength((span * 1000) / PERIOD_MS);
    expect(times.at(-1)).toBe(Math.floor(now / PERIOD_MS) * PERIOD_MS);
    expect(numbers.decisions).toBe(seconds > span ? 0 : 1);
  });

  it('has a table by API, route and reason, the most frequent first', () => {
    const run = runOf(
      decision({ route: '/b', durationMs: 1 }),
      decision({ route: '/a', durationMs: 2 }),
      decision({ route: '/a', durationMs: 4 }),
    );
    expect(run.update(undefined, START).rows).toEqual([
      { kind: 'rest', route: '/a', reasonCode: 'PERMIT', decisions: 2, p50Ms: 2, p99Ms: 4 },
      { kind: 'rest', route: '/b', reasonCode: 'PERMIT', decisions: 1, p50Ms: 1, p99Ms: 1 },
    ]);
  });

  it('keeps a bounded number of decisions', () => {
    const run = openRun(START);
    for (let count = 0; count < 50_000; count += 1) run.take(decision(), START);
    const { decisions, numbers } = run.update(undefined, START);
    expect(decisions).toBe(50_000);
    expect(numbers.decisions).toBeLessThanOrEqual(40_000);
    expect(numbers.decisions).toBeGreaterThanOrEqual(20_000);
  });

  it.each(['', 'oops', '{', '[]', 'null', '{"message":"breaker"}', '{"_aws":7}'])('does not count %j', line => {
    expect(runOf(line).update(undefined, START)).toMatchObject({ decisions: 0, functions: [] });
  });
});
