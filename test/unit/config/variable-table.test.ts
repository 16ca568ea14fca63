/** Rules of a table of settings: what its rows make of text, and what becomes of a wrong one. */
import { describe, expect, it } from 'vitest';
import { flag, integer } from '../../../src/config/parsers.ts';
import { optional, parseRows, row } from '../../../src/config/variable-table.ts';

const TABLE = {
  COUNT: row('3', integer(1, 9), 'How many.'),
  LOUD: row('false', flag, 'How loud.'),
  NAME: optional('required', text => text.toUpperCase(), 'Who.'),
};

const parsed = (variables: Readonly<Record<string, string | undefined>>) => {
  const problems: string[] = [];
  return { values: parseRows(TABLE, variables, problems), problems };
};

describe('a table of settings', () => {
  it('gives each row its typed value, and a missing or empty one its default', () => {
    expect(parsed({ COUNT: '4', NAME: 'ada' })).toEqual({
      values: { COUNT: 4, LOUD: false, NAME: 'ADA' },
      problems: [],
    });
    expect(parsed({ COUNT: '' }).values).toEqual({ COUNT: 3, LOUD: false, NAME: undefined });
    expect(Object.isFrozen(parsed({}).values)).toBe(true);
  });

  it('names each wrong setting without its value, and goes on with its default', () => {
    expect(parsed({ COUNT: 'canary', LOUD: 'canary' })).toEqual({
      values: { COUNT: 3, LOUD: false, NAME: undefined },
      problems: ['COUNT must be a whole number from 1 to 9.', 'LOUD must be "true" or "false".'],
    });
  });

  it('reads no setting from a prototype', () => {
    expect(parsed(Object.create({ COUNT: '9' })).values.COUNT).toBe(3);
  });

  it('lets a bug of a parser through, for it is no problem of the settings', () => {
    const thrown = new TypeError('a bug');
    const parse = (): never => {
      throw thrown;
    };
    const throwing = { X: { byDefault: undefined, shown: '', meaning: '', parse } };
    expect(() => parseRows(throwing, { X: 'x' }, [])).toThrow(thrown);
  });

  it('shows defaults as code, an empty one as a word, and what a row without a default says', () => {
    expect([TABLE.COUNT.shown, row('', String, '').shown, TABLE.NAME.shown]).toEqual(['`3`', 'empty', 'required']);
  });
});
