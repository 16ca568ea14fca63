/** What the corridor asks of a gateway and of telemetry, and what passes between them. */
import type { Facts } from '../domain/call.ts';
import type { Decision, Permit, UnappliedChange } from '../domain/decision.ts';
import type { AccessRequest } from '../domain/request.ts';
import type { Envelope } from '../lambda/envelope.ts';
import type { Invocation } from '../lambda/invocation.ts';

/** The side that asks for decisions: API Gateway, or CloudFront. */
export interface Gateway<Result> {
  /** Reads an event, once: nothing later holds it. Never throws, whatever the event is. */
  readonly receive: (event: unknown) => Arrival<Result>;
  /** The changes of a permit that this gateway cannot make. */
  readonly unapplied: (permit: Permit) => readonly UnappliedChange[];
}

/** One event as its gateway understands it. */
export interface Arrival<Result> {
  readonly envelope: Envelope;
  /**
   * The request to decide on.
   * @throws AuthorizerError `INVALID_REQUEST`
   */
  readonly readRequest: () => AccessRequest;
  /** The gateway's answer. Throws if an error is the answer. */
  readonly toResult: (outcome: Outcome, visit: Visit) => Result;
}

/** One invocation on its way through. */
export interface Visit {
  readonly envelope: Envelope;
  /** @throws AuthorizerError `INVALID_REQUEST` */
  readonly readRequest: () => AccessRequest;
  readonly invocation: Invocation;
  readonly facts: Facts;
  /** The environment's first invocation, in an environment that was not provisioned ahead. */
  readonly coldStart: boolean;
  /** ms from process start to a handler ready for requests; undefined after the first invocation. */
  readonly initMs: number | undefined;
  /** The parent span; opaque to all but telemetry. */
  readonly trace: object | undefined;
}

/** How an invocation ended. */
export interface Outcome {
  readonly decision: Decision;
  /** Undefined if the event was refused. */
  readonly request: AccessRequest | undefined;
  readonly unapplied: readonly UnappliedChange[];
  /** The error behind a decision that is not PingOne's. */
  readonly fault: unknown;
}

/** Decides on one invocation; never rejects. */
export type Authorize = (visit: Visit) => Promise<Outcome>;

/** Writes the record of one request; never throws. */
export type RecordDecision = (visit: Visit, outcome: Outcome, durationMs: number) => void;
