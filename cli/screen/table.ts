/** Lines of cells as columns. */

/** One cell: its text, and how it is painted once it has its width. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Pads every cell but the last of its line to the width of its column. */
export const tableOf = (lines: readonly (readonly Cell[])[]): readonly string[] => {
  const widths: number[] = [];
  for (const cells of lines) {
    for (const [column, { text }] of cells.entries()) widths[column] = Math.max(widths[column] ?? 0, text.length);
  }
  return lines.map(cells =>
    cells
      .map(({ text, paint = plain }, column) => {
        const padding = column === cells.length - 1 ? 0 : (widths[column] ?? 0) - text.length;
        return paint(text) + ' '.repeat(padding);
      })
      .join('  ')
      .trimEnd(),
  );
};

function plain(text: string): string {
  return text;
}
