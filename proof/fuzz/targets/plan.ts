/** How PingOne replies to the call that an input leads to: one of a few plans by name, or an echo with members of the input's. */
import { AuthorizerError } from '../../../src/domain/errors.ts';
import { jsonOf, membersOf } from '../../../src/domain/json.ts';
import type { Send } from '../../../src/pdp/send.ts';
import type { SidebandReply } from '../../../src/sideband/wire.ts';

export interface Exchanged {
  /** What was sent; undefined if PingOne was not asked. */
  readonly asked: Readonly<Record<string, unknown>> | undefined;
  /** The body of the reply as a value; undefined if there was no reply, or none with status 200. */
  readonly replied: unknown;
}

export interface ScriptedService {
  readonly send: Send;
  /** Plans the next reply, and forgets the last exchange. */
  readonly plan: (plan: unknown) => void;
  readonly exchanged: () => Exchanged;
}

/** The names of the plans. Anything else is an object whose members are put over those of the echo. */
export const PLANS = [
  'echo',
  'echo with null',
  'denial',
  '401',
  '401 to the call',
  '500',
  'unreachable',
  'no JSON',
] as const;

/** A service inside the process, without sockets, so that thousands of inputs a second can be run. */
export const scriptedService = (): ScriptedService => {
  let planned: unknown;
  let exchanged: Exchanged = { asked: undefined, replied: undefined };
  return {
    plan: plan => {
      planned = plan;
      exchanged = { asked: undefined, replied: undefined };
    },
    exchanged: () => exchanged,
    send: async ({ body }) => {
      const asked = membersOf(jsonOf(body)) ?? {};
      exchanged = { asked, replied: undefined };
      const reply = replyTo(asked, planned);
      if (reply.status === 200) exchanged = { asked, replied: jsonOf(Buffer.from(reply.body ?? '').toString()) };
      return reply;
    },
  };
};

/** @throws AuthorizerError as the transport does for a service that cannot be reached, or is not well. */
function replyTo(asked: Readonly<Record<string, unknown>>, plan: unknown): SidebandReply {
  if (plan === 'unreachable') throw new AuthorizerError('PDP_UNREACHABLE', { unhealthy: true });
  if (plan === '500') throw new AuthorizerError('PDP_ERROR', { detail: 'HTTP 500', unhealthy: true });
  if (plan === '401 to the call') return { status: 401, headers: {}, body: Buffer.from('{}') };
  return { status: 200, headers: { 'correlation-id': 'c-1' }, body: Buffer.from(bodyOf(asked, plan)) };
}

function bodyOf(asked: Readonly<Record<string, unknown>>, plan: unknown): string {
  if (plan === 'no JSON') return 'PERMIT';
  if (plan === 'echo with null') return JSON.stringify({ ...asked, response: null });
  if (plan === 'denial')
    return JSON.stringify({ ...asked, response: { response_code: '403', headers: [], body: '{}' } });
  if (plan === '401') {
    const headers = [{ 'WWW-Authenticate': 'Bearer error="invalid_token"' }];
    return JSON.stringify({ ...asked, response: { response_code: '401', headers, body: '{"message":"no"}' } });
  }
  return JSON.stringify({ ...asked, ...membersOf(plan) });
}
