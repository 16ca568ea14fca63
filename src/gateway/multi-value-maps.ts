/** Joins the two maps that API Gateway sends for headers, and the two for the query, to one list of pairs. */
import type { Members } from '../domain/json.ts';
import { invalid, optionalFields, strings } from '../lambda/event-fields.ts';

/**
 * The pairs of both maps. The multi-value map has every value of a name, so the single-value map only adds the names that
 * the other one lacks.
 * @throws AuthorizerError `INVALID_REQUEST` if a map or a value has another type.
 */
export const pairs = (
  event: Members,
  multiName: string,
  singleName: string,
): readonly (readonly [string, string])[] => {
  const multi = optionalFields(event, multiName);
  const single = optionalFields(event, singleName);
  const all: [string, string][] = [];
  for (const [name, values] of Object.entries(multi)) {
    for (const value of strings(values, multiName)) all.push([name, value]);
  }
  for (const [name, value] of Object.entries(single)) {
    if (Object.hasOwn(multi, name) || value === null || value === undefined) continue;
    if (typeof value !== 'string') throw invalid(`the event's ${singleName} holds something that is not a string`);
    all.push([name, value]);
  }
  return all;
};
