/** CloudFront's header maps (lower-case name -> lines) and our header lines, both ways. */

import { membersOf } from '../domain/json.ts';
import type { HeaderLine } from '../domain/request.ts';
import { invalid } from '../lambda/event-fields.ts';

export interface CloudFrontHeader {
  readonly key: string;
  readonly value: string;
}

export type CloudFrontHeaders = Readonly<Record<string, readonly CloudFrontHeader[]>>;

const headerLine = (name: string, item: unknown): HeaderLine => {
  const line = membersOf(item);
  const [key, value] = [line?.['key'] ?? name, line?.['value']];
  if (typeof value !== 'string') throw invalid("the event's headers hold a value that is not a string");
  // What PingOne decides on under one name must not reach the origin under another.
  if (typeof key !== 'string' || key.toLowerCase() !== name.toLowerCase()) {
    throw invalid("the event's headers hold a line under another name");
  }
  return [key, value];
};

/**
 * Every line of a CloudFront header map, in order.
 * @throws AuthorizerError `INVALID_REQUEST`
 */
export const headerLines = (headers: unknown): readonly HeaderLine[] => {
  const byName = membersOf(headers);
  if (byName === undefined) throw invalid("the event's headers are not an object");
  return Object.entries(byName).flatMap(([name, lines]) => {
    if (!Array.isArray(lines)) throw invalid("the event's headers hold something that is not a list");
    return lines.map(line => headerLine(name, line));
  });
};

/** The lines as CloudFront wants them. */
export const headerMap = (lines: readonly HeaderLine[]): CloudFrontHeaders => {
  const map = new Map<string, CloudFrontHeader[]>();
  for (const [key, value] of lines) {
    const name = key.toLowerCase();
    const before = map.get(name);
    if (before === undefined) map.set(name, [{ key, value }]);
    else before.push({ key, value });
  }
  return Object.fromEntries(map);
};
