/** Rules of CloudWatch's embedded metric format, as its specification states them, and of what is counted. */
import { describe, expect, it } from 'vitest';
import { failClosed } from '../../../src/corridor/fail-closed.ts';
import type { Outcome, Visit } from '../../../src/corridor/port.ts';
import { type Counts, type Facts, newCounts, newFacts } from '../../../src/domain/call.ts';
import { type Decision, deny } from '../../../src/domain/decision.ts';
import { AuthorizerError } from '../../../src/domain/errors.ts';
import { embedded, type Samples, samplesOf } from '../../../src/telemetry/metrics.ts';
import { emfProblems } from '../../telemetry/emf.ts';
import { permitFor } from '../permits.ts';
import { visitOf } from '../visits.ts';

const NOW = 1_800_000_000_000;

const VISIT = visitOf(undefined);
const PERMIT = permitFor({ headers: [], changes: [] });
const DENIED = deny({ reasonCode: 'POLICY_DENIED', status: 403, reason: 'no', fromPdp: true });

const outcome = (decision: Decision, fault?: unknown): Outcome => ({
  decision,
  request: undefined,
  unapplied: [],
  fault,
});
const failed = (code: 'CIRCUIT_OPEN' | 'PDP_TIMEOUT'): Outcome => {
  const fault = new AuthorizerError(code);
  return outcome(failClosed(fault), fault);
};
const sampled = (result: Outcome, visit: Partial<Visit> = {}, counts: Counts = newCounts()): Samples =>
  samplesOf({ ...VISIT, ...visit }, result, 12.34567, counts);
const samples = (result: Outcome, facts: Partial<Facts> = {}): Samples =>
  sampled(result, { facts: { ...newFacts(), ...facts } });

describe('the samples of a request', () => {
  it('are a permit, or a denial, which is fail-closed where it is not PingOne’s', () => {
    expect(samples(outcome(PERMIT))).toEqual({ Permit: 1, AuthorizerLatency: 12.346 });
    expect(samples(outcome(DENIED))).toEqual({ Deny: 1, AuthorizerLatency: 12.346 });
    expect(samples(failed('PDP_TIMEOUT'))).toEqual({ Deny: 1, FailClosed: 1, AuthorizerLatency: 12.346 });
    expect(samples(failed('CIRCUIT_OPEN'))).toMatchObject({ CircuitRefused: 1 });
  });

  it('tell what PingOne cost, where it was asked', () => {
    expect(samples(outcome(PERMIT), { attempts: 2, pdpMs: 5.5555 })).toMatchObject({
      PdpAttempts: 2,
      PdpRetries: 1,
      PdpLatency: 5.556,
    });
    expect(samples(outcome(PERMIT), { cacheHit: true })).toEqual({
      Permit: 1,
      DecisionCacheHit: 1,
      AuthorizerLatency: 12.346,
    });
  });

  it('take along what the environment counted, once', () => {
    const counts = { ...newCounts(), circuitOpened: 1, credentialRefresh: 2, credentialRefreshFailed: 3 };
    const taken = sampled(outcome(PERMIT), {}, counts);
    expect(taken).toMatchObject({ CircuitOpened: 1, CredentialRefresh: 2, CredentialRefreshFailed: 3 });
    expect(counts).toEqual(newCounts());
  });

  it('tell the cold start and its init', () => {
    expect(sampled(outcome(PERMIT), { coldStart: true, initMs: 99.9999 })).toMatchObject({
      ColdStart: 1,
      InitDuration: 100,
    });
  });

  it('count changes that nobody applied', () => {
    const changed = { ...outcome(PERMIT), unapplied: [{ kind: 'query' }, { kind: 'path' }] as const };
    expect(samples(changed)).toMatchObject({ UnappliedChanges: 2 });
  });
});

describe('the embedded metric format', () => {
  const all: Samples = {
    Permit: 1,
    Deny: 1,
    FailClosed: 1,
    AuthorizerLatency: 1.5,
    PdpLatency: 1,
    PdpAttempts: 1,
    InitDuration: 3,
  };

  it.each<[string, Samples]>([
    ['everything', all],
    ['a permit', { Permit: 1, AuthorizerLatency: 1 }],
    ['a denial', { Deny: 1, FailClosed: 1, AuthorizerLatency: 1 }],
  ])('is kept for %s', (_, some) => {
    expect(emfProblems(JSON.stringify(embedded('Ns', 'fn', 'PDP_TIMEOUT', some, NOW)), NOW)).toEqual([]);
  });

  it('counts denials per function and per reason as well, and everything else per function', () => {
    expect(embedded('Ns', 'fn', 'PDP_TIMEOUT', { Deny: 1, AuthorizerLatency: 2 }, NOW)).toEqual({
      _aws: {
        Timestamp: NOW,
        CloudWatchMetrics: [
          {
            Namespace: 'Ns',
            Dimensions: [['FunctionName']],
            Metrics: [{ Name: 'AuthorizerLatency', Unit: 'Milliseconds' }],
          },
          {
            Namespace: 'Ns',
            Dimensions: [['FunctionName'], ['FunctionName', 'ReasonCode']],
            Metrics: [{ Name: 'Deny', Unit: 'Count' }],
          },
        ],
      },
      FunctionName: 'fn',
      ReasonCode: 'PDP_TIMEOUT',
      Deny: 1,
      AuthorizerLatency: 2,
    });
  });

  it('has no reason where nothing was denied', () => {
    expect(embedded('Ns', 'fn', 'PERMIT', { Permit: 1, AuthorizerLatency: 2 }, NOW)).not.toHaveProperty('ReasonCode');
  });
});
