/** The port to the wire: one POST of a sideband request, one reply. Breaker, retry and spans are decorators of it. */
import type { Call } from '../domain/call.ts';
import type { SidebandReply } from '../sideband/wire.ts';

export interface Post {
  /** The sideband request as JSON. */
  readonly body: string;
  readonly credential: string;
  /** Trace context for PingOne; names in lower case. */
  readonly propagation: Readonly<Record<string, string>>;
}

/**
 * Sends one request. A reply that is an answer (also a 4xx) is a value; what means that PingOne is unwell is thrown.
 * @throws AuthorizerError `PDP_TIMEOUT`, `PDP_UNREACHABLE`, `PDP_ERROR`, `PDP_RATE_LIMITED`, `PDP_BAD_REPLY`, `CIRCUIT_OPEN`.
 */
export type Send = (post: Post, call: Call) => Promise<SidebandReply>;
