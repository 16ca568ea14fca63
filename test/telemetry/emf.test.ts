/** The rules of the metrics: every line is one that CloudWatch takes, and what it adds up to is what happened. */
import { describe, expect, it } from 'vitest';
import { METRIC_UNITS } from '../../src/telemetry/names.ts';
import { answerOf } from '../fault/answers.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { restEvent, tokenEvent } from '../support/events.ts';
import { dataOf, emfProblems } from './emf.ts';
import { decisionsOf, type Setting, type Stage, setStage } from './stage.ts';

const OFF = { OTEL_SDK_DISABLED: 'true' };
const FUNCTION = 'FunctionName=aws-lambda-authorizer';

const stageOf = (script: readonly Behaviour[], env: Setting['env'] = {}): Promise<Stage> =>
  setStage({ script, env: { ...OFF, PINGONE_RETRIES: '0', ...env } });

/** The sum of every series after these invocations. */
const sums = async (stage: Stage, invocations: number): Promise<ReadonlyMap<string, number>> => {
  for (let done = 0; done < invocations; done += 1) await stage.environment.invoke(restEvent());
  const metricLines = (): readonly string[] => stage.environment.lines.filter(line => line.includes('"_aws"'));
  await expect.poll(() => metricLines().length).toBe(invocations);
  const totals = new Map<string, number>();
  for (const { series, value } of metricLines().flatMap(dataOf)) totals.set(series, (totals.get(series) ?? 0) + value);
  return totals;
};

describe('a line', () => {
  it('is one that CloudWatch takes, for every way that a request can end', async () => {
    const stage = await stageOf(
      [
        { kind: 'permit', edits: { add: [['x-extra', '1']] } },
        { kind: 'deny' },
        { kind: 'deny', code: '401' },
        { kind: 'reply', status: 500 },
        { kind: 'reply', status: 429 },
        { kind: 'resetBeforeHead' },
        { kind: 'reply', status: 200, body: 'no' },
        { kind: 'reply', status: 401 },
      ],
      { BREAKER_VOLUME_THRESHOLD: '4' },
    );
    for (let round = 0; round < 8; round += 1) await stage.environment.invoke(restEvent());
    await stage.environment.invoke(tokenEvent());
    const lines = await decisionsOf(stage, 9);
    expect(stage.environment.lines.flatMap(line => emfProblems(line, Date.now()))).toEqual([]);
    expect(lines.every(line => line['_aws'] !== undefined)).toBe(true);
  });

  it('carries the decision and its metrics together', async () => {
    const stage = await stageOf([]);
    await stage.environment.invoke(restEvent());
    expect((await decisionsOf(stage, 1))[0]).toMatchObject({
      effect: 'permit',
      Permit: 1,
      PdpAttempts: 1,
      ColdStart: 1,
    });
    expect(stage.environment.lines.filter(line => line.startsWith('{'))).toHaveLength(1);
  });

  it('names the units of the contract and the namespace of METRICS_NAMESPACE', async () => {
    const stage = await stageOf([{ kind: 'deny' }], { METRICS_NAMESPACE: 'Shop/Authorizer' });
    await sums(stage, 1);
    const data = stage.environment.lines.flatMap(dataOf);
    expect(new Set(data.map(({ namespace }) => namespace))).toEqual(new Set(['Shop/Authorizer']));
    const units = new Map<string, string>(Object.entries(METRIC_UNITS));
    for (const { series, unit } of data) expect(unit, series).toBe(units.get(series.split('{')[0] ?? ''));
  });
});

describe('the sums', () => {
  it('count permits, denials by reason and fail-closed denials', async () => {
    const stage = await stageOf([
      { kind: 'permit' },
      { kind: 'deny' },
      { kind: 'deny' },
      { kind: 'reply', status: 500 },
    ]);
    const total = await sums(stage, 4);
    expect(total.get(`Permit{${FUNCTION}}`)).toBe(1);
    expect(total.get(`Deny{${FUNCTION}}`)).toBe(3);
    expect(total.get(`Deny{${FUNCTION},ReasonCode=POLICY_DENIED}`)).toBe(2);
    expect(total.get(`Deny{${FUNCTION},ReasonCode=PDP_ERROR}`)).toBe(1);
    expect(total.get(`FailClosed{${FUNCTION}}`)).toBe(1);
    expect(total.get(`FailClosed{${FUNCTION},ReasonCode=PDP_ERROR}`)).toBe(1);
    expect([...total.keys()].filter(series => series.includes('ReasonCode=PERMIT'))).toEqual([]);
    expect(total.get(`ColdStart{${FUNCTION}}`)).toBe(1);
  });

  it('count a 401 that is thrown', async () => {
    const stage = await stageOf([{ kind: 'deny', code: '401' }]);
    expect(answerOf(await stage.environment.invoke(restEvent())).thrown).toBe(true);
    await stage.environment.invoke(restEvent());
    const data = (await decisionsOf(stage, 2)).flatMap(line => dataOf(JSON.stringify(line)));
    expect(data.map(({ series }) => series)).toContain(`Deny{${FUNCTION},ReasonCode=UNAUTHENTICATED}`);
  });

  it('count retries, the breaker and what could not be applied', async () => {
    const stage = await stageOf(
      [
        {
          kind: 'permit',
          edits: {
            add: [
              ['x-a', '1'],
              ['x-b', '1'],
            ],
          },
        },
        { kind: 'reply', status: 503 },
        { kind: 'reply', status: 503 },
      ],
      { PINGONE_RETRIES: '1', BREAKER_VOLUME_THRESHOLD: '3' },
    );
    const total = await sums(stage, 3);
    expect(total.get(`UnappliedChanges{${FUNCTION}}`)).toBe(2);
    expect(total.get(`PdpAttempts{${FUNCTION}}`)).toBe(3);
    expect(total.get(`PdpRetries{${FUNCTION}}`)).toBe(1);
    expect(total.get(`CircuitOpened{${FUNCTION}}`)).toBe(1);
    expect(total.get(`CircuitRefused{${FUNCTION}}`)).toBe(1);
  });

  it('count permits from the cache', async () => {
    const stage = await stageOf([], { DECISION_CACHE_TTL_MS: '60000' });
    const total = await sums(stage, 3);
    expect(total.get(`DecisionCacheHit{${FUNCTION}}`)).toBe(2);
    expect(total.get(`Permit{${FUNCTION}}`)).toBe(3);
    expect(total.get(`PdpAttempts{${FUNCTION}}`)).toBe(1);
  });

  it('hold one latency a request, in ms, so that percentiles are true', async () => {
    const stage = await stageOf([{ kind: 'slow', ms: 400, behaviour: { kind: 'permit' } }, { kind: 'permit' }]);
    await sums(stage, 2);
    const values = (name: string): readonly number[] =>
      stage.environment.lines
        .flatMap(dataOf)
        .flatMap(({ series, value }) => (series.startsWith(`${name}{`) ? [value] : []));
    for (const name of ['AuthorizerLatency', 'PdpLatency']) {
      expect(values(name)).toHaveLength(2);
      const [slow = 0, quick = Number.NaN] = values(name);
      expect(slow).toBeGreaterThanOrEqual(398);
      expect(quick).toBeLessThan(slow);
    }
    expect(values('InitDuration')).toHaveLength(1);
  });
});
