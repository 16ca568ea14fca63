/** Variants take turns in short rounds, so that a slow minute of the machine meets all of them. */

export interface Turns {
  readonly rounds: number;
  /** Rounds that come first and are not kept; none if left out. */
  readonly dropped?: number;
  /** Runs before each round. */
  readonly before?: (round: number) => Promise<void>;
}

/** What each variant gave, round by round. Each round begins with another variant; rounds that are not kept have negative numbers. */
export const inRounds = async <V, T>(
  variants: readonly V[],
  { rounds, dropped = 0, before }: Turns,
  take: (variant: V, round: number) => T | Promise<T>,
): Promise<ReadonlyMap<V, readonly T[]>> => {
  const taken = new Map(variants.map((variant): [V, T[]] => [variant, []]));
  for (let round = -dropped; round < rounds; round += 1) {
    await before?.(round);
    for (const variant of beginningAt(variants, (round + dropped) % variants.length)) {
      const result = await take(variant, round);
      if (round >= 0) taken.get(variant)?.push(result);
    }
  }
  return taken;
};

function beginningAt<V>(variants: readonly V[], first: number): readonly V[] {
  return [...variants.slice(first), ...variants.slice(0, first)];
}
