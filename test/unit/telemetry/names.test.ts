/** Rules of names, written down again by hand: operators alarm on them. */
import { describe, expect, it } from 'vitest';
import { ATTRIBUTE, DIMENSION, METRIC_UNITS, METRICS_BY_REASON, SPAN } from '../../../src/telemetry/names.ts';

describe('names', () => {
  it('of metrics are those of the contract', () => {
    expect(Object.keys(METRIC_UNITS).sort()).toEqual(
      (
        'Permit Deny FailClosed AuthorizerLatency PdpLatency PdpAttempts PdpRetries CircuitOpened CircuitRefused ' +
        'CredentialRefresh CredentialRefreshFailed DecisionCacheHit UnappliedChanges ColdStart InitDuration ' +
        'TokenGateRefused ShadowAgree ShadowDisagree ShadowFailed Preflight'
      )
        .split(' ')
        .sort(),
    );
    for (const [name, unit] of Object.entries(METRIC_UNITS)) {
      expect(unit).toBe(/Latency$|Duration$/.test(name) ? 'Milliseconds' : 'Count');
    }
  });

  it('of dimensions and spans are those of the contract', () => {
    expect([Object.values(DIMENSION), Object.values(SPAN)]).toEqual([
      ['FunctionName', 'ReasonCode'],
      ['authorize', 'pingone.decide', 'POST'],
    ]);
    expect(METRICS_BY_REASON).toEqual(['Deny', 'FailClosed']);
  });

  it('of attributes are never used twice', () => {
    const names = Object.values(ATTRIBUTE);
    expect(new Set(names).size).toBe(names.length);
  });
});
