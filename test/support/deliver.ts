/** Puts one behaviour on the wire. The result says whether the connection can carry another request. */
import type { Behaviour } from './behaviours.ts';
import { deliverAnswer } from './deliver-answer.ts';
import { inflict } from './inflict-fault.ts';
import { type AfterCall, type Delivering, send } from './reply-bytes.ts';
import { renderAnswer } from './sideband-answers.ts';
import type { Wire } from './wire.ts';

/** Plays one behaviour to its end. */
export const deliver = async (behaviour: Behaviour, wire: Wire, call: Delivering): Promise<AfterCall> => {
  switch (behaviour.kind) {
    case 'permit':
    case 'deny':
    case 'reply':
      return send(renderAnswer(behaviour, call.request), wire, call);
    case 'slow':
      return (await wire.pause(behaviour.ms)) ? deliver(behaviour.behaviour, wire, call) : 'ended';
    case 'truncate':
    case 'resetMidHead':
    case 'resetMidBody':
    case 'stallBody':
    case 'drip':
    case 'chunked':
    case 'keepAliveHint':
    case 'closeAfterIdle':
    case 'forget':
    case 'http10':
    case 'twice':
    case 'continue100':
      return deliverAnswer(behaviour, wire, call);
    default:
      return inflict(behaviour, wire, call);
  }
};
