/** The sideband PDP: payload, credential, send, reply. */
import { AuthorizerError } from '../errors.ts';
import type { Call } from '../facts.ts';
import { toSideband } from '../sideband/payload.ts';
import { correlationIdOf, readReply } from '../sideband/reply.ts';
import type { SidebandReply } from '../sideband/wire.ts';
import type { GatewayCredential } from './credential.ts';
import type { Pdp } from './pdp.ts';
import type { Send } from './send.ts';

/** Answers to the call itself that mean the credential: decisions on clients arrive as 200. */
const refused = ({ status }: SidebandReply): boolean => status === 401 || status === 403;

/** Sends with the current credential, and once more where that one was refused and a different one is to be had. */
const exchange = async (
  send: Send,
  credential: GatewayCredential,
  body: string,
  call: Call,
): Promise<SidebandReply> => {
  const used = await credential.current(call);
  const reply = await send({ body, credential: used, propagation: {} }, call);
  if (!refused(reply)) return reply;
  const other = await credential.replacement(used, call);
  if (other === undefined) return reply;
  return send({ body, credential: other, propagation: {} }, call);
};

/** A PDP that asks PingOne Authorize over its sideband protocol. */
export const sidebandPdp =
  (send: Send, credential: GatewayCredential): Pdp =>
  async (request, call) => {
    const asked = toSideband(request);
    const reply = await exchange(send, credential, JSON.stringify(asked), call);
    if (refused(reply)) {
      throw new AuthorizerError('CREDENTIAL_REFUSED', {
        detail: `HTTP ${reply.status}`,
        correlationId: correlationIdOf(reply),
      });
    }
    return readReply(reply, asked);
  };
