/** The form of a hostile reply, and the echo that most hostile replies start from. */
import type { ReasonCode } from '../../src/domain/errors.ts';
import type { HeaderLine, ReplyAnswer } from './behaviours.ts';

/** The members of a `reply` behaviour: `{ kind: 'reply', ...reply }` plays it. */
export interface Reply extends Omit<ReplyAnswer, 'kind'> {
  readonly body: string | Buffer;
}

/** `reasonCodes`: the right reasons for the reply, usually one. */
export type HostileReply = readonly [title: string, reply: Reply, reasonCodes: readonly ReasonCode[]];

/** A request as PingOne echoes it, without source address and port: each attempt has its own, and a wrong one would be hostile by itself. */
export const ECHO = {
  method: 'GET',
  url: 'https://api1.execute-api.us-east-1.amazonaws.com/dev/products/1',
  http_version: '1.1',
  headers: [{ Accept: '*/*' }, { Authorization: 'Bearer x' }],
};

export const JSON_TYPE: readonly HeaderLine[] = [['Content-Type', 'application/json']];

/** HTTP 200 with these bytes. */
export const answered = (body: string | Buffer): Reply => ({ status: 200, headers: JSON_TYPE, body });

/** HTTP 200 with the echo, changed; undefined removes a member. */
export const echoed = (changes: Readonly<Record<string, unknown>>): Reply =>
  answered(JSON.stringify({ ...ECHO, ...changes }));

/** HTTP 200 with the echo and this text as one more member, which JSON.stringify could not write. */
export const echoedWith = (member: string): Reply => answered(`${JSON.stringify(ECHO).slice(0, -1)},${member}}`);
