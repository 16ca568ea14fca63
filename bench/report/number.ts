/** Numbers as people read them: three digits that matter, thousands apart, one unit. */

const DIGITS = 3;
/** A ratio has two digits after the point, unless more are needed to tell it from its goal. */
const RATIO = { digits: 2, max: 6 };

/** `0.001234` -> `0.00123`, `12.3456` -> `12.3`, `12345` -> `12 345`. */
export const digits = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  return grouped(value.toFixed(Math.max(0, Math.min(6, DIGITS - 1 - magnitude))));
};

/** With its unit; `×` and `%` stand close. A count, which has no unit, is written whole. */
export const quantity = (value: number, unit: string): string => {
  if (unit === '' && Number.isInteger(value)) return grouped(String(value));
  const text = unit === '×' && Number.isFinite(value) ? value.toFixed(RATIO.digits) : digits(value);
  return withUnit(text, unit);
};

/** With its unit, and with as many digits as tell it from a goal that it does not equal: `1.2504×` against `1.25×`. */
export const quantityBeside = (value: number, goal: number, unit: string): string => {
  const usual = quantity(value, unit);
  if (value === goal || !Number.isFinite(value) || usual !== quantity(goal, unit)) return usual;
  for (let more = RATIO.digits + 1; more < RATIO.max; more += 1) {
    if (value.toFixed(more) !== goal.toFixed(more)) return withUnit(value.toFixed(more), unit);
  }
  return withUnit(value.toFixed(RATIO.max), unit);
};

function withUnit(text: string, unit: string): string {
  if (unit === '') return text;
  return unit === '×' || unit === '%' ? `${text}${unit}` : `${text} ${unit}`;
}

function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const spaced = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, '\u202f') : whole;
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}
