/** Reads `WWW-Authenticate`: which challenges can be passed on, and whether one asks for a stronger login (RFC 9470). */
import { type HeaderLine, headerValues } from '../domain/request.ts';

/**
 * One `name=value` of a challenge. A quoted value is matched whole, so that nothing inside it is read as a parameter.
 * The lookbehind keeps the work linear: without it, a long run of letters would be tried again from each letter.
 */
const PARAMETER = /(?<![!#$%&'*+\-.^_`|~\w])[!#$%&'*+\-.^_`|~\w]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",]+)/g;

/** A parameter that asks for a stronger login. */
const STEP_UP = /^(?:(?:acr_values|max_age)\s*=|error\s*=\s*"?insufficient_user_authentication"?$)/i;

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/** A denial's challenges in one line, without those that are not printable ASCII; undefined if none is left. */
export const challengeOf = (headers: readonly HeaderLine[]): string | undefined =>
  challengesIn(headers)
    .filter(challenge => PRINTABLE_ASCII.test(challenge))
    .join(', ') || undefined;

function challengesIn(headers: readonly HeaderLine[]): readonly string[] {
  return headerValues(headers, 'www-authenticate');
}

/** Whether a challenge has the error `insufficient_user_authentication`, or the parameter `acr_values` or `max_age`: RFC 9470. */
export const asksForStepUp = (challenge: string): boolean =>
  challenge.matchAll(PARAMETER).some(([parameter]) => STEP_UP.test(parameter));

/** Whether any challenge asks for a stronger login. A challenge that cannot be passed on counts too. */
export const stepUpAsked = (headers: readonly HeaderLine[]): boolean =>
  challengesIn(headers).some(challenge => !/\p{Cc}/u.test(challenge) && asksForStepUp(challenge));
