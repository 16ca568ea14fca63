/** The interfaces between the corridor, a gateway and telemetry. */
import type { Facts } from '../domain/call.ts';
import type { Decision, Permit, UnappliedChange } from '../domain/decision.ts';
import type { AccessRequest } from '../domain/request.ts';
import type { Envelope } from '../lambda/envelope.ts';
import type { Invocation } from '../lambda/invocation.ts';

/** The side that a request comes from: API Gateway or CloudFront. */
export interface Gateway<Result> {
  /** Reads an event once; no later code needs it. Never throws, whatever the event is. */
  readonly receive: (event: unknown) => Arrival<Result>;
  /** The changes of a permit that this gateway cannot make. */
  readonly unapplied: (permit: Permit) => readonly UnappliedChange[];
}

/** One event, read by its gateway. */
export interface Arrival<Result> {
  readonly envelope: Envelope;
  /**
   * The request to decide on.
   * @throws AuthorizerError `INVALID_REQUEST`
   */
  readonly readRequest: () => AccessRequest;
  /** The answer to a CORS preflight; undefined for every other request. Gateways without this member have no such answers. Never throws. */
  readonly preflight?: () => Preflight<Result> | undefined;
  /** The gateway's answer. Throws if an error is the answer. */
  readonly toResult: (outcome: Outcome, visit: Visit) => Result;
}

/**
 * A CORS preflight that the settings let through or answer without PingOne. It is no decision, because PingOne was not asked, and
 * it never becomes a Permit. Only edge/preflight.ts makes one, which a house test holds.
 */
export interface Preflight<Result = unknown> {
  readonly effect: 'preflight';
  /** `passed` on to the origin, `answered` because the page may call, `refused` because it may not. */
  readonly ending: 'passed' | 'answered' | 'refused';
  /** HTTP status for the client; undefined if the origin gives it. */
  readonly status: number | undefined;
  readonly result: Result;
}

/** One invocation on its way through the corridor. */
export interface Visit {
  readonly envelope: Envelope;
  /** @throws AuthorizerError `INVALID_REQUEST` */
  readonly readRequest: () => AccessRequest;
  readonly invocation: Invocation;
  readonly facts: Facts;
  /** True for the environment's first invocation, unless its concurrency was provisioned. */
  readonly coldStart: boolean;
  /** ms from the start of the process until the handler was ready; undefined after the first invocation. */
  readonly initMs: number | undefined;
  /** The parent span. Only telemetry looks inside. */
  readonly trace: object | undefined;
}

/** How an invocation ended. */
export interface Outcome {
  readonly decision: Decision;
  /** Undefined if the event was refused. */
  readonly request: AccessRequest | undefined;
  readonly unapplied: readonly UnappliedChange[];
  /** The error that was turned into the denial; undefined if PingOne decided. */
  readonly fault: unknown;
}

/** Decides on one invocation; never rejects. */
export type Authorize = (visit: Visit) => Promise<Outcome>;

/** Writes the record of one request; never throws. */
export type RecordDecision = (visit: Visit, outcome: Outcome | Preflight, durationMs: number) => void;
