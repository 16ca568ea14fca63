/** The reason codes as values. They are records, so that tsc refuses a list that lacks a code or holds an unknown one. */
import type { FaultCode, PolicyReason } from '../../src/domain/errors.ts';

const FAULT = {
  INVALID_REQUEST: true,
  CONFIG_INVALID: true,
  CREDENTIAL_UNAVAILABLE: true,
  CREDENTIAL_REFUSED: true,
  PDP_TIMEOUT: true,
  PDP_UNREACHABLE: true,
  CIRCUIT_OPEN: true,
  PDP_RATE_LIMITED: true,
  PDP_ERROR: true,
  PDP_REJECTED: true,
  PDP_BAD_REPLY: true,
  UNAPPLIED_CHANGES: true,
  INTERNAL: true,
} as const satisfies Record<FaultCode, true>;

const POLICY = {
  POLICY_DENIED: true,
  UNAUTHENTICATED: true,
  STEP_UP_REQUIRED: true,
} as const satisfies Record<PolicyReason, true>;

export const FAULTS: readonly string[] = Object.keys(FAULT);
export const POLICY_REASONS: readonly string[] = Object.keys(POLICY);
