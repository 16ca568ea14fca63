/** Checks that a reply answers the attempt it arrived for, by the source address and port that PingOne echoes. */
import { type Members, own } from '../domain/json.ts';
import { isSourcePort, type SidebandRequest } from './wire.ts';

/** How a reply is bound to its attempt. `full`: by source address and port too. `request`: by method, origin and path only. */
export type ReplyBinding = 'full' | 'request';

/** The echo's members that differ from what this attempt sent. A member that the echo lacks does not count. */
export const foreignMembers = (asked: SidebandRequest, echo: Members): readonly string[] => {
  const foreign: string[] = [];
  if (Object.hasOwn(echo, 'source_ip') && !sameAddress(own(echo, 'source_ip'), asked.source_ip)) {
    foreign.push('source_ip');
  }
  if (Object.hasOwn(echo, 'source_port') && !samePort(own(echo, 'source_port'), asked.source_port)) {
    foreign.push('source_port');
  }
  return foreign;
};

function sameAddress(echoed: unknown, sent: string): boolean {
  return echoed === sent || (typeof echoed === 'string' && canonicalAddress(echoed) === canonicalAddress(sent));
}

/** The canonical spelling of an IPv6 address. Any other text stays unchanged. */
function canonicalAddress(address: string): string {
  return (/^[0-9a-f:.]+$/i.test(address) ? URL.parse(`http://[${address}]`)?.hostname : undefined) ?? address;
}

function samePort(echoed: unknown, sent: number): boolean {
  return echoed === sent || echoed === String(sent);
}

/**
 * Whether a denial's echo has the port of another attempt of ours. A denial with a port that no attempt could have sent
 * is accepted: it lets nobody in, and a service that writes its own port into the echo must still be able to deny.
 */
export const isOtherAttempt = (asked: SidebandRequest, echo: Members): boolean => {
  const port = own(echo, 'source_port');
  // An object could throw when it is made a number.
  return typeof port !== 'object' && !samePort(port, asked.source_port) && isSourcePort(Number(port));
};
