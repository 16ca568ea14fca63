/** Reads a WWW-Authenticate challenge: is it safe to carry, and does it ask for a stronger login (RFC 9470)? */
import { type HeaderLine, headerValues } from '../domain/request.ts';

/**
 * One `name=value` of a challenge; a quoted value is taken whole, so that nothing inside it is read as a parameter.
 * A name begins where no token goes before it: without that, a long run of letters would be tried from each of them.
 */
const PARAMETER =
  /(?<![!#$%&'*+\-.^_`|~\w])(?<name>[!#$%&'*+\-.^_`|~\w]+)\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<token>[^\s",]+))/g;

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

const lines = (headers: readonly HeaderLine[]): readonly string[] => headerValues(headers, 'www-authenticate');

/** The challenges of a denial joined to one line, without those that hold CR, LF or worse; undefined where none is left. */
export const challengeOf = (headers: readonly HeaderLine[]): string | undefined =>
  lines(headers)
    .filter(line => PRINTABLE_ASCII.test(line))
    .join(', ') || undefined;

/** RFC 9470: the error `insufficient_user_authentication`, or `acr_values` or `max_age` among the parameters. */
export const asksForStepUp = (challenge: string): boolean =>
  challenge.matchAll(PARAMETER).some(({ groups }) => {
    const name = groups?.['name']?.toLowerCase();
    const value = groups?.['quoted'] ?? groups?.['token'];
    return (
      name === 'acr_values' ||
      name === 'max_age' ||
      (name === 'error' && value?.toLowerCase() === 'insufficient_user_authentication')
    );
  });

/** Whether any challenge asks for a stronger login, also one that cannot be carried. */
export const stepUpAsked = (headers: readonly HeaderLine[]): boolean =>
  lines(headers).some(line => !/\p{Cc}/u.test(line) && asksForStepUp(line));
