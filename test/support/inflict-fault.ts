/** Plays the wire faults that carry no answer. */
import type { HeaderLine, WireFault } from './behaviours.ts';
import { type AfterCall, type Delivering, end, head, reset, resetAfterRead, send, stall } from './reply-bytes.ts';
import { echo, jsonReply, renderAnswer, type SidebandBody } from './sideband-answers.ts';
import type { Wire } from './wire.ts';

const HUGE_PIECE_BYTES = 65_536;

const streamHugeBody = async (
  fault: Extract<WireFault, { kind: 'hugeBody' }>,
  wire: Wire,
  call: Delivering,
): Promise<AfterCall> => {
  const announced: readonly HeaderLine[] = fault.announced === false ? [] : [['Content-Length', String(fault.bytes)]];
  await wire.write(head(200, [['Content-Type', 'application/json'], ['Connection', 'close'], ...announced]));
  // It begins like a permit, to catch a reader that stops early and trusts what it has read.
  let piece = Buffer.from(`${JSON.stringify(echo(call.request)).slice(0, -1)},"state":"`);
  for (let left = fault.bytes; left > 0; ) {
    const bytes = piece.subarray(0, left);
    if (!(await wire.write(bytes))) return 'ended';
    left -= bytes.length;
    call.bodyBytesTaken(fault.bytes - left);
    piece = Buffer.alloc(HUGE_PIECE_BYTES, 'x');
  }
  call.answered();
  return end(wire);
};

const deepBody = (fault: Extract<WireFault, { kind: 'deepJson' }>, request: SidebandBody): string => {
  const nest = `${'['.repeat(fault.depth)}${']'.repeat(fault.depth)}`;
  const within = fault.within ?? 'body';
  return within === 'body' ? nest : `${JSON.stringify(echo(request)).slice(0, -1)},"${within}":${nest}}`;
};

/** Plays a fault that carries no answer. */
export const inflict = async (fault: WireFault, wire: Wire, call: Delivering): Promise<AfterCall> => {
  switch (fault.kind) {
    case 'raw': {
      await wire.write(Buffer.from(fault.bytes));
      if (fault.afterwards === 'close') return end(wire);
      if (fault.afterwards === 'reset') return resetAfterRead(wire);
      return fault.afterwards === 'stall' ? stall(wire) : 'keep';
    }
    case 'resetBeforeHead':
      return reset(wire);
    case 'closeBeforeHead':
      return end(wire);
    case 'stallHead':
      return stall(wire);
    case 'hugeBody':
      return streamHugeBody(fault, wire, call);
    case 'headerBomb': {
      const reply = renderAnswer({ kind: 'permit' }, call.request);
      const lines = Array.from({ length: Math.ceil(fault.bytes / 1000) }, (_, at): HeaderLine => {
        const name = `X-Bomb-${at}`;
        return [name, 'x'.repeat(1000 - name.length - 4)];
      });
      return send({ ...reply, headers: [...reply.headers, ...lines] }, wire, call);
    }
    case 'deepJson':
      return send(jsonReply(deepBody(fault, call.request)), wire, call);
    case 'upgrade101':
      await wire.write(
        head(101, [
          ['Connection', 'Upgrade'],
          ['Upgrade', 'websocket'],
        ]),
      );
      return stall(wire);
  }
};
