/** Reads a WWW-Authenticate challenge: is it safe to carry, and does it ask for a stronger login (RFC 9470)? */
import { type HeaderLine, headerValues } from '../request.ts';

/** One `name=value` of a challenge; a quoted value is taken whole, so that nothing inside it is read as a parameter. */
const PARAMETER = /(?<name>[!#$%&'*+\-.^_`|~\w]+)\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<token>[^\s",]+))/g;

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/** The challenges of a denial joined to one line; undefined where there is none or one holds CR, LF or worse. */
export const challengeOf = (headers: readonly HeaderLine[]): string | undefined => {
  const value = headerValues(headers, 'www-authenticate').join(', ');
  return PRINTABLE_ASCII.test(value) ? value : undefined;
};

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
