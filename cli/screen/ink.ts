/** Colours on a terminal and plain text anywhere else; `NO_COLOR` and `FORCE_COLOR` decide otherwise. */
import { styleText } from 'node:util';

export interface Ink {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

export const inkFor = (isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): Ink => {
  const on = isColoured(isTerminal, environment);
  const paint = (style: keyof Ink) => (text: string) => (on ? styleText(style, text, { validateStream: false }) : text);
  return { bold: paint('bold'), dim: paint('dim'), red: paint('red'), green: paint('green'), yellow: paint('yellow') };
};

function isColoured(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean {
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return isTerminal && !environment['NO_COLOR'];
}
