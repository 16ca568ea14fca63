/** Rules of the one record of a request. */
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/config/configuration.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { failClosed } from '../../../src/corridor/fail-closed.ts';
import type { Outcome, Preflight, Visit } from '../../../src/corridor/port.ts';
import { newCounts, newFacts } from '../../../src/domain/call.ts';
import { deny } from '../../../src/domain/decision.ts';
import { AuthorizerError } from '../../../src/domain/errors.ts';
import { readEnvelope } from '../../../src/gateway/envelope.ts';
import { readInvocation } from '../../../src/lambda/invocation.ts';
import { openLog } from '../../../src/telemetry/log.ts';
import { recorder } from '../../../src/telemetry/record.ts';
import { restEvent } from '../../support/events.ts';
import { emfProblems } from '../../telemetry/emf.ts';
import { permitFor } from '../permits.ts';
import { visitOf } from '../visits.ts';

const NOW = Date.UTC(2026, 10, 22);
const PERMIT: Outcome = {
  decision: permitFor({ headers: [], changes: [], correlationId: 'c-1' }),
  request: undefined,
  unapplied: [],
  fault: undefined,
};
const failedBy = (fault: unknown): Outcome => ({ ...PERMIT, decision: failClosed(fault), fault });

const recorded = (
  outcome: Outcome | Preflight,
  environment: Environment = {},
  visit: Partial<Visit> = {},
): Record<string, unknown>[] => {
  const lines: string[] = [];
  const config = loadConfig({ AWS_LAMBDA_FUNCTION_NAME: 'fn', ...environment });
  const log = openLog(
    config.logLevel,
    line => lines.push(line),
    () => NOW,
  );
  const record = recorder(config, log, newCounts(), () => NOW);
  const whole = visitOf(restEvent(), {
    invocation: readInvocation({ awsRequestId: 'l-1' }),
    facts: { ...newFacts('closed'), attempts: 1, pdpMs: 3.456, pdpStatus: 200, traceId: 't-1' },
    coldStart: true,
    initMs: 100,
    ...visit,
  });
  record(whole, outcome, 5.55555);
  return lines.map(line => JSON.parse(line) as Record<string, unknown>);
};

describe('the record of a preflight', () => {
  const PASSED: Preflight = { effect: 'preflight', ending: 'passed', status: undefined, result: { uri: '/canary' } };

  it('is one line that counts it as a preflight, and as neither permit nor denial', () => {
    const visit = { facts: { ...newFacts('closed'), traceId: 't-1' } };
    const [line, ...more] = recorded(PASSED, { DEBUG: 'true' }, visit);
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      level: 'INFO',
      message: 'decision',
      effect: 'preflight',
      reasonCode: 'PREFLIGHT',
      ending: 'passed',
      durationMs: 5.56,
      kind: 'rest',
      lambdaRequestId: 'l-1',
      traceId: 't-1',
      Preflight: 1,
      ColdStart: 1,
      InitDuration: 100,
    });
    for (const name of ['Permit', 'Deny', 'FailClosed', 'AuthorizerLatency']) expect(line).not.toHaveProperty(name);
    expect(emfProblems(JSON.stringify(line), NOW)).toEqual([]);
    expect(JSON.stringify(line)).not.toContain('canary');
  });

  it('says which status the client got, if the origin was not to give it', () => {
    expect(recorded({ ...PASSED, ending: 'refused', status: 403 })[0]).toMatchObject({
      ending: 'refused',
      status: 403,
    });
  });

  it('is its metrics alone if the level drops the line', () => {
    const [line] = recorded(PASSED, { LOG_LEVEL: 'WARN' });
    expect(line).toMatchObject({ Preflight: 1 });
    expect(line).not.toHaveProperty('message');
  });
});

