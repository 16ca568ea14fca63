/** Whose request was permitted: the `sub` of the bearer token, for access logs; PingOne verified it, we only read it. */
import { type AccessRequest, headerValues } from '../request.ts';

/** What a policy names where there is no one token with a subject. */
export const NO_PRINCIPAL = 'pingone';

const BEARER_JWT = /^Bearer +[\w-]+\.(?<claims>[\w-]+)\.[\w-]*$/i;
const PRINTABLE = /^\P{C}{1,256}$/u;

const subjectOf = (claims: string): unknown => {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
    return typeof parsed === 'object' && parsed !== null && 'sub' in parsed ? parsed.sub : undefined;
  } catch {
    return undefined;
  }
};

/** The subject of the request's only Authorization header where that is a bearer JWT, else `pingone`. Never throws. */
export const principalOf = (request: AccessRequest): string => {
  const [authorization, ...more] = headerValues(request.headers, 'authorization');
  const claims = more.length > 0 ? undefined : BEARER_JWT.exec(authorization ?? '')?.groups?.['claims'];
  const subject = claims === undefined ? undefined : subjectOf(claims);
  return typeof subject === 'string' && PRINTABLE.test(subject) ? subject : NO_PRINCIPAL;
};
