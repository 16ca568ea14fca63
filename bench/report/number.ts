/** Numbers as people read them: three digits that matter, thousands apart, one unit. */

const DIGITS = 3;

const grouped = (text: string): string => {
  const [whole = '', fraction] = text.split('.');
  const spaced = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, '\u202f') : whole;
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
};

/** `0.001234` -> `0.00123`, `12.3456` -> `12.3`, `12345` -> `12 345`. */
export const digits = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  return grouped(value.toFixed(Math.max(0, Math.min(6, DIGITS - 1 - magnitude))));
};

/** With its unit; `×` and `%` stand close. */
export const quantity = (value: number, unit: string): string => {
  const text = unit === '×' && Number.isFinite(value) ? value.toFixed(2) : digits(value);
  if (unit === '') return text;
  return unit === '×' || unit === '%' ? `${text}${unit}` : `${text} ${unit}`;
};
