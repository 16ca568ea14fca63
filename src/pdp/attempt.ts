/** One attempt at a question: a source port of its own goes out with it, and the reply comes back beside what was sent. */
import type { Call } from '../domain/call.ts';
import type { Clock } from '../domain/clock.ts';
import type { AccessRequest } from '../domain/request.ts';
import { toSideband } from '../sideband/payload.ts';
import { type SidebandReply, type SidebandRequest, sourcePortOf } from '../sideband/wire.ts';
import type { Send } from './send.ts';

/** What every attempt at one question has in common. */
export interface Question {
  readonly request: AccessRequest;
  readonly credential: string;
}

/** A reply, and the very request that it must be the answer to. */
export interface Exchange {
  readonly asked: SidebandRequest;
  readonly reply: SidebandReply;
}

/**
 * Asks once.
 * @throws AuthorizerError what `Send` throws; `INVALID_REQUEST` where the client certificate cannot be read.
 */
export type Attempt = (question: Question, call: Call) => Promise<Exchange>;

/** Attempts over a transport. The payload is built for each, so that no two share a source port but by chance. */
export const attempts =
  (send: Send, { random }: Pick<Clock, 'random'>): Attempt =>
  async ({ request, credential }, call) => {
    const asked = toSideband(request, sourcePortOf(random()));
    const reply = await send({ body: JSON.stringify(asked), credential, propagation: {} }, call);
    return { asked, reply };
  };
