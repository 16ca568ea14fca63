/** What a mistyped word was probably meant to be. */
import { meantBy } from '../src/config/misnamed.ts';

/** The nearest of the names; undefined if none is near. */
export const nearest = (typed: string, names: readonly string[]): string | undefined => {
  const meant = meantBy(bare(typed), names.map(bare));
  if (meant !== undefined) return names.find(name => bare(name) === meant);
  return names
    .map(name => ({ name, length: commonStart(bare(typed), bare(name)) }))
    .filter(({ length }) => length >= LEAST_IN_COMMON)
    .toSorted((one, other) => other.length - one.length)[0]?.name;
};

/** `Did you mean x?`, or what there is. */
export const suggestion = (typed: string, names: readonly string[]): string => {
  const meant = nearest(typed, names);
  return meant === undefined ? `It is one of ${names.join(', ')}.` : `Did you mean ${meant}?`;
};

const LEAST_IN_COMMON = 3;

function bare(name: string): string {
  return name.replace(/^-+/, '').toUpperCase();
}

function commonStart(one: string, other: string): number {
  const end = [...one].findIndex((letter, at) => letter !== other[at]);
  return end < 0 ? one.length : end;
}
