/** The credential inside a secret's text, and the fault of one that cannot be had. */
import { isHeaderValue } from '../config/parsers.ts';
import { AuthorizerError } from '../domain/errors.ts';
import { jsonOf, membersOf, own } from '../domain/json.ts';

export const unavailable = (detail: string, cause?: unknown): AuthorizerError =>
  new AuthorizerError('CREDENTIAL_UNAVAILABLE', { detail, cause });

/** The innermost error's name, such as `AccessDeniedException`: messages may hold what they should not. */
export const causeOf = (error: unknown): string => {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause instanceof Error) innermost = innermost.cause;
  if (innermost instanceof AuthorizerError) return innermost.detail ?? innermost.code;
  return innermost instanceof Error ? innermost.name : 'unknown';
};

/**
 * A secret is the credential itself, or a JSON object with the key `credential`; a JWT never starts with a brace.
 * White space and a byte order mark around either, which editors and shells add, do no harm: `trim` takes both.
 */
export const credentialIn = (secret: string): string => {
  const text = secret.trim();
  const value = text.startsWith('{') ? credentialInJson(text) : text;
  if (!isHeaderValue(value)) throw unavailable('the secret cannot be sent in a header');
  return value;
};

/** JSON that begins with a brace is an object. */
function credentialInJson(text: string): string {
  const members = membersOf(jsonOf(text));
  if (members === undefined) throw unavailable('the secret starts like JSON and is none');
  const credential = own(members, 'credential');
  if (typeof credential !== 'string') throw unavailable('the secret is JSON without a string under "credential"');
  return credential.trim();
}
