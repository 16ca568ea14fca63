/** What looks like a token: such text is refused where a name belongs, and shown by no log. Imports nothing. */

/** Base64 of a JSON object, from anywhere in a text; its first byte is a brace. Bounded, so that long texts stay cheap. */
const BASE64_OBJECT = /(?=(e[w-z0-9][\w+/-]{5,60}))/g;
/** A member's name opens the object: `{"alg":`, `{"credential":`. */
const OPENS_OBJECT = /^\{\s*"[\w-]+"\s*:/;
/** A token whose header is the empty object, which has no member to know it by. */
const EMPTY_HEADER = /(?<![\w-])e30\.[\w-]+\.[\w-]*/;
/** Base64 of what itself starts like base64 of a JSON object. */
const ENCODED_TWICE = /(?=(ZX[l-n][\w+/-]{9,120}))/g;

/**
 * Whether a JSON Web Token, or its header, stands anywhere in the text: bare, quoted, in JSON, in a URL, in an ARN,
 * percent-encoded or in base64 once more.
 */
export const holdsToken = (text: string): boolean =>
  holdsJwt(text) ||
  holdsJwt(unescaped(text)) ||
  [...text.matchAll(ENCODED_TWICE)].some(([, run = '']) => holdsJwt(Buffer.from(run, 'base64').toString('latin1')));

/** Whether a part of a path-like name is one that no person made up: a random key, a digest. */
export const looksOpaque = (name: string): boolean =>
  PADDED.test(name) ||
  name.split(/[/:]/).some(part => {
    const made = part.replace(UUID, '').replace(GENERATED_SUFFIX, '').replace(GENERATED_HASH, '');
    return words(part).some(word => DIGEST.test(word)) || ((made.match(/\d/g) ?? []).length > 2 && isRandom(made, 20));
  });

/** A client's name for a header or parameter as a log may show it: itself where it is made of plain words. */
export const shownName = (name: string): string => (isPlain(unescaped(name)) ? name : HIDDEN);

const HIDDEN = '[redacted]';
const LONGEST_NAME = 64;
const PLAIN_WORD = /^(?=.{0,24}$)[A-Za-z]{0,20}\d{0,4}[A-Za-z]{0,20}\d{0,4}$/;

/** A token's header in a name that was lower-cased on its way, as HTTP does: it can no longer be decoded. */
const LOWERED_HEADER = /eyj[a-z0-9]{5}/i;

const isPlain = (name: string): boolean =>
  name !== '' &&
  name.length <= LONGEST_NAME &&
  !holdsToken(name) &&
  !LOWERED_HEADER.test(name) &&
  !UUID.test(name) &&
  !isRandom(name, 16) &&
  words(name).every(word => PLAIN_WORD.test(word) && !isRandom(word, 12));

/** The end of base64, which no name has. */
const PADDED = /[A-Za-z0-9+/_-]{20,}={1,2}$/;
const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;
/** 128 bits and more in hex. */
const DIGEST = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{32,}$/i;
/** What CloudFormation, CDK and Secrets Manager add to a name: a random end, and before it a hash of eight digits. */
const GENERATED_SUFFIX = /-[A-Za-z0-9]{6,13}$/;
const GENERATED_HASH = /[0-9A-F]{8}$/;

const words = (text: string): readonly string[] => text.split(/[^A-Za-z0-9]+/);

const classOf = (character: string): number => (character <= '9' ? 0 : character <= 'Z' ? 1 : 2);

/** Words change rarely between capitals, small letters and digits; random text does at nearly every second character. */
const isRandom = (text: string, min: number): boolean => {
  const characters = text.replace(/[^A-Za-z0-9]+/g, '');
  let changes = 0;
  for (let at = 1; at < characters.length; at += 1) {
    if (classOf(characters.charAt(at)) !== classOf(characters.charAt(at - 1))) changes += 1;
  }
  return characters.length >= min && changes / characters.length > 0.45;
};

const holdsJwt = (text: string): boolean =>
  EMPTY_HEADER.test(text) ||
  [...text.matchAll(BASE64_OBJECT)].some(([, run = '']) =>
    OPENS_OBJECT.test(Buffer.from(run, 'base64').toString('latin1')),
  );

const unescaped = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
