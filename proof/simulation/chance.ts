/** Choices drawn from a world's chance. */

/** Draws one of the choices, each as likely as its weight. */
export const drawn = <T>(random: () => number, choices: readonly (readonly [weight: number, choice: T])[]): T => {
  const sum = choices.reduce((total, [weight]) => total + weight, 0);
  let left = random() * sum;
  for (const [weight, choice] of choices) {
    left -= weight;
    if (left < 0) return choice;
  }
  const [, last] = choices[choices.length - 1] ?? [];
  if (last === undefined) throw new RangeError('there is nothing to draw from');
  return last;
};

/** A whole number from `min` to `max`, both included. */
export const wholeNumber = (random: () => number, min: number, max: number): number =>
  min + Math.floor(random() * (max - min + 1));
