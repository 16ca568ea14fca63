/** The port to a policy decision point: AccessRequest in, Decision out. */
import type { Decision } from '../decision.ts';
import type { Call } from '../facts.ts';
import type { AccessRequest } from '../request.ts';

/**
 * Decides on a request.
 * @throws AuthorizerError where there is no decision; never a Permit without PingOne's evidence.
 */
export type Pdp = (request: AccessRequest, call: Call) => Promise<Decision>;
