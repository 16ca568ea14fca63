/** What is fuzzed: a total function from a JSON value, with rules that hold for every value. */

export interface Target {
  readonly name: string;
  /** The files of src/ whose coverage is counted for this target, as paths below src/. */
  readonly files: readonly string[];
  /** Inputs to begin with. JSON values. */
  readonly seeds: readonly unknown[];
  /** Inputs that are run once, and kept to begin with only if they reach code that the others do not. */
  readonly trials: readonly unknown[];
  /** Field names and texts of the protocol, for the mutators. */
  readonly words: readonly string[];
  /** Inputs that run between two readings of the coverage; fewer if each takes long. */
  readonly batch: number;
  /** The largest input, in characters of JSON. */
  readonly maxLength: number;
  /**
   * Runs the code with one input and judges what came out.
   * @returns one sentence for each rule that was broken. Whatever it throws is a broken rule too.
   */
  readonly run: (input: unknown) => readonly string[] | Promise<readonly string[]>;
}

/** The entry that a member of an input names; the first one if it names none. */
export const namedBy = <T>(name: unknown, entries: ReadonlyMap<string, T>): T => {
  const found = typeof name === 'string' ? entries.get(name) : undefined;
  const [first] = entries.values();
  if (first === undefined) throw new RangeError('there is nothing to name');
  return found ?? first;
};

/** The problems of one input; an error is one. */
export const judged = async ({ run }: Target, input: unknown): Promise<readonly string[]> => {
  try {
    return await run(input);
  } catch (error) {
    return [`threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`];
  }
};
