/** The door through which PingOne's bytes become JSON values that are looked at member by member. */
import type { HeaderLine } from '../domain/request.ts';

export type Members = Readonly<Record<string, unknown>>;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes as text, or undefined where they are not UTF-8. */
export const textOf = (bytes: Uint8Array): string | undefined => {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
};

/** The text as a JSON value, or undefined where it is none. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The value as an object's members, or undefined where it is not a JSON object. */
export const membersOf = (value: unknown): Members | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined;

/** An own member; what is inherited (a `__proto__` in the reply) does not count. */
export const own = (members: Members, name: string): unknown =>
  Object.hasOwn(members, name) ? members[name] : undefined;

export const ownString = (members: Members | undefined, name: string): string | undefined => {
  const value = members === undefined ? undefined : own(members, name);
  return typeof value === 'string' ? value : undefined;
};

const lines = (item: unknown): readonly HeaderLine[] =>
  Object.entries(membersOf(item) ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string');

/** The header lines of an array of single-key objects; what is no such object is passed over. */
export const headerLinesOf = (value: unknown): readonly HeaderLine[] =>
  Array.isArray(value) ? value.flatMap(lines) : lines(value);
