/** The reasons for a denial and the one error type that carries them; imports nothing. */

/** Every `reasonCode` of the public contract except `PERMIT`. Stable: operators alarm on these. */
export type ReasonCode =
  | 'POLICY_DENIED'
  | 'UNAUTHENTICATED'
  | 'STEP_UP_REQUIRED'
  | 'INVALID_REQUEST'
  | 'CONFIG_INVALID'
  | 'CREDENTIAL_UNAVAILABLE'
  | 'CREDENTIAL_REFUSED'
  | 'PDP_TIMEOUT'
  | 'PDP_UNREACHABLE'
  | 'CIRCUIT_OPEN'
  | 'PDP_RATE_LIMITED'
  | 'PDP_ERROR'
  | 'PDP_REJECTED'
  | 'PDP_BAD_REPLY'
  | 'UNAPPLIED_CHANGES'
  | 'INTERNAL';

/** The reasons that PingOne itself gives; every other one is ours and counts as fail-closed. */
export type PolicyReason = 'POLICY_DENIED' | 'UNAUTHENTICATED' | 'STEP_UP_REQUIRED';

/** The reasons that are ours. */
export type FaultCode = Exclude<ReasonCode, PolicyReason>;

export interface FaultDetails {
  /** Why, in words that hold no secret, header value or query value; shown to clients and operators. */
  readonly detail?: string;
  /** PingOne's id for this exchange, where its reply carried one. */
  readonly correlationId?: string | undefined;
  /** A second attempt may help and is safe: docs/protocol.md#statuses. */
  readonly retryable?: boolean;
  /** The PDP is unwell, as opposed to having said something we do not accept: what the breaker counts. */
  readonly unhealthy?: boolean;
  /** The reply answers another request: what comes next on its connection would, too. */
  readonly outOfStep?: boolean;
  /** How long the PDP asked to be left alone, in ms. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** The `name` of our errors. */
export const AUTHORIZER_ERROR = 'AuthorizerError';

/** A fault with a stable code. Its message is the code and the detail, and never holds what a client or PingOne sent. */
export class AuthorizerError extends Error {
  override readonly name = AUTHORIZER_ERROR;
  readonly code: FaultCode;
  readonly detail: string | undefined;
  readonly correlationId: string | undefined;
  readonly retryable: boolean;
  readonly unhealthy: boolean;
  readonly outOfStep: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(code: FaultCode, details: FaultDetails = {}) {
    super(
      details.detail === undefined ? code : `${code}: ${details.detail}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.detail = details.detail;
    this.correlationId = details.correlationId;
    this.retryable = details.retryable ?? false;
    this.unhealthy = details.unhealthy ?? false;
    this.outOfStep = details.outOfStep ?? false;
    this.retryAfterMs = details.retryAfterMs;
  }
}
