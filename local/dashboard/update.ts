/** What the server tells the page each time: everything to be drawn. */
import type { Drawing } from './drawing.ts';

export type Update = {
  /** Since the start, of all functions. */
  readonly decisions: number;
  readonly functions: readonly string[];
  readonly drawings: readonly { readonly index: number; readonly drawing: Drawing }[];
};
