/** From Lambda's event and context to the gateway's answer: reads the envelope, lets the corridor decide, records, answers. */

import type { BaseConfig } from '../config/groups.ts';
import { type BreakerState, newFacts } from '../domain/call.ts';
import type { Clock } from '../domain/clock.ts';
import { readInvocation } from '../lambda/invocation.ts';
import { traceIdOf } from '../lambda/trace-context.ts';
import type { Arrival, Authorize, Gateway, RecordDecision, Visit } from './port.ts';

/**
 * What Lambda calls: an event of API Gateway's or CloudFront's and Lambda's context in, the answer out.
 * Rejects only with what API Gateway is meant to see: `Unauthorized`, or with `FAIL_CLOSED_AS=error` the fault.
 */
export type Authorizer<Result> = (event: unknown, context?: unknown) => Promise<Result>;

export interface Served {
  readonly authorize: Authorize;
  readonly breakerState: () => BreakerState;
  readonly record: RecordDecision;
  /** Told once an answer is on its way. */
  readonly answered: () => void;
}

/** Serves what `authorize` decides. */
export const serve = <Result>(
  gateway: Gateway<Result>,
  { platform }: BaseConfig,
  { authorize, breakerState, record, answered }: Served,
  clock: Clock,
): Authorizer<Result> => {
  const initMs = clock.elapsed();
  let first = true;

  const visitOf = ({ envelope, readRequest }: Arrival<Result>, context: unknown): Visit => {
    const invocation = readInvocation(context);
    const facts = newFacts(breakerState());
    facts.traceId = traceIdOf(envelope.traceHeaders, invocation.xrayHeader ?? platform.xrayHeader());
    const begins = first;
    first = false;
    return {
      envelope,
      readRequest,
      invocation,
      facts,
      coldStart: begins && platform.initializationType !== 'provisioned-concurrency',
      initMs: begins ? initMs : undefined,
      trace: undefined,
    };
  };

  return async (event, context) => {
    const started = clock.elapsed();
    const arrival = gateway.receive(event);
    const visit = visitOf(arrival, context);
    try {
      const outcome = await authorize(visit);
      record(visit, outcome, clock.elapsed() - started);
      return arrival.toResult(outcome, visit);
    } finally {
      answered();
    }
  };
};
