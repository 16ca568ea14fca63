/** From Lambda's event and context to the gateway's answer: reads the envelope, lets the corridor decide, records, answers. */
import type { Authorize, Gateway, Visit } from './authorizer.ts';
import type { BaseConfig } from './config.ts';
import { type BreakerState, newFacts } from './facts.ts';
import { readInvocation } from './gateway/invocation.ts';
import type { AuthorizerResult, IamResult, SimpleResult } from './gateway/response.ts';
import type { Clock } from './pdp/deadline.ts';
import type { RecordDecision } from './telemetry/record.ts';
import { traceIdOf } from './telemetry/trace-context.ts';

/**
 * What Lambda calls: an event of API Gateway's or CloudFront's and Lambda's context in, the answer out.
 * Rejects only with what API Gateway is meant to see: `Unauthorized`, or with `FAIL_CLOSED_AS=error` the fault.
 */
export type Authorizer<Result = AuthorizerResult> = (event: unknown, context?: unknown) => Promise<Result>;

/**
 * What Lambda calls for API Gateway. A caller gets either form of answer; assigned to a handler type of AWS's, it is of the
 * form that this type asks for, which `RESPONSE_FORMAT` must agree to, as it must with the API.
 */
export type ApiGatewayAuthorizer = Authorizer & Authorizer<IamResult> & Authorizer<SimpleResult>;

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

  const visitOf = (event: unknown, context: unknown): Visit => {
    const envelope = gateway.readEnvelope(event);
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
    try {
      const outcome = await authorize(visit);
      record(visit, outcome, clock.elapsed() - started);
      return gateway.toResult(outcome, visit);
    } finally {
      answered();
    }
  };
};
