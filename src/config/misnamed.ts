/** Finds variables that are probably misspelt settings of ours: `BREAKER_RESET` for `BREAKER_RESET_MS`. */

/** One sentence for each variable that is probably a misspelt setting. It never holds a value. */
export const misnamed = (
  environment: Readonly<Record<string, string | undefined>>,
  settings: readonly string[],
): readonly string[] =>
  Object.keys(environment).flatMap(variable => {
    if (!environment[variable] || settings.includes(variable)) return [];
    const meant = meantBy(variable, settings);
    return meant === undefined ? [] : [`${variable} is no setting and has no effect: did you mean ${meant}?`];
  });

/** The setting that an unknown variable was probably meant to be; undefined if it probably belongs to other software. */
export const meantBy = (variable: string, settings: readonly string[]): string | undefined => {
  const typed = variable.toUpperCase();
  const family = isFamily(typed, settings);
  return settings
    .filter(name => family || mayBeNear(typed, name))
    .map(name => ({ name, slips: distance(typed, name) }))
    .filter(({ name, slips }) => family || slips <= name.length / 3)
    .toSorted((one, other) => one.slips - other.slips)[0]?.name;
};

/** First words that the variables of other software begin with too. One of them alone proves nothing. */
const COMMON_WORD = /^(?:DEBUG|FAIL|FORWARD|LOG|ON|RESPONSE|TOKEN)_/;

/** Whether a variable begins like one of our settings: with its first word, or with its first two if the first is common. */
function isFamily(typed: string, settings: readonly string[]): boolean {
  const words = typed.split('_');
  const beginning = words.slice(0, COMMON_WORD.test(typed) ? 2 : 1).join('_');
  return words.length > 1 && settings.some(name => `${name}_`.startsWith(`${beginning}_`));
}

/** Skips most comparisons, to keep cold starts short. A slip seldom changes the first two letters or much of the length. */
function mayBeNear(typed: string, name: string): boolean {
  return typed.startsWith(name.slice(0, 2)) && Math.abs(typed.length - name.length) <= name.length / 3;
}

/** The distance from the typed name to the setting's: 1 for each missing letter, 2 for each letter too many. */
function distance(typed: string, name: string): number {
  const common = commonLength(typed, name);
  return name.length - common + 2 * (typed.length - common);
}

/** The length of the longest common subsequence. */
function commonLength(one: string, other: string): number {
  let before: readonly number[] = [];
  for (const letter of one) {
    const row: number[] = [];
    for (let at = 1; at <= other.length; at += 1) {
      row[at] = letter === other[at - 1] ? (before[at - 1] ?? 0) + 1 : Math.max(before[at] ?? 0, row[at - 1] ?? 0);
    }
    before = row;
  }
  return before[other.length] ?? 0;
}
