/** Rules of what operators see of a shadow. */
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { newCounts } from '../../../src/domain/call.ts';
import type { Comparison } from '../../../src/domain/shadow-comparison.ts';
import { openLog } from '../../../src/telemetry/log.ts';
import { shadowRecorder } from '../../../src/telemetry/shadow-record.ts';
import { emfProblems } from '../../telemetry/emf.ts';

const NOW = 1_800_000_000_000;
const DISAGREED: Comparison = {
  outcome: 'disagreed',
  kind: 'permit/deny',
  pingone: { effect: 'permit', reasonCode: 'PERMIT', status: undefined, correlationId: 'c-1' },
  shadow: { effect: 'deny', reasonCode: 'POLICY_DENIED', status: 403, correlationId: 'c-2' },
  request: { apiId: 'a', stage: 'dev', route: 'GET /x', requestId: 'r-1' },
  ms: 12.345678,
};

const open = (environment: Readonly<Record<string, string>> = {}) => {
  const config = loadConfig({ AWS_LAMBDA_FUNCTION_NAME: 'fn', ...environment });
  const lines: string[] = [];
  const counts = newCounts();
  const log = openLog(
    config.logLevel,
    line => lines.push(line),
    () => NOW,
  );
  return { lines, counts, record: shadowRecorder(config, log, counts, () => NOW) };
};

describe('a comparison', () => {
  it('that agrees is a count, which the next decision takes along', () => {
    const { lines, counts, record } = open();
    record({ outcome: 'agreed' });
    record({ outcome: 'agreed' });
    expect([counts.shadowAgree, lines]).toEqual([2, []]);
  });

  it('that disagrees is a line with its metric: both outcomes, whose request, no value', () => {
    const { lines, record } = open();
    record(DISAGREED);
    expect(emfProblems(lines[0] ?? '', NOW)).toEqual([]);
    const { outcome: _, ms: __, request, ...rest } = DISAGREED;
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'INFO',
      timestamp: new Date(NOW).toISOString(),
      message: 'shadow',
      ...JSON.parse(JSON.stringify(rest)),
      ...request,
      shadowMs: 12.35,
      FunctionName: 'fn',
      ShadowDisagree: 1,
      _aws: expect.anything(),
    });
  });

  it('that disagrees is counted also where its line is not written, and only then', () => {
    const quiet = open({ LOG_LEVEL: 'ERROR' });
    quiet.record(DISAGREED);
    expect(Object.keys(JSON.parse(quiet.lines[0] ?? ''))).toEqual(['_aws', 'FunctionName', 'ShadowDisagree']);
    const none = open({ LOG_LEVEL: 'ERROR', METRICS: 'none' });
    none.record(DISAGREED);
    expect(none.lines).toEqual([]);
  });

  it('that fails is a count, and a line when it begins to fail for another reason', () => {
    const { lines, counts, record } = open();
    const codes = ['PDP_TIMEOUT', 'PDP_TIMEOUT', 'CIRCUIT_OPEN', undefined, 'CIRCUIT_OPEN'];
    for (const code of codes) record(code === undefined ? { outcome: 'agreed' } : { outcome: 'failed', code });
    expect(counts).toMatchObject({ shadowFailed: 4, shadowAgree: 1 });
    expect(lines.map(line => JSON.parse(line))).toMatchObject(
      ['PDP_TIMEOUT', 'CIRCUIT_OPEN', 'CIRCUIT_OPEN'].map(reasonCode => ({
        level: 'WARN',
        message: 'shadow-failed',
        reasonCode,
      })),
    );
  });
});
