/** The bytes of an HTTP reply, and the ways in which a call ends. */
import { STATUS_CODES } from 'node:http';
import type { HeaderLine } from './behaviours.ts';
import type { HttpReply, SidebandBody } from './sideband-answers.ts';
import type { Wire } from './wire.ts';

/** `ended`: by us, or by the peer before the answer was written. */
export type AfterCall = 'keep' | 'ended';

/** The events of a call that is being answered. */
export interface Delivering {
  readonly request: SidebandBody;
  /** The whole answer was given to the operating system. */
  answered(): void;
  bodyBytesTaken(count: number): void;
  /** The peer used a connection that had been dropped silently. */
  usedAfterForgetting(): void;
}

const READ_MS = 25;

const statusLine = (version: string, status: number): string =>
  `HTTP/${version} ${status} ${STATUS_CODES[status] ?? 'Unknown'}`;

export const head = (status: number, headers: readonly HeaderLine[], version = '1.1'): Buffer =>
  Buffer.from(
    `${[statusLine(version, status), ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`,
    'latin1',
  );

export const withLength = (reply: HttpReply): Buffer =>
  head(reply.status, [...reply.headers, ['Content-Length', String(reply.body.length)]]);

/** A message with one of these statuses has no body. A client would read bytes after it as the next reply. */
const allowsNoBody = (status: number): boolean => status === 204 || status === 304 || status < 200;

export const end = (wire: Wire): AfterCall => {
  wire.end();
  return 'ended';
};

export const reset = (wire: Wire): AfterCall => {
  wire.reset();
  return 'ended';
};

/** RST after the written bytes have had time to be read. On loopback it could overtake them otherwise. */
export const resetAfterRead = async (wire: Wire): Promise<AfterCall> => {
  await wire.pause(READ_MS);
  return reset(wire);
};

export const stall = async (wire: Wire): Promise<AfterCall> => {
  await wire.gone;
  return 'ended';
};

export const send = async (reply: HttpReply, wire: Wire, call?: Delivering): Promise<AfterCall> => {
  if (!(await wire.write(Buffer.concat([withLength(reply), reply.body])))) return 'ended';
  call?.answered();
  return allowsNoBody(reply.status) && reply.body.length > 0 ? end(wire) : 'keep';
};
