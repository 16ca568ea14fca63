/** What a judge of a life is. */
import type { Life } from '../life.ts';

/** Finds in a life what breaks one promise: a sentence each. */
export type Judge = (life: Life) => readonly string[];
