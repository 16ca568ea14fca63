/** Rules for the rows that the table of docs/settings.md is made from. */
import { describe, expect, it } from 'vitest';
import { ROWS } from '../../../src/config/variables.ts';

describe('every row', () => {
  it.each(Object.entries(ROWS))(
    '%s has a meaning, and a default that its own parser accepts',
    (_, { byDefault, meaning, parse }) => {
      if (byDefault !== undefined) expect(() => parse(byDefault)).not.toThrow();
      expect(meaning).toMatch(/^[`A-Z].+\.$/);
    },
  );

  it('shows its default unchanged', () => {
    for (const { byDefault, shown } of Object.values(ROWS)) {
      if (byDefault !== undefined) expect(shown).toBe(byDefault === '' ? 'empty' : `\`${byDefault}\``);
    }
  });
});
