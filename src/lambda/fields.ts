/** The door through which an event's unknown fields become typed ones. */
import { AuthorizerError } from '../domain/errors.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Refuses the event, naming the field and never its value. */
export const invalid = (detail: string, cause?: unknown): AuthorizerError =>
  new AuthorizerError('INVALID_REQUEST', { detail, cause });

/** The value as a map of fields, or undefined where it is anything but a plain JSON object. */
export const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

/** A map that AWS sends as an object, as `null`, or not at all. Throws where it is anything else. */
export const optionalFields = (parent: Fields, name: string): Fields => {
  const value = parent[name];
  if (value === undefined || value === null) return {};
  const fields = fieldsOf(value);
  if (fields === undefined) throw invalid(`the event's ${name} is not an object`);
  return fields;
};

/** A string that must be there and not be empty. */
export const requiredString = (parent: Fields, name: string): string => {
  const value = parent[name];
  if (typeof value !== 'string' || value === '') throw invalid(`the event has no ${name}`);
  return value;
};

/** A string, or undefined where it is missing, null, empty or of another type: for what only informs. */
export const optionalString = (parent: Fields | undefined, name: string): string | undefined => {
  const value = parent?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** A list of strings that may be missing or null. Throws where an item is anything but a string. */
export const strings = (value: unknown, name: string): readonly string[] => {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`the event's ${name} is not a list`);
  return value.map(item => {
    if (typeof item !== 'string') throw invalid(`the event's ${name} holds something that is not a string`);
    return item;
  });
};
