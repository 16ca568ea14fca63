/** The port to a policy decision point: AccessRequest in, Decision out. */

import type { Call } from '../domain/call.ts';
import type { Decision } from '../domain/decision.ts';
import type { AccessRequest } from '../domain/request.ts';

/**
 * Decides on a request.
 * @throws AuthorizerError where there is no decision; never a Permit without PingOne's evidence.
 */
export type Pdp = (request: AccessRequest, call: Call) => Promise<Decision>;
