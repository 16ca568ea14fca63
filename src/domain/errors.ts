/** The reasons for a denial and the one error type that carries them; imports nothing. */

/** The reasons that PingOne itself gives. Every other reason is ours and counts as fail-closed. */
export const POLICY_REASONS = ['POLICY_DENIED', 'UNAUTHENTICATED', 'STEP_UP_REQUIRED'] as const;

/** The reasons that we give because a fault kept PingOne's decision from us. */
export const FAULT_CODES = [
  'INVALID_REQUEST',
  'CONFIG_INVALID',
  'CREDENTIAL_UNAVAILABLE',
  'CREDENTIAL_REFUSED',
  'PDP_TIMEOUT',
  'PDP_UNREACHABLE',
  'CIRCUIT_OPEN',
  'PDP_RATE_LIMITED',
  'PDP_ERROR',
  'PDP_REJECTED',
  'PDP_BAD_REPLY',
  'UNAPPLIED_CHANGES',
  'INTERNAL',
] as const;

export type PolicyReason = (typeof POLICY_REASONS)[number];
export type FaultCode = (typeof FAULT_CODES)[number];
/** Every `reasonCode` of the public contract except `PERMIT`. Stable: operators alarm on these. */
export type ReasonCode = PolicyReason | FaultCode;

export interface FaultDetails {
  /** The cause in words, shown to clients and operators. It must hold no secret, header value or query value. */
  readonly detail?: string;
  /** PingOne's id for this exchange, if its reply carried one. */
  readonly correlationId?: string | undefined;
  /** A second attempt may help and is safe: docs/protocol.md#statuses. */
  readonly retryable?: boolean;
  /** The PDP did not work, and the breaker counts it. False if the PDP works and we do not accept its reply. */
  readonly unhealthy?: boolean;
  /** The reply answers another request. Later replies on its connection would too, so the connection is closed. */
  readonly outOfStep?: boolean;
  /** How long the PDP asked us not to call it, in ms. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** The `name` of every AuthorizerError. */
export const AUTHORIZER_ERROR = 'AuthorizerError';

/** A fault with a stable code. Its message is the code and the detail, and holds nothing that a client or PingOne sent. */
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

/** Only the class of an error, because its message may quote a secret. */
export const errorName = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
