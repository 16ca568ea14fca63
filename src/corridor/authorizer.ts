/** Lambda's event and context -> the gateway's answer: reads the envelope, lets the corridor decide, records the decision. */
import type { BaseConfig } from '../config/configuration.ts';
import { type BreakerState, newFacts } from '../domain/call.ts';
import type { Clock } from '../domain/clock.ts';
import { readInvocation } from '../lambda/invocation.ts';
import { traceIdOf } from '../lambda/trace-context.ts';
import type { Arrival, Authorize, Gateway, RecordDecision, Visit } from './port.ts';

/**
 * The handler that Lambda calls with an event from API Gateway or CloudFront, and Lambda's context.
 * Rejects only with errors that are meant for API Gateway: `Unauthorized`, or with `FAIL_CLOSED_AS=error` the fault.
 */
export type Authorizer<Result> = (event: unknown, context?: unknown) => Promise<Result>;

/** The parts that `serve` puts together. */
export interface Served {
  readonly authorize: Authorize;
  /** Whether preflights may go past it; with a wrong configuration they are refused like every other request. */
  readonly admitsPreflights: boolean;
  readonly breakerState: () => BreakerState;
  readonly record: RecordDecision;
  /** Called after every invocation, when its answer is about to leave. */
  readonly answered: () => void;
}

/** What an environment knows of its own beginning; several compositions of it share one. */
export interface ColdStart {
  /** Length of init in ms. */
  readonly initMs: number;
  /** Whether the first request has come. */
  isOver: boolean;
}

/** Makes the handler. */
export const serve = <Result>(
  gateway: Gateway<Result>,
  { platform }: BaseConfig,
  { authorize, admitsPreflights, breakerState, record, answered }: Served,
  clock: Clock,
  coldStart: ColdStart,
): Authorizer<Result> => {
  const visitOf = ({ envelope, readRequest }: Arrival<Result>, context: unknown): Visit => {
    const invocation = readInvocation(context);
    const facts = newFacts(breakerState());
    facts.traceId = traceIdOf(envelope.traceHeaders, invocation.xrayHeader ?? platform.xrayHeader());
    const isFirst = !coldStart.isOver;
    coldStart.isOver = true;
    return {
      envelope,
      readRequest,
      invocation,
      facts,
      coldStart: isFirst && platform.initializationType !== 'provisioned-concurrency',
      initMs: isFirst ? coldStart.initMs : undefined,
      trace: undefined,
    };
  };

  return async (event, context) => {
    const started = clock.elapsed();
    const arrival = gateway.receive(event);
    const visit = visitOf(arrival, context);
    try {
      const preflight = admitsPreflights ? arrival.preflight?.() : undefined;
      if (preflight !== undefined) {
        record(visit, preflight, clock.elapsed() - started);
        return preflight.result;
      }
      const outcome = await authorize(visit);
      record(visit, outcome, clock.elapsed() - started);
      return arrival.toResult(outcome, visit);
    } finally {
      answered();
    }
  };
};
