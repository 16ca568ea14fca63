/** The rows say of themselves what they do. */
import { describe, expect, it } from 'vitest';
import { ROWS } from '../../../src/config/rows.ts';

describe('every row', () => {
  it.each(Object.entries(ROWS))(
    '%s has a default that it would itself accept, and a meaning',
    (_, { byDefault, meaning, parse }) => {
      if (byDefault !== undefined) expect(() => parse(byDefault)).not.toThrow();
      expect(meaning).toMatch(/^[`A-Z].+\.$/);
    },
  );

  it('shows its default as it is', () => {
    for (const { byDefault, shown } of Object.values(ROWS)) {
      if (byDefault !== undefined) expect(shown).toBe(byDefault === '' ? 'empty' : `\`${byDefault}\``);
    }
  });
});
