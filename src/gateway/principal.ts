/** The principal for access logs: the `sub` of the bearer token. PingOne has verified the token; here it is only read. */
import { own } from '../domain/json.ts';
import { claimsIn } from '../domain/jwt-claims.ts';
import { type AccessRequest, headerValues } from '../domain/request.ts';

/** The principal if the request has no bearer token with a usable subject, or more than one Authorization header. */
export const NO_PRINCIPAL = 'pingone';

const BEARER = /^Bearer +[\w.-]+$/i;
/** One printable line without the characters that JSON, HTML and SQL give a meaning to: access logs paste it unescaped. */
const HARMLESS = /^(?!.*["'\\<\u2028\u2029])\P{C}{1,256}$/u;

/** The subject of the bearer JWT in the request's only Authorization header, or else `pingone`. Never throws. */
export const principalOf = (request: AccessRequest): string => {
  // Several headers joined with commas are no bearer token.
  const authorization = headerValues(request.headers, 'authorization').join(', ');
  const claims = BEARER.test(authorization) ? claimsIn(authorization)[0] : undefined;
  const subject = claims === undefined ? undefined : own(claims, 'sub');
  return typeof subject === 'string' && HARMLESS.test(subject) ? subject : NO_PRINCIPAL;
};
