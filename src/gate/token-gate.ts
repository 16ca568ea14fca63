/** gated(Pdp): refuses worthless tokens before PingOne is asked. It can only refuse: who may pass is PingOne's to say. */
import type { TokenFault } from '../domain/call.ts';
import { deny } from '../domain/decision.ts';
import type { AccessRequest } from '../domain/request.ts';
import type { Pdp } from '../pdp/pdp.ts';

/**
 * Finds what is wrong with a request's token.
 * @param signal ends the wait for keys.
 * @returns undefined if nothing is, or if that cannot be told now. Never rejects for what a client sent.
 */
export type JudgeToken = (request: AccessRequest, signal: AbortSignal) => Promise<TokenFault | undefined>;

/**
 * Puts a gate in front of a PDP.
 * @param loading the judge, once it is loaded. Without one every request goes on to the PDP, which decides anyway.
 * @param notify is told if the judge cannot be loaded.
 */
export const gated = (pdp: Pdp, loading: Promise<JudgeToken>, notify: (error: unknown) => void): Pdp => {
  let judge: JudgeToken | undefined;
  const loaded = loading.then(given => {
    judge = given;
  }, notify);
  return async (request, call) => {
    if (judge === undefined) await loaded;
    const fault = await judge?.(request, call.signal);
    if (fault === undefined) return pdp(request, call);
    call.facts.tokenFault = fault;
    return REFUSALS[fault];
  };
};

const refusal = (reason: string) =>
  deny({ reasonCode: 'UNAUTHENTICATED', status: 401, reason, fromPdp: false, challenge: CHALLENGE });

/** RFC 6750, section 3.1. */
const CHALLENGE = 'Bearer error="invalid_token"';

const REFUSALS = {
  malformed: refusal('The request has not exactly one bearer token that is a JWT'),
  expired: refusal('The access token has expired'),
  'not-yet-valid': refusal('The access token is not valid yet'),
  unverified: refusal('The signature of the access token is not valid'),
} as const satisfies Readonly<Record<TokenFault, unknown>>;
