/** Recognises text that looks like a token. Settings refuse it in place of a name, and no log shows it. Imports nothing. */

/**
 * Base64 of a JSON object anywhere in a text. After its brace comes a quote or white space, so its second character is
 * `w`, `y` or `6`. Its length is bounded to keep long texts cheap.
 */
const BASE64_OBJECT = /(?=(e[wy6][\w+/-]{5,60}))/g;
/** A JSON object that begins with a member's name: `{"alg":`, `{"credential":`. */
const OPENS_OBJECT = /^\{\s*"[\w-]+"\s*:/;
/** A token whose header is the empty object, which `OPENS_OBJECT` does not recognise. */
const EMPTY_HEADER = /(?<![\w-])e30\.[\w-]+\./;
/** Base64 of a text that itself begins like base64 of a JSON object. */
const ENCODED_TWICE = /(?=(ZX[l-n][\w+/-]{9,120}))/g;

/**
 * Whether the text contains a JSON Web Token, or a token's header: bare, quoted, in JSON, in a URL, in an ARN,
 * percent-encoded, or encoded in base64 a second time.
 */
export const holdsToken = (text: string): boolean =>
  holdsJwt(text) ||
  (text.includes('%') && holdsJwt(unescaped(text))) ||
  [...text.matchAll(ENCODED_TWICE)].some(([, run = '']) => holdsJwt(Buffer.from(run, 'base64').toString('latin1')));

function holdsJwt(text: string): boolean {
  return (
    EMPTY_HEADER.test(text) ||
    [...text.matchAll(BASE64_OBJECT)].some(([, run = '']) =>
      OPENS_OBJECT.test(Buffer.from(run, 'base64').toString('latin1')),
    )
  );
}

function unescaped(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Base64 with its padding, which no name ends with. The lookbehind keeps the work linear: without it, each character would be tried as the first. */
const PADDED = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,}={1,2}$/;
const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;
/** The random end that CloudFormation, CDK and Secrets Manager add to a name, and the hash of eight digits before it. */
const GENERATED_SUFFIX = /-[A-Za-z0-9]{6,13}$/;
const GENERATED_HASH = /[0-9A-F]{8}$/;
/** 128 bits and more in hex. */
const DIGEST = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{32,}$/i;

/** Whether a part of a path-like name is a random key or a digest, which no person chose. */
export const looksOpaque = (name: string): boolean =>
  PADDED.test(name) ||
  name.split(/[/:]/).some(part => {
    const made = part.replace(UUID, '').replace(GENERATED_SUFFIX, '').replace(GENERATED_HASH, '');
    return words(part).some(word => DIGEST.test(word)) || (made.replace(/\D/g, '').length > 2 && isRandom(made, 20));
  });

function words(text: string): readonly string[] {
  return text.split(/[^A-Za-z0-9]/);
}

/** Random text changes between capitals, small letters and digits at nearly every second character, words rarely do. */
function isRandom(text: string, min: number): boolean {
  const characters = text.replace(/[^A-Za-z0-9]/g, '');
  const changes = [...characters.matchAll(/[A-Z]+|[a-z]+|\d+/g)].length - 1;
  return characters.length >= min && changes / characters.length > 0.45;
}

const HIDDEN = '[redacted]';

/** A client's header or parameter name as a log may show it: unchanged if it consists of plain words, else `[redacted]`. */
export const shownName = (name: string): string => (isPlain(unescaped(name)) ? name : HIDDEN);

const MAX_NAME_LENGTH = 64;
/** A token's header in lower case. HTTP lower-cases names on the way, after which a token can no longer be decoded. */
const LOWERED_HEADER = /eyj[a-z0-9]{5}/i;
const PLAIN_WORD = /^(?=.{0,24}$)[A-Za-z]{0,20}\d{0,4}[A-Za-z]{0,20}\d{0,4}$/;

function isPlain(name: string): boolean {
  return (
    name !== '' &&
    name.length <= MAX_NAME_LENGTH &&
    !holdsToken(name) &&
    !LOWERED_HEADER.test(name) &&
    !UUID.test(name) &&
    !isRandom(name, 16) &&
    words(name).every(word => PLAIN_WORD.test(word) && !isRandom(word, 12))
  );
}
