/** What a permit needs, written a second time and in another way than the code: the reply echoes the request that was asked. */
import { membersOf } from '../../../src/domain/json.ts';

type Json = Readonly<Record<string, unknown>>;

/** Why a reply's body is no permit for this request; empty if it is one. */
export const replyProblems = (
  asked: Json,
  replied: unknown,
  binding: 'full' | 'request' = 'full',
): readonly string[] => {
  const echo = membersOf(replied);
  if (echo === undefined) return ['a permit without an object'];
  const has = (name: string): boolean => Object.keys(echo).includes(name);
  const { method, url, headers, response } = echo;
  return [
    ...(has('response') && response !== null ? ['a permit with a response'] : []),
    ...(has('response_code') ? ['a permit by an answer of the response call'] : []),
    ...(has('method') && same(method, asked['method']) ? [] : ['a permit for another method']),
    ...(has('url') && typeof url === 'string' && sameResource(String(asked['url']), url)
      ? []
      : ['a permit for another origin or path']),
    ...(has('headers') && Array.isArray(headers) ? [] : ['a permit without headers']),
    ...(binding === 'full' && has('source_port') && !samePort(echo['source_port'], asked['source_port'])
      ? ['a permit with another source port']
      : []),
    ...(binding === 'full' && has('source_ip') && !sameAddress(echo['source_ip'], asked['source_ip'])
      ? ['a permit with another source address']
      : []),
  ];
};

function same(echoed: unknown, asked: unknown): boolean {
  return typeof echoed === 'string' && typeof asked === 'string' && echoed.toUpperCase() === asked.toUpperCase();
}

/** Equal text, or the same scheme, host, port and path once every escape has one spelling. */
function sameResource(asked: string, echoed: string): boolean {
  if (asked === echoed) return true;
  const [one, other] = [partsOf(asked), partsOf(echoed)];
  return one !== undefined && other !== undefined && one.join(' ') === other.join(' ');
}

function partsOf(url: string): readonly string[] | undefined {
  // Node's `URL.canParse` and `new URL` disagree about hosts of hundreds of characters.
  const parsed = URL.parse(url);
  if (parsed === null) return undefined;
  const { protocol, username, password, host, pathname } = parsed;
  return [protocol, username, password, host, spelled(pathname)];
}

const PLAIN = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~';

function spelled(path: string): string {
  return path
    .split(/(%[0-9A-Fa-f]{2})/)
    .map(part => {
      if (!/^%[0-9A-Fa-f]{2}$/.test(part)) return part;
      const character = Buffer.from(part.slice(1), 'hex').toString('latin1');
      return PLAIN.includes(character) ? character : part.toUpperCase();
    })
    .join('');
}

/** A number, or its decimal text. */
function samePort(echoed: unknown, asked: unknown): boolean {
  return typeof asked === 'number' && [asked, asked.toFixed(0)].some(port => port === echoed);
}

/** The same text, or the same IPv6 address by the bytes that it stands for. */
function sameAddress(echoed: unknown, asked: unknown): boolean {
  if (echoed === asked) return true;
  if (typeof echoed !== 'string' || typeof asked !== 'string' || !/:/.test(echoed) || !/:/.test(asked)) return false;
  const [one, other] = [`http://[${echoed}]/`, `http://[${asked}]/`];
  return URL.canParse(one) && URL.canParse(other) && new URL(one).href === new URL(other).href;
}
