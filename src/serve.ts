/** From Lambda's event and context to API Gateway's answer: reads the envelope, lets the corridor decide, records, answers. */
import type { Authorize, Visit } from './authorizer.ts';
import type { BaseConfig } from './config.ts';
import { type BreakerState, newFacts } from './facts.ts';
import { readEnvelope } from './gateway/envelope.ts';
import { readInvocation } from './gateway/invocation.ts';
import { type AuthorizerResult, toResult } from './gateway/response.ts';
import type { Clock } from './pdp/deadline.ts';
import type { RecordDecision } from './telemetry/record.ts';
import { traceIdOf } from './telemetry/trace-context.ts';

/**
 * What Lambda calls: an API Gateway authorizer event and Lambda's context in, the answer to API Gateway out.
 * Rejects only with what API Gateway is meant to see: `Unauthorized`, or with `FAIL_CLOSED_AS=error` the fault.
 */
export type Authorizer = (event: unknown, context?: unknown) => Promise<AuthorizerResult>;

export interface Served {
  readonly authorize: Authorize;
  readonly breakerState: () => BreakerState;
  readonly record: RecordDecision;
  /** Told once an answer is on its way. */
  readonly answered: () => void;
}

/** Serves what `authorize` decides. */
export const serve = (
  config: BaseConfig,
  { authorize, breakerState, record, answered }: Served,
  clock: Clock,
): Authorizer => {
  const { platform, answers } = config;
  const initMs = clock.elapsed();
  let first = true;

  const visitOf = (event: unknown, context: unknown): Visit => {
    const envelope = readEnvelope(event);
    const invocation = readInvocation(context);
    const facts = newFacts(breakerState());
    facts.traceId = traceIdOf(envelope.traceHeaders, invocation.xrayHeader ?? platform.xrayHeader());
    const begins = first;
    first = false;
    return {
      event,
      envelope,
      invocation,
      facts,
      coldStart: begins && platform.initializationType !== 'provisioned-concurrency',
      initMs: begins ? initMs : undefined,
      trace: undefined,
    };
  };

  return async (event, context) => {
    const started = clock.elapsed();
    const visit = visitOf(event, context);
    const { envelope, invocation, facts } = visit;
    try {
      const outcome = await authorize(visit);
      record(visit, outcome, clock.elapsed() - started);
      const requestId = envelope.requestId ?? invocation.requestId ?? 'unknown';
      return toResult(outcome.decision, envelope, outcome.request, { requestId, traceId: facts.traceId }, answers);
    } finally {
      answered();
    }
  };
};
