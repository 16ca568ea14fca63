/** The door through which JSON of unknown content becomes objects that are read member by member; imports nothing. */

/** The members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>;

/** The value's members, or undefined if the value is not a JSON object. An array and `null` are none. */
export const membersOf = (value: unknown): Members | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined;

/** The value's members; none if the value is not a JSON object. */
export const membersOrNone = (value: unknown): Members => membersOf(value) ?? {};

/** A member of the object itself. Inherited members do not count: nobody sent them. */
export const own = (members: Members, name: string): unknown =>
  Object.hasOwn(members, name) ? members[name] : undefined;

/** The text as a JSON value, or undefined if it is not JSON. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
