/** Reads typed fields out of an event's unknown ones. */
import { AuthorizerError } from '../domain/errors.ts';
import { type Members, membersOf, own } from '../domain/json.ts';

/** The fault of an event that cannot be read. The detail names the field and never holds its value. */
export const invalid = (detail: string, cause?: unknown): AuthorizerError =>
  new AuthorizerError('INVALID_REQUEST', { detail, cause });

/**
 * A map that AWS sends as an object, as `null`, or not at all.
 * @throws AuthorizerError `INVALID_REQUEST` if it is anything else.
 */
export const optionalFields = (parent: Members, name: string): Members => {
  const value = own(parent, name);
  if (value === undefined || value === null) return {};
  const fields = membersOf(value);
  if (fields === undefined) throw invalid(`the event's ${name} is not an object`);
  return fields;
};

/**
 * A string that must be there and must not be empty.
 * @throws AuthorizerError `INVALID_REQUEST`
 */
export const requiredString = (parent: Members, name: string): string => {
  const value = own(parent, name);
  if (typeof value !== 'string' || value === '') throw invalid(`the event has no ${name}`);
  return value;
};

/** A string that only informs; undefined if it is missing, null, empty or of another type. */
export const optionalString = (parent: Members | undefined, name: string): string | undefined => {
  const value = parent === undefined ? undefined : own(parent, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/**
 * A list of strings that may be missing or null.
 * @throws AuthorizerError `INVALID_REQUEST` if it is no list, or an item is no string.
 */
export const strings = (value: unknown, name: string): readonly string[] => {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`the event's ${name} is not a list`);
  return value.map(item => {
    if (typeof item !== 'string') throw invalid(`the event's ${name} holds something that is not a string`);
    return item;
  });
};
