/** Makes an input smaller while a condition holds: fewer members, shorter texts. */

/** How often the condition may be asked, and for how long, in ms. */
const MAX_TRIES = 150;
const MAX_MS = 5000;

/**
 * The smallest input that was found.
 * @param holds asked of each smaller candidate.
 */
export const minimised = async (
  input: unknown,
  holds: (candidate: unknown) => Promise<boolean>,
  maxTries = MAX_TRIES,
): Promise<unknown> => {
  let best = input;
  const started = performance.now();
  let tries = 0;
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    for (const candidate of smaller(best)) {
      if (tries >= maxTries || performance.now() - started > MAX_MS) return best;
      tries += 1;
      if (!(await holds(candidate))) continue;
      best = candidate;
      shrunk = true;
      break;
    }
  }
  return best;
};

/** Each value with one part left out, or shortened; the largest steps first. */
function* smaller(value: unknown): Generator<unknown> {
  if (typeof value === 'string') yield* shorter(value);
  if (typeof value !== 'object' || value === null) return;
  const entries = Object.entries(value);
  const rebuilt = (parts: readonly (readonly [string, unknown])[]): unknown =>
    Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
  if (entries.length > 3) {
    yield rebuilt(entries.slice(0, entries.length / 2));
    yield rebuilt(entries.slice(entries.length / 2));
  }
  for (const index of entries.keys()) yield rebuilt(entries.filter((_, other) => other !== index));
  for (const [index, [name, part]] of entries.entries()) {
    for (const next of smaller(part)) yield rebuilt(entries.with(index, [name, next]));
  }
}

function* shorter(text: string): Generator<string> {
  if (text.length < 2) return;
  const half = Math.ceil(text.length / 2);
  yield text.slice(0, half);
  yield text.slice(half);
  const piece = Math.max(1, Math.floor(text.length / 8));
  for (let at = 0; at < text.length; at += piece) yield text.slice(0, at) + text.slice(at + piece);
}
