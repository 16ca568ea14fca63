/** Applies a policy to one request: who may pass with which headers, who is challenged, who is denied and why. */
import type { ApiService, Operation, Policy, StepUp } from './policy.ts';
import { type Claims, readBearer, rolesOf, scopesOf } from './token.ts';

export type Verdict =
  | { readonly kind: 'permit'; readonly rule: string; readonly setHeaders: Readonly<Record<string, string>> }
  | {
      readonly kind: 'respond';
      readonly rule: string;
      readonly status: number;
      readonly challenge?: string;
      readonly code?: string;
      readonly message?: string;
    };

export type Question = {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly nowSeconds: number;
};

/** The path below the longest base path that fits, `/` for the base path itself. */
const below = (service: ApiService, path: string): { readonly base: string; readonly rest: string } | undefined => {
  const base = service.basePaths
    .filter(candidate => path === candidate || path.startsWith(`${candidate.replace(/\/$/, '')}/`))
    .toSorted((a, b) => b.length - a.length)[0];
  return base === undefined ? undefined : { base, rest: path.slice(base.replace(/\/$/, '').length) || '/' };
};

const pathFits = (pattern: string, path: string): boolean => {
  const source = pattern.replaceAll(/\*\*|\*|[^*]+/g, part => {
    if (part === '**') return '.*';
    return part === '*' ? '[^/]+' : part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&');
  });
  return new RegExp(`^${source}$`).test(path);
};

const serviceFor = (
  policy: Policy,
  path: string,
): { readonly service: ApiService; readonly rest: string } | undefined =>
  policy.services
    .flatMap(service => {
      const found = below(service, path);
      return found === undefined ? [] : [{ service, ...found }];
    })
    .toSorted((a, b) => b.base.length - a.base.length)[0];

const steppedUp = ({ acrValues, maxAgeSeconds }: StepUp, claims: Claims, nowSeconds: number): boolean => {
  const { acr, auth_time: authTime } = claims;
  const strong = typeof acr === 'string' && acrValues.includes(acr);
  return strong && typeof authTime === 'number' && nowSeconds - authTime <= maxAgeSeconds;
};

const allowed = (operation: Operation, claims: Claims): boolean => {
  const scopes = scopesOf(claims);
  const roles = rolesOf(claims);
  const inRole = operation.roles.length === 0 || operation.roles.some(role => roles.includes(role));
  return operation.scopes.every(scope => scopes.includes(scope)) && inRole;
};

/** `{claim}` in a header value; a claim that is missing leaves nothing. */
const fill = (template: string, claims: Claims): string =>
  template.replaceAll(/\{(\w+)\}/g, (_whole, claim: string) => {
    const value = Object.hasOwn(claims, claim) ? claims[claim] : '';
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  });

export const decide = (policy: Policy, { method, path, authorization, nowSeconds }: Question): Verdict => {
  const found = serviceFor(policy, path);
  if (found === undefined) return { kind: 'respond', rule: 'no API service defines policy for the URL', status: 404 };
  const bearer = `Bearer realm="${policy.realm}"`;
  const claims = readBearer(authorization, nowSeconds);
  if (claims === undefined) {
    const challenge = `${bearer}, error="invalid_token"`;
    return { kind: 'respond', rule: 'a valid token is required', status: 401, challenge };
  }
  const operation = found.service.operations.find(
    candidate => candidate.methods.includes(method) && pathFits(candidate.path, found.rest),
  );
  if (operation === undefined) {
    const [code, message] = ['ACCESS_FAILED', `${method} is no operation of ${found.service.name} at this path.`];
    return { kind: 'respond', rule: `${found.service.name}: no operation`, status: 403, code, message };
  }
  const rule = `${found.service.name}: ${operation.name}`;
  if (!allowed(operation, claims)) return { kind: 'respond', rule, ...operation.denied };
  const { stepUp } = operation;
  if (stepUp !== undefined && !steppedUp(stepUp, claims, nowSeconds)) {
    const wanted = `acr_values="${stepUp.acrValues.join(' ')}", max_age="${stepUp.maxAgeSeconds}"`;
    const challenge = `${bearer}, error="insufficient_user_authentication", ${wanted}`;
    const message = 'A fresh sign-in with a second factor is needed.';
    return { kind: 'respond', rule, status: 401, challenge, code: 'STEP_UP_REQUIRED', message };
  }
  const headers = Object.entries(operation.setHeaders).map(([name, value]) => [name, fill(value, claims)]);
  return { kind: 'permit', rule, setHeaders: Object.fromEntries(headers) };
};
