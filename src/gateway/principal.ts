/** Whose request was permitted: the `sub` of the bearer token, for access logs; PingOne verified it, we only read it. */
import { own } from '../domain/json.ts';
import { claimsIn } from '../domain/jwt-claims.ts';
import { type AccessRequest, headerValues } from '../domain/request.ts';

/** What a policy names where there is no one token with a subject. */
export const NO_PRINCIPAL = 'pingone';

const BEARER = /^Bearer +[\w.-]+$/i;
/** Printable, on one line, and of no meaning in the JSON, HTML and SQL that access logs are pasted into. */
const HARMLESS = /^(?!.*["'\\<\u2028\u2029])\P{C}{1,256}$/u;

/** The subject of the request's only Authorization header where that is a bearer JWT, else `pingone`. Never throws. */
export const principalOf = (request: AccessRequest): string => {
  const [authorization = '', ...more] = headerValues(request.headers, 'authorization');
  const [claims] = more.length === 0 && BEARER.test(authorization) ? claimsIn(authorization) : [];
  const subject = claims === undefined ? undefined : own(claims, 'sub');
  return typeof subject === 'string' && HARMLESS.test(subject) ? subject : NO_PRINCIPAL;
};
