/** Delivers an answer in an unusual or faulty way. */
import type { Delivery } from './behaviours.ts';
import { type AfterCall, type Delivering, end, head, resetAfterRead, send, stall, withLength } from './reply-bytes.ts';
import { type HttpReply, renderAnswer } from './sideband-answers.ts';
import type { Wire } from './wire.ts';

const drip = async (bytes: Buffer, step: number, everyMs: number, wire: Wire): Promise<boolean> => {
  for (let at = 0; at < bytes.length; at += step) {
    if (at > 0 && !(await wire.pause(everyMs))) return false;
    if (!(await wire.write(bytes.subarray(at, at + step)))) return false;
  }
  return true;
};

const chunk = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

const sendChunked = async (
  reply: HttpReply,
  how: Extract<Delivery, { kind: 'chunked' }>,
  wire: Wire,
  call: Delivering,
): Promise<AfterCall> => {
  const step = how.chunkBytes ?? Math.max(1, Math.ceil(reply.body.length / 2));
  await wire.write(head(reply.status, [...reply.headers, ['Transfer-Encoding', 'chunked']]));
  for (let at = 0; at < reply.body.length; at += step) {
    if (!(await wire.write(chunk(reply.body.subarray(at, at + step))))) return 'ended';
  }
  if (how.unfinished === true) return end(wire);
  if (!(await wire.write(chunk(Buffer.alloc(0))))) return 'ended';
  call.answered();
  return 'keep';
};

const sendBytes = async (bytes: Buffer, wire: Wire, call: Delivering): Promise<AfterCall> => {
  if (!(await wire.write(bytes))) return 'ended';
  call.answered();
  return 'keep';
};

/** Delivers an answer in its own way. */
export const deliverAnswer = async (how: Delivery, wire: Wire, call: Delivering): Promise<AfterCall> => {
  const reply = renderAnswer(how.answer ?? { kind: 'permit' }, call.request);
  const whole = Buffer.concat([withLength(reply), reply.body]);
  const bodyAt = whole.length - reply.body.length;
  const partOfBody = (afterBytes: number | undefined): Buffer =>
    whole.subarray(0, bodyAt + (afterBytes ?? Math.floor(reply.body.length / 2)));

  switch (how.kind) {
    case 'truncate':
      await wire.write(partOfBody(how.afterBytes));
      return end(wire);
    case 'resetMidHead':
      await wire.write(whole.subarray(0, how.afterBytes ?? Math.floor(bodyAt / 2)));
      return resetAfterRead(wire);
    case 'resetMidBody':
      await wire.write(partOfBody(how.afterBytes));
      return resetAfterRead(wire);
    case 'stallBody':
      await wire.write(partOfBody(how.afterBytes));
      return stall(wire);
    case 'drip':
      if (!(await drip(whole, how.bytes, how.everyMs, wire))) return 'ended';
      call.answered();
      return 'keep';
    case 'chunked':
      return sendChunked(reply, how, wire, call);
    case 'keepAliveHint':
      return send(
        {
          ...reply,
          headers: [...reply.headers, ['Connection', 'keep-alive'], ['Keep-Alive', `timeout=${how.seconds}`]],
        },
        wire,
        call,
      );
    case 'closeAfterIdle': {
      const after = await send(reply, wire, call);
      wire.endWhenIdleFor(how.ms);
      return after;
    }
    case 'forget': {
      wire.onNextByte(() => {
        call.usedAfterForgetting();
        wire.reset();
      });
      await send(reply, wire, call);
      return stall(wire);
    }
    case 'http10':
      if (await wire.write(Buffer.concat([head(reply.status, reply.headers, '1.0'), reply.body]))) call.answered();
      return end(wire);
    case 'twice': {
      if (how.after === 0) return sendBytes(Buffer.concat([whole, whole]), wire, call);
      if (how.after === 'next request') wire.onNextByte(() => void wire.write(whole));
      // This is not awaited, because the next request is read meanwhile.
      else void wire.pause(how.after).then(alive => alive && wire.write(whole));
      return send(reply, wire, call);
    }
    case 'continue100':
      await wire.write(head(100, []));
      return send(reply, wire, call);
  }
};
