/** Any error -> Deny with a reason. It never throws, and no other file turns a fault into an answer. */
import { type Deny, deny } from '../domain/decision.ts';
import { AuthorizerError, type FaultCode } from '../domain/errors.ts';

/** HTTP status and reason for each fault. Clients and alarms depend on both, so do not change them. */
const FAULTS: Readonly<Record<FaultCode, readonly [status: number, reason: string]>> = {
  INVALID_REQUEST: [400, 'The authorizer was not called with a request that it can decide on'],
  CONFIG_INVALID: [500, 'The authorizer is not configured correctly'],
  CREDENTIAL_UNAVAILABLE: [500, 'The gateway credential could not be read'],
  CREDENTIAL_REFUSED: [500, 'PingOne refused the gateway credential'],
  PDP_TIMEOUT: [503, 'PingOne did not answer in time'],
  PDP_UNREACHABLE: [503, 'PingOne could not be reached'],
  CIRCUIT_OPEN: [503, 'PingOne is not being called for a moment after repeated failures'],
  PDP_RATE_LIMITED: [503, 'PingOne is limiting the rate of requests'],
  PDP_ERROR: [502, 'PingOne answered with a server error'],
  PDP_REJECTED: [502, 'PingOne rejected the decision request'],
  PDP_BAD_REPLY: [502, 'PingOne answered with something that is not a decision'],
  UNAPPLIED_CHANGES: [403, 'The permit asks for changes that an authorizer cannot make'],
  INTERNAL: [500, 'The authorizer failed'],
};

/** Turns anything that was thrown into a denial. Only our own errors keep their text, because any other could hold a secret. */
export const failClosed = (error: unknown): Deny => {
  try {
    if (error instanceof AuthorizerError) return fault(error.code, error.detail, error.correlationId);
  } catch {
    // A hostile object can throw from `instanceof`. That is a fault like any other.
  }
  return fault('INTERNAL', undefined, undefined);
};

function fault(code: FaultCode, detail: string | undefined, correlationId: string | undefined): Deny {
  const [status, reason] = FAULTS[code];
  return deny({
    reasonCode: code,
    status,
    reason: detail === undefined ? reason : `${reason}: ${detail}`,
    fromPdp: false,
    correlationId,
  });
}
