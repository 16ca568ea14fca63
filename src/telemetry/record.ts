/** One structured decision record per request: the log line, which carries the metrics along. */

import type { BaseConfig } from '../config/configuration.ts';
import type { Outcome, Preflight, RecordDecision, Visit } from '../corridor/port.ts';
import type { Counts } from '../domain/call.ts';
import { changeLabels } from '../domain/decision.ts';
import { AuthorizerError } from '../domain/errors.ts';
import { redactedExchange } from './debug.ts';
import { shownId, toHundredths } from './format.ts';
import type { Log, RecordLevel } from './log.ts';
import { embedded, preflightSamplesOf, samplesOf } from './metrics.ts';

const levelOf = ({ decision, fault }: Outcome): RecordLevel => {
  if (fault === undefined || decision.effect === 'permit') return 'INFO';
  return decision.reasonCode === 'INTERNAL' ? 'ERROR' : 'WARN';
};

/** Where a bug is, without its message: what others throw may quote what they were given. */
const bugOf = (fault: unknown): Readonly<Record<string, unknown>> => {
  if (!(fault instanceof Error) || fault instanceof AuthorizerError) return {};
  const frames = fault.stack?.split('\n').filter(line => /^\s+at /.test(line)) ?? [];
  return { error: fault.name, stack: frames.slice(0, 8).map(frame => frame.trim()) };
};

const fieldsOf = (visit: Visit, outcome: Outcome, durationMs: number, droppedSpans: number) => {
  const { decision, fault, unapplied } = outcome;
  const { facts } = visit;
  const denied = decision.effect === 'deny' ? decision : undefined;
  return {
    effect: decision.effect,
    reasonCode: denied?.reasonCode ?? 'PERMIT',
    status: denied?.status,
    reason: denied === undefined || denied.fromPdp ? undefined : denied.reason,
    durationMs: toHundredths(durationMs),
    pdpMs: facts.attempts > 0 ? toHundredths(facts.pdpMs) : undefined,
    pdpStatus: facts.pdpStatus,
    attempts: facts.attempts,
    breaker: facts.breaker,
    cacheHit: facts.cacheHit || undefined,
    tokenGate: facts.tokenFault,
    coldStart: visit.coldStart,
    ...idsOf(visit),
    correlationId: decision.correlationId,
    droppedSpans: droppedSpans || undefined,
    unapplied: unapplied.length > 0 ? changeLabels(unapplied) : undefined,
    ...bugOf(fault),
  };
};

const preflightFieldsOf = (visit: Visit, { effect, ending, status }: Preflight, durationMs: number) => ({
  effect,
  reasonCode: 'PREFLIGHT',
  ending,
  status,
  durationMs: toHundredths(durationMs),
  coldStart: visit.coldStart,
  ...idsOf(visit),
});

const idsOf = ({ envelope, facts, invocation }: Visit) => ({
  kind: envelope.kind,
  apiId: envelope.apiId,
  stage: envelope.stage,
  route: shownId(envelope.route),
  requestId: shownId(envelope.requestId),
  lambdaRequestId: shownId(invocation.requestId),
  traceId: facts.traceId,
});

/** The recorder of an environment. The metrics are written at any log level: they are not logs. */
export const recorder = (config: BaseConfig, log: Log, counts: Counts, now: () => number): RecordDecision => {
  const metricsOf = (visit: Visit, outcome: Outcome | Preflight, durationMs: number) => {
    const samples = 'ending' in outcome ? preflightSamplesOf(visit) : samplesOf(visit, outcome, durationMs, counts);
    if (config.metrics === 'none') return {};
    const denied = 'decision' in outcome && outcome.decision.effect === 'deny' ? outcome.decision : undefined;
    const reasonCode = denied?.reasonCode ?? 'PERMIT';
    return embedded(config.metricsNamespace, config.platform.functionName, reasonCode, samples, now());
  };
  return (visit, outcome, durationMs) => {
    try {
      const { droppedSpans } = counts;
      const metrics = metricsOf(visit, outcome, durationMs);
      const level = 'ending' in outcome ? 'INFO' : levelOf(outcome);
      if (log.writes(level)) {
        const fields =
          'ending' in outcome
            ? preflightFieldsOf(visit, outcome, durationMs)
            : fieldsOf(visit, outcome, durationMs, droppedSpans);
        log.record(level, 'decision', { ...fields, ...metrics });
      } else if (config.metrics !== 'none') {
        log.raw({ ...metrics, droppedSpans: droppedSpans || undefined });
      }
      if (config.debug && config.logLevel !== 'SILENT' && 'decision' in outcome) {
        log.raw(redactedExchange(visit, outcome, new Date(now()).toISOString()));
      }
    } catch {
      // Telemetry never changes a decision.
    }
  };
};
