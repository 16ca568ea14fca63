/** One setting as a row of a table: default, meaning, parser; and the parsing of a whole table. */
import { type Parser, Problem } from './parsers.ts';

export interface Row<T> {
  /** The text to use for a missing variable; undefined if there is no default. */
  readonly byDefault: string | undefined;
  /** What the table shows as the default. */
  readonly shown: string;
  readonly meaning: string;
  readonly parse: Parser<T>;
}

/** Setting name -> row. */
export type Table = Readonly<Record<string, Row<unknown>>>;

/** Setting name -> its typed value; undefined if it is missing and has no default. */
export type ValuesOf<Rows extends Table> = {
  readonly [Name in keyof Rows]: Rows[Name] extends Row<infer T> & { readonly byDefault: undefined }
    ? T | undefined
    : Rows[Name] extends Row<infer T>
      ? T
      : never;
};

/** A setting with a default. */
export const row = <T>(
  byDefault: string,
  parse: Parser<T>,
  meaning: string,
): Row<T> & { readonly byDefault: string } => ({
  byDefault,
  shown: byDefault === '' ? 'empty' : `\`${byDefault}\``,
  meaning,
  parse,
});

/** A setting without a default. */
export const optional = <T>(
  shown: string,
  parse: Parser<T>,
  meaning: string,
): Row<T> & { readonly byDefault: undefined } => ({ byDefault: undefined, shown, meaning, parse });

/**
 * Parses every row of a table. A wrong value adds a problem that names its setting, and its default stands in for it, so
 * that the rest goes on working. Empty is missing.
 */
export const parseRows = <Rows extends Table>(
  rows: Rows,
  variables: Readonly<Record<string, string | undefined>>,
  problems: string[],
): ValuesOf<Rows> => {
  const parsed = Object.entries(rows).map(([name, { parse, byDefault }]) => {
    const text = (Object.hasOwn(variables, name) && variables[name]) || undefined;
    try {
      if (text !== undefined) return [name, parse(text)];
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      problems.push(`${name} ${problem.message}.`);
    }
    return [name, byDefault === undefined ? undefined : parse(byDefault)];
  });
  return Object.freeze(Object.fromEntries(parsed)) as ValuesOf<Rows>;
};
