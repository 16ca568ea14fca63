/** Mutations of a text: of its characters, of words of the protocol in it, and of JSON inside it. */
import { wholeNumber } from '../simulation/chance.ts';
import { CHARACTERS } from './words.ts';

export interface Source {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly words: readonly string[];
  /** A text of another input. */
  readonly other: () => string;
}

/** Lengths of texts that are made long on purpose; work that grows with the square needs seconds for the last. */
const LONG = [300, 1100, 2100, 8200, 20_000, 45_000];
/** Of 100 mutations, how many make a text long. They are slow, and one of them is enough. */
const LONG_PERCENT = 1;

/** One mutation. It may give the same text again. */
export const mutatedText = (text: string, source: Source): string => {
  const { random } = source;
  if (random() * 100 < LONG_PERCENT) return lengthened(text, source);
  const mutate = picked(MUTATIONS, random);
  return mutate(text, source);
};

/** One of a list's items. */
export function picked<T>(items: readonly T[], random: () => number): T {
  const item = items[wholeNumber(random, 0, items.length - 1)];
  if (item === undefined) throw new RangeError('there is nothing to pick');
  return item;
}

type Mutation = (text: string, source: Source) => string;

const MUTATIONS: readonly Mutation[] = [
  (text, { random }) => inserted(text, picked(CHARACTERS, random), random),
  (text, { random, words }) => inserted(text, picked(words, random), random),
  (text, { random, words }) => replaced(text, picked(words, random), random),
  (text, { random }) => replaced(text, picked(CHARACTERS, random), random),
  (text, { random }) => replaced(text, '', random),
  (text, { random }) => replaced(text, String.fromCharCode(wholeNumber(random, 0, 0xff)), random),
  (text, { random }) => inserted(text, sliceOf(text, random), random),
  (text, { random }) => text.slice(0, wholeNumber(random, 0, text.length)),
  (text, { random, other }) => inserted(text, sliceOf(other(), random), random),
  (text, { random, other }) =>
    text.slice(0, wholeNumber(random, 0, text.length)) + other().slice(wholeNumber(random, 0, text.length)),
  (_, { other }) => other(),
  (_, { random, words }) => picked(words, random),
  (text, { random }) => (random() < 0.5 ? text.toUpperCase() : text.toLowerCase()),
  (text, { random }) => changedAt(text, wholeNumber(random, 0, text.length), withOtherCase),
  (text, { random }) => changedAt(text, wholeNumber(random, 0, text.length), escaped),
  text => text.replace(/%[0-9a-f]{2}/i, escaped => String.fromCharCode(Number.parseInt(escaped.slice(1), 16))),
  (text, { random }) => withNumber(text, random),
  (text, { random }) => withSecondMember(text, random),
];

function inserted(text: string, piece: string, random: () => number): string {
  const at = wholeNumber(random, 0, text.length);
  return text.slice(0, at) + piece + text.slice(at);
}

/** A piece in the place of one to eight characters. */
function replaced(text: string, piece: string, random: () => number): string {
  const at = wholeNumber(random, 0, Math.max(0, text.length - 1));
  return text.slice(0, at) + piece + text.slice(at + wholeNumber(random, 1, 8));
}

function sliceOf(text: string, random: () => number): string {
  const at = wholeNumber(random, 0, text.length);
  return text.slice(at, at + wholeNumber(random, 1, 40));
}

/** Repeats a short piece, as work that grows with the square needs it. */
function lengthened(text: string, source: Source): string {
  const { random, words } = source;
  const piece = picked(
    [
      sliceOf(text, random),
      picked(CHARACTERS, random),
      picked(words, random),
      picked(['a', '0', ' ', 'a=', '"\\'], random),
    ],
    random,
  );
  const long = piece.repeat(Math.ceil(picked(LONG, random) / Math.max(1, piece.length)));
  return inserted(text, long, random);
}

/** Another character in the place of the first letter from there on; half of all characters of a URL or of JSON are none. */
function changedAt(text: string, from: number, change: (letter: string) => string): string {
  return text.slice(0, from) + text.slice(from).replace(/[a-z]/i, change);
}

function withOtherCase(letter: string): string {
  return letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
}

function escaped(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16)}`;
}

function withNumber(text: string, random: () => number): string {
  const number = picked(
    ['0', '-1', '1', '00', '1e3', '99999', '0x10', '١', String(wholeNumber(random, 0, 70_000))],
    random,
  );
  return /\d/.test(text) ? text.replace(/\d+/, number) : text + number;
}

/** A member twice, which no mutation of a parsed object can write. */
function withSecondMember(text: string, random: () => number): string {
  const members = [...text.matchAll(/"[^"\\]{1,40}"\s*:\s*(?:"[^"]*"|null|\d+)/g)];
  if (members.length === 0) return text;
  return text.replace(random() < 0.5 ? /^\s*\{/ : /\}\s*$/, brace =>
    brace.includes('{') ? `{${picked(members, random)[0]},` : `,${picked(members, random)[0]}}`,
  );
}
