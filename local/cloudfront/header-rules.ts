/** CloudFront's rules for headers in viewer-request functions; source: CloudFront guide, "Restrictions on edge functions". */
import { isRecord } from '../loopback.ts';

type Line = readonly [key: string, value: string];
export type HeaderMap = ReadonlyMap<string, readonly Line[]>;

/** Not shown to functions, and not to be added by them. A `*` stands for whatever follows. */
const DISALLOWED = [
  'Connection',
  'Expect',
  'Keep-Alive',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Proxy-Connection',
  'Trailer',
  'Upgrade',
  'X-Accel-Buffering',
  'X-Accel-Charset',
  'X-Accel-Limit-Rate',
  'X-Accel-Redirect',
  'X-Amz-Cf-*',
  'X-Amzn-Auth',
  'X-Amzn-Cf-Billing',
  'X-Amzn-Cf-Id',
  'X-Amzn-Cf-Xff',
  'X-Amzn-Errortype',
  'X-Amzn-Fle-Profile',
  'X-Amzn-Header-Count',
  'X-Amzn-Header-Order',
  'X-Amzn-Lambda-Integration-Tag',
  'X-Amzn-RequestId',
  'X-Cache',
  'X-Edge-*',
  'X-Forwarded-Proto',
  'X-Real-IP',
].map(name => name.toLowerCase());

export const READ_ONLY = ['cdn-loop', 'content-length', 'host', 'transfer-encoding', 'via'] as const;

/** Set by CloudFront alone; a function may remove what the client sent. */
export const COUNTRY = 'cloudfront-viewer-country';

export const isDisallowed = (name: string): boolean =>
  DISALLOWED.some(rule => (rule.endsWith('*') ? name.startsWith(rule.slice(0, -1)) : name === rule));

/** A function may leave the key out: CloudFront capitalises the name. */
const titled = (name: string): string => name.replaceAll(/(?:^|-)[a-z]/g, start => start.toUpperCase());

const lineOf = (name: string, item: unknown): Line | string => {
  if (!isRecord(item)) return `header ${name} holds something that is not an object`;
  const { key = titled(name), value } = item;
  if (typeof key !== 'string' || key.toLowerCase() !== name) return `header ${name} has another key`;
  if (typeof value !== 'string') return `header ${name} has a value that is not a string`;
  if (!/^[\x21-\x7e]+$/.test(key)) return `header ${name} has a key that is not ASCII`;
  if (!value.isWellFormed()) return `header ${name} has a value that is not UTF-8`;
  return /[^\P{Cc}\t]/u.test(value) ? `header ${name} has a value with control characters` : [key, value];
};

/** What a function returned as headers, or what is wrong with it. */
export const readHeaders = (headers: unknown): HeaderMap | string => {
  if (!isRecord(headers)) return 'headers is not an object';
  const map = new Map<string, readonly Line[]>();
  for (const [name, items] of Object.entries(headers)) {
    if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name)) return 'a header name is not one in lower case';
    if (!Array.isArray(items)) return `header ${name} is not a list`;
    const lines = items.map(item => lineOf(name, item));
    const problem = lines.find(line => typeof line === 'string');
    if (problem !== undefined) return problem;
    map.set(
      name,
      lines.filter(line => typeof line !== 'string'),
    );
  }
  return map;
};

export const sameValues = (one: readonly Line[] | undefined, other: readonly Line[] | undefined): boolean =>
  JSON.stringify((one ?? []).map(([, value]) => value)) === JSON.stringify((other ?? []).map(([, value]) => value));
