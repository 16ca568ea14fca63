/** One request's metrics in CloudWatch's embedded metric format, as fields to be merged into a log line. */
import type { Outcome, Visit } from '../corridor/port.ts';
import { type Counts, newCounts } from '../domain/call.ts';
import { DIMENSION, METRIC_UNITS, METRICS_BY_REASON, type MetricName } from './names.ts';

export type Samples = Partial<Record<MetricName, number>>;

const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;

/** Leaves out what did not happen, so that a line is short. */
const happened = (samples: Samples): Samples =>
  Object.fromEntries(Object.entries(samples).filter(([, value]) => value !== undefined && value !== 0));

/** The samples of one request; the environment's counts are taken along and start anew. */
export const samplesOf = (
  { facts, coldStart, initMs }: Visit,
  { decision, fault, unapplied }: Outcome,
  durationMs: number,
  counts: Counts,
): Samples => {
  const permitted = decision.effect === 'permit';
  const samples = {
    Permit: Number(permitted),
    Deny: Number(!permitted),
    FailClosed: Number(fault !== undefined),
    PdpAttempts: facts.attempts,
    PdpRetries: Math.max(0, facts.attempts - 1),
    CircuitOpened: counts.circuitOpened,
    CircuitRefused: Number(decision.effect === 'deny' && decision.reasonCode === 'CIRCUIT_OPEN'),
    CredentialRefresh: counts.credentialRefresh,
    CredentialRefreshFailed: counts.credentialRefreshFailed,
    DecisionCacheHit: Number(facts.cacheHit),
    UnappliedChanges: unapplied.length,
    ColdStart: Number(coldStart),
    TokenGateRefused: Number(facts.tokenFault !== undefined),
    ShadowAgree: counts.shadowAgree,
    ShadowFailed: counts.shadowFailed,
  };
  Object.assign(counts, newCounts());
  return {
    ...happened(samples),
    AuthorizerLatency: toMicroseconds(durationMs),
    ...(facts.attempts > 0 ? { PdpLatency: toMicroseconds(facts.pdpMs) } : {}),
    ...(initMs === undefined ? {} : { InitDuration: toMicroseconds(initMs) }),
  };
};

/** The samples of a preflight: it is no decision, so that it counts as neither and has no share in their times. */
export const preflightSamplesOf = ({ coldStart, initMs }: Visit): Samples => ({
  ...happened({ Preflight: 1, ColdStart: Number(coldStart) }),
  ...(initMs === undefined ? {} : { InitDuration: toMicroseconds(initMs) }),
});

const directive = (namespace: string, dimensions: readonly (readonly string[])[], names: readonly MetricName[]) => ({
  Namespace: namespace,
  Dimensions: dimensions,
  Metrics: names.map(name => ({ Name: name, Unit: METRIC_UNITS[name] })),
});

const isByReason = (name: MetricName): boolean => METRICS_BY_REASON.some(candidate => candidate === name);

const isMetric = (name: string): name is MetricName => Object.hasOwn(METRIC_UNITS, name);

/**
 * The `_aws` block, the dimensions and the values. Denials are counted per function and per reason as well.
 * Format: CloudWatch's Embedded Metric Format specification.
 */
export const embedded = (
  namespace: string,
  functionName: string,
  reasonCode: string,
  samples: Samples,
  now: number,
): Readonly<Record<string, unknown>> => {
  const names = Object.keys(samples).filter(isMetric);
  const perReason = names.filter(isByReason);
  const byFunction = [DIMENSION.functionName];
  const byReason = [DIMENSION.functionName, DIMENSION.reasonCode];
  return {
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        directive(
          namespace,
          [byFunction],
          names.filter(name => !isByReason(name)),
        ),
        ...(perReason.length === 0 ? [] : [directive(namespace, [byFunction, byReason], perReason)]),
      ],
    },
    [DIMENSION.functionName]: functionName,
    ...(perReason.length === 0 ? {} : { [DIMENSION.reasonCode]: reasonCode }),
    ...samples,
  };
};
