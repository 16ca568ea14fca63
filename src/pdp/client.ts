/** The sideband PDP: question, credential, attempt, reply. */

import type { GatewayCredential } from '../credential/credential.ts';
import type { Call } from '../domain/call.ts';
import type { Decision } from '../domain/decision.ts';
import { AuthorizerError } from '../domain/errors.ts';
import type { AccessRequest } from '../domain/request.ts';
import type { ReplyBinding } from '../sideband/binding.ts';
import { correlationIdOf, readReply } from '../sideband/reply.ts';
import type { SidebandReply } from '../sideband/wire.ts';
import type { Attempt, Exchange } from './attempt.ts';
import type { Pdp } from './pdp.ts';

/** Answers to the call itself that mean the credential: decisions on clients arrive as 200. */
const refused = ({ status }: SidebandReply): boolean => status === 401 || status === 403;

/** Asks with the current credential, and once more where that one was refused and a different one is to be had. */
const exchange = async (
  attempt: Attempt,
  credential: GatewayCredential,
  request: AccessRequest,
  call: Call,
): Promise<Exchange> => {
  const used = await credential.current(call);
  const first = await attempt({ request, credential: used }, call);
  if (!refused(first.reply)) return first;
  const other = await credential.replacement(used, call);
  if (other === undefined || call.signal.aborted) return first;
  const second = await attempt({ request, credential: other }, call);
  if (refused(second.reply)) credential.noteRefusal(other);
  return second;
};

/** Judges the reply by the very request that it came to; a connection which is out of step is not used again. */
const judged = ({ asked, reply }: Exchange, binding: ReplyBinding): Decision => {
  try {
    return readReply(reply, asked, binding);
  } catch (error) {
    if (error instanceof AuthorizerError && error.outOfStep) reply.endConnection?.();
    throw error;
  }
};

/** A PDP that asks PingOne Authorize over its sideband protocol. */
export const sidebandPdp =
  (attempt: Attempt, credential: GatewayCredential, binding: ReplyBinding): Pdp =>
  async (request, call) => {
    const exchanged = await exchange(attempt, credential, request, call);
    if (refused(exchanged.reply)) {
      throw new AuthorizerError('CREDENTIAL_REFUSED', {
        detail: `HTTP ${exchanged.reply.status}`,
        correlationId: correlationIdOf(exchanged.reply),
      });
    }
    return judged(exchanged, binding);
  };
