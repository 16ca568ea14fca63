/** What ties a reply to the very attempt that it answers: the source address and port which PingOne echoes. */
import { type Members, own } from './json.ts';
import { isSourcePort, type SidebandRequest } from './wire.ts';

/** `full`: by source address and port too. `request`: by method, origin and path alone. */
export type ReplyBinding = 'full' | 'request';

/** The echo's members that are not what this attempt sent. A member which the echo does not hold says nothing. */
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

/**
 * Whether the echo is of another attempt of ours. A denial with a port that no attempt could have named stands: it
 * gives nothing away, and a service that writes a number of its own is still heard to deny.
 */
export const isOtherAttempt = (asked: SidebandRequest, echo: Members): boolean => {
  const port = own(echo, 'source_port');
  return !samePort(port, asked.source_port) && isSourcePort(Number(port));
};

const samePort = (echoed: unknown, sent: number): boolean => echoed === sent || echoed === String(sent);

const sameAddress = (echoed: unknown, sent: string): boolean =>
  echoed === sent || (typeof echoed === 'string' && canonicalAddress(echoed) === canonicalAddress(sent));

/** One spelling of an IPv6 address; any other text as it is. */
const canonicalAddress = (address: string): string =>
  (/^[0-9a-f:.]+$/i.test(address) ? URL.parse(`http://[${address}]`)?.hostname : undefined) ?? address;
