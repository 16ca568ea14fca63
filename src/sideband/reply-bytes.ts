/** Reads PingOne's bytes: text, strings and header lines. */
import { type Members, membersOrNone, own } from '../domain/json.ts';
import type { HeaderLine } from '../domain/request.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes as text. If there are none, or they are not UTF-8, the text is empty, which is no JSON. */
export const textOf = (bytes: Uint8Array | undefined): string => {
  try {
    return utf8.decode(bytes);
  } catch {
    return '';
  }
};

export const ownString = (members: Members | undefined, name: string): string | undefined => {
  const value = members === undefined ? undefined : own(members, name);
  return typeof value === 'string' ? value : undefined;
};

/** The header lines in a list of single-key objects, or in one object. Everything else in the list is left out. */
export const headerLinesOf = (value: unknown): readonly HeaderLine[] =>
  Array.isArray(value) ? value.flatMap(linesIn) : linesIn(value);

function linesIn(item: unknown): readonly HeaderLine[] {
  return Object.entries(membersOrNone(item)).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}
