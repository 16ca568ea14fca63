/** The legend of a figure: HTML beside the drawing, which wraps as text does. */
import type { Figure } from './figure.ts';
import { type Role, roleOfOutcome, roleOfSeries } from './palette.ts';

export interface Entry {
  readonly name: string;
  readonly role: Role;
  readonly dashed: boolean;
}

/** Each name once; nothing if there is only one name. */
export const legendOf = (figure: Figure): readonly Entry[] => {
  const entries = [...new Map(unnamed(figure).map(entry => [entry.name, entry])).values()];
  return entries.length > 1 ? entries : [];
};

function unnamed(figure: Figure): readonly Entry[] {
  if (figure.kind === 'bars') {
    return figure.parts.map((name, index) => ({ name, role: roleOfSeries(index), dashed: false }));
  }
  if (figure.kind === 'percentiles') {
    return figure.lines.map(({ name }, index) => ({ name, role: roleOfSeries(index), dashed: false }));
  }
  return figure.panels.flatMap(({ lines, outcomes }) =>
    lines.map(({ name, dashed = false }, index) => ({
      name,
      dashed,
      role: outcomes ? roleOfOutcome(index) : roleOfSeries(index),
    })),
  );
}