describe('a record', () => {
  it('is one line with everything that an operator needs, and the metrics', () => {
    const [line, ...more] = recorded(PERMIT);
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      level: 'INFO',
      message: 'decision',
      effect: 'permit',
      reasonCode: 'PERMIT',
      durationMs: 5.56,
      pdpMs: 3.46,
      pdpStatus: 200,
      attempts: 1,
      breaker: 'closed',
      coldStart: true,
      kind: 'rest',
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      lambdaRequestId: 'l-1',
      traceId: 't-1',
      correlationId: 'c-1',
      FunctionName: 'fn',
      Permit: 1,
    });
    expect(emfProblems(JSON.stringify(line), NOW)).toEqual([]);
  });

  it('is INFO for what PingOne decided, WARN where we failed closed, ERROR for a bug', () => {
    const denied = deny({ reasonCode: 'POLICY_DENIED', status: 403, reason: 'no', fromPdp: true });
    expect(recorded({ ...PERMIT, decision: denied })[0]).toMatchObject({ level: 'INFO', status: 403 });
    expect(recorded(failedBy(new AuthorizerError('PDP_TIMEOUT')))[0]).toMatchObject({ level: 'WARN', status: 503 });
    expect(recorded(failedBy(new Error('x')))[0]).toMatchObject({ level: 'ERROR', reasonCode: 'INTERNAL' });
  });

  it('tells our words and never PingOne’s, which a policy may have filled', () => {
    const denied = deny({
      reasonCode: 'POLICY_DENIED',
      status: 403,
      reason: 'canary',
      fromPdp: true,
      challenge: 'canary',
      body: '"canary"',
    });
    expect(JSON.stringify(recorded({ ...PERMIT, decision: denied }))).not.toContain('canary');
    expect(recorded(failedBy(new AuthorizerError('PDP_ERROR', { detail: 'HTTP 500' })))[0]).toMatchObject({
      reason: expect.stringContaining('HTTP 500'),
    });
  });

  it('tells where a bug is, and not what it said', () => {
    const [line] = recorded(failedBy(new TypeError('canary')));
    expect(line).toMatchObject({
      error: 'TypeError',
      stack: expect.arrayContaining([expect.stringContaining('record.test.ts')]),
    });
    expect(JSON.stringify(line)).not.toContain('canary');
    expect(recorded(failedBy(new AuthorizerError('PDP_ERROR')))[0]).not.toHaveProperty('stack');
  });

  it('names the changes that nobody applied', () => {
    const [line] = recorded({ ...PERMIT, unapplied: [{ kind: 'query' }, { kind: 'header-added', name: 'x-user' }] });
    expect(line).toMatchObject({ unapplied: ['query', 'header-added:x-user'], UnappliedChanges: 2 });
  });

  it('cuts what a caller could make endless', () => {
    const envelope = readEnvelope(restEvent({ requestContext: { requestId: 'x'.repeat(10_000) } }));
    expect(recorded(PERMIT, {}, { envelope })[0]?.['requestId']).toHaveLength(256);
  });
});

describe('settings', () => {
  it('METRICS=none leaves the metrics out', () => {
    expect(recorded(PERMIT, { METRICS: 'none' })[0]).not.toHaveProperty('_aws');
  });

  it('a higher LOG_LEVEL leaves the words out and the metrics in: they are not logs', () => {
    for (const level of ['WARN', 'SILENT']) {
      const [line, ...more] = recorded(PERMIT, { LOG_LEVEL: level });
      expect(more).toEqual([]);
      expect(line).not.toHaveProperty('message');
      expect(emfProblems(JSON.stringify(line), NOW)).toEqual([]);
    }
    expect(recorded(PERMIT, { LOG_LEVEL: 'SILENT', METRICS: 'none' })).toEqual([]);
  });

  it('METRICS_NAMESPACE names the namespace', () => {
    expect(JSON.stringify(recorded(PERMIT, { METRICS_NAMESPACE: 'Mine' }))).toContain('"Namespace":"Mine"');
  });

  it('DEBUG=true adds one redacted line', () => {
    expect(recorded(PERMIT, { DEBUG: 'true' }).map(({ message }) => message)).toEqual(['decision', 'exchange']);
    expect(recorded(PERMIT, { DEBUG: 'true', LOG_LEVEL: 'SILENT', METRICS: 'none' })).toEqual([]);
  });
});

describe('recording', () => {
  it('never throws, whatever goes wrong in it', () => {
    const config = loadConfig({});
    const log = openLog(
      'INFO',
      () => undefined,
      () => NOW,
    );
    const record = recorder(config, log, newCounts(), () => Number.NaN);
    const broken = new Proxy(PERMIT, {
      get: () => {
        throw new Error('no');
      },
    });
    expect(() => record(visitOf(undefined), broken, 1)).not.toThrow();
  });
});
