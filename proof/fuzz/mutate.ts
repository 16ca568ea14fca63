/** Mutations of a JSON value: of its structure, and of the texts in it, which may hold JSON themselves. */
import { jsonOf, membersOf } from '../../src/domain/json.ts';
import { wholeNumber } from '../simulation/chance.ts';
import { mutatedText, picked, type Source } from './mutate-text.ts';
import { NAMES, VALUES } from './words.ts';

export interface Pool {
  readonly random: () => number;
  readonly words: readonly string[];
  /** Another input, whose parts may be put into this one. */
  readonly other: () => unknown;
}

/** An input with one to five mutations. */
export const mutated = (input: unknown, pool: Pool): unknown => {
  let value = input;
  do value = mutatedOnce(value, pool);
  while (pool.random() < 0.45);
  return value;
};

/** Mutates at one place, every place being as likely; a long text has many. */
function mutatedOnce(value: unknown, pool: Pool): unknown {
  return at(value, wholeNumber(pool.random, 0, placesIn(value) - 1), pool);
}

/** The number of values in a value, itself included. A text counts as one for every 32 characters, and at most as ten. */
function placesIn(value: unknown): number {
  if (typeof value === 'string') return 1 + Math.min(9, value.length >> 5);
  if (typeof value !== 'object' || value === null) return 1;
  let places = 1;
  for (const part of Object.values(value)) places += placesIn(part);
  return places;
}

/** Walks to a place, counted depth first, and mutates what is there. */
function at(value: unknown, place: number, pool: Pool): unknown {
  if (place === 0 || typeof value !== 'object' || value === null) return changed(value, pool);
  let left = place - 1;
  const entries = entriesOf(value).map(([name, part]) => {
    const places = placesIn(part);
    const here = left >= 0 && left < places;
    const next = here ? at(part, left, pool) : part;
    left -= places;
    return [name, next] as const;
  });
  return rebuilt(value, entries);
}

type Entries = readonly (readonly [name: string, value: unknown])[];

function entriesOf(value: unknown): Entries {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** `fromEntries` makes a member of its own even of `__proto__`. */
function rebuilt(like: unknown, entries: Entries): unknown {
  return Array.isArray(like) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
}

function changed(value: unknown, pool: Pool): unknown {
  const { random, words } = pool;
  if (typeof value === 'string') return random() < 0.9 ? changedText(value, pool) : replacement(value, pool);
  if (typeof value !== 'object' || value === null || random() < 0.15) return replacement(value, pool);
  const entries = entriesOf(value);
  const chosen = wholeNumber(random, 0, Math.max(0, entries.length - 1));
  const [name, part] = entries[chosen] ?? [picked(words, random), ''];
  const others = entries.filter((_, index) => index !== chosen);
  const renamed = picked([picked(words, random), picked(NAMES, random), name.toUpperCase(), `${name} `], random);
  return picked(
    [
      () => rebuilt(value, others),
      () => rebuilt(value, [...entries, [renamed, part]]),
      () => rebuilt(value, [...others, [renamed, part]]),
      () => rebuilt(value, [[name, part], ...others]),
      () => rebuilt(value, [...entries, [renamed, replacement(part, pool)]]),
      () => rebuilt(value, [...entries, ...partsOfOther(name, pool)]),
      () => Array.from({ length: wholeNumber(random, 2, 60) }, () => part),
    ],
    random,
  )();
}

/** Something else in the place of a value: of another type, from another input, or one that often goes wrong. */
function replacement(value: unknown, pool: Pool): unknown {
  const { random, words } = pool;
  return picked<() => unknown>(
    [
      () => picked(VALUES, random),
      () => picked(VALUES, random),
      () => picked(words, random),
      () => [value],
      () => ({ [picked(words, random)]: value }),
      () => (typeof value === 'string' ? Number(value) || 0 : JSON.stringify(value)),
      () => [value, value],
      () => (typeof value === 'number' ? value + picked([1, -1, 0.5, 1e9], random) : value),
      () => anyPartOf(pool.other(), random),
    ],
    random,
  )();
}

/** Members of another input under the same name, or any of them. */
function partsOfOther(name: string, { random, other }: Pool): Entries {
  const found = wholesOf(other()).flatMap(entriesOf);
  const same = found.filter(([candidate]) => candidate === name);
  const from = same.length > 0 ? same : found;
  return from.length === 0 ? [] : [picked(from, random)];
}

function anyPartOf(value: unknown, random: () => number): unknown {
  return picked(wholesOf(value), random);
}

/** A value and all values in it. */
function wholesOf(value: unknown): readonly unknown[] {
  return [value, ...entriesOf(value).flatMap(([, part]) => wholesOf(part))];
}

/** JSON in a text is mutated as JSON half of the time. */
function changedText(text: string, pool: Pool): string {
  const inside = /^\s*[[{]/.test(text) && pool.random() < 0.6 ? jsonOf(text) : undefined;
  if (inside !== undefined) return JSON.stringify(mutated(inside, { ...pool, other: () => insideOf(pool.other()) }));
  const source: Source = {
    random: pool.random,
    words: pool.words,
    other: () => {
      const texts = wholesOf(pool.other()).filter(part => typeof part === 'string');
      return texts.length === 0 ? '' : picked(texts, pool.random);
    },
  };
  return mutatedText(text, source);
}

/** The first JSON object in the texts of an input. */
function insideOf(input: unknown): unknown {
  const found = wholesOf(input).find(part => typeof part === 'string' && /^\s*\{/.test(part));
  return typeof found === 'string' ? (membersOf(jsonOf(found)) ?? {}) : {};
}
