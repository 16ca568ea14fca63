/** Numbers as people read them. */
import type { DrawnLine } from '../drawing.ts';

const digits = (value: number): number => (Number.isInteger(value) ? 0 : Math.abs(value) < 100 ? 1 : 0);

export const formatNumber = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: digits(value) });

export const formatValue = (value: number, unit: DrawnLine['unit']): string =>
  unit === '' ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
