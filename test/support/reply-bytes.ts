/** The bytes of an HTTP reply, and the plain ways in which a call ends. */
import { STATUS_CODES } from 'node:http';
import type { HeaderLine } from './behaviours.ts';
import type { HttpReply, SidebandBody } from './sideband-answers.ts';
import type { Wire } from './wire.ts';

/** `ended`: by us, or by the peer before the answer was out. */
export type AfterCall = 'keep' | 'ended';

/** What a call that is being answered reports back. */
export interface Delivering {
  readonly request: SidebandBody;
  /** The answer has been handed to the operating system completely. */
  answered(): void;
  bodyBytesTaken(count: number): void;
  /** The peer used a connection that had been forgotten. */
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

/** A body after one of these is no part of the message: the next reply could not be told from it. */
const allowsNoBody = (status: number): boolean => status === 204 || status === 304 || status < 200;

export const end = (wire: Wire): AfterCall => {
  wire.end();
  return 'ended';
};

export const reset = (wire: Wire): AfterCall => {
  wire.reset();
  return 'ended';
};

/** RST after what was written has had time to be read: on loopback it could overtake the bytes otherwise. */
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
