/** Settings that must not be in an edge function's package: a credential, what has no meaning there, what is no setting. */
import { meantBy } from '../config/misnamed.ts';
import { ROWS } from '../config/variables.ts';
import { holdsToken, looksOpaque } from '../domain/token-shape.ts';
import { EDGE_ROWS } from './variables.ts';

const API_GATEWAYS = 'shapes answers to API Gateway and has no meaning at the edge: leave it out';
const NO_SHADOW = 'asks after the answer, for which an edge function has no time: leave it out';
const NO_CACHE = 'is not offered at the edge, where permits change each request: leave it out';

/** Rows of the authorizer's table that an edge function must not have, and why. */
export const NOT_AT_THE_EDGE: Readonly<Record<string, string>> = {
  PINGONE_GATEWAY_CREDENTIAL:
    'must not be in a package, which many may read: name a secret (PINGONE_GATEWAY_CREDENTIAL_SECRET) or a parameter (PINGONE_GATEWAY_CREDENTIAL_PARAMETER)',
  FAIL_CLOSED_AS: API_GATEWAYS,
  UNAUTHORIZED_AS: API_GATEWAYS,
  RESPONSE_FORMAT: API_GATEWAYS,
  FORWARD_HEADERS: 'is not needed at the edge, where every header of a permit reaches the origin: leave it out',
  DECISION_CACHE_TTL_MS: NO_CACHE,
  DECISION_CACHE_MAX_ENTRIES: NO_CACHE,
  DECISION_CACHE_KEY: NO_CACHE,
  SHADOW_SERVICE_URL: NO_SHADOW,
  SHADOW_GATEWAY_CREDENTIAL: NO_SHADOW,
  SHADOW_GATEWAY_CREDENTIAL_SECRET: NO_SHADOW,
  SHADOW_GATEWAY_CREDENTIAL_PARAMETER: NO_SHADOW,
  SHADOW_PERCENT: NO_SHADOW,
};

/** What is wrong with a setting's being there, in one sentence without its value; undefined if nothing is. */
export const unfitness = ([name, value]: readonly [string, string]): string | undefined => {
  const reason = Object.hasOwn(NOT_AT_THE_EDGE, name) ? NOT_AT_THE_EDGE[name] : undefined;
  if (reason !== undefined) return `${name} ${reason}.`;
  if (holdsToken(name)) return "A setting's name holds a token: a credential must not be in a package.";
  if (holdsCredential(name, value)) {
    return `${name} holds a token: a credential must not be in a package, name what holds it.`;
  }
  if (name.startsWith('OTEL_')) return `${name} has no effect at the edge, where no spans are exported: leave it out.`;
  if (SETTINGS.includes(name)) return undefined;
  const meant = meantBy(name, SETTINGS);
  return `${name} is no setting: ${meant === undefined ? '' : `did you mean ${meant}? `}docs/edge.md has those that there are.`;
};

const SETTINGS: readonly string[] = [...Object.keys(ROWS), ...Object.keys(EDGE_ROWS)].filter(
  name => !Object.hasOwn(NOT_AT_THE_EDGE, name),
);

/** Rows whose own parsers refuse a token; but a random key may be a name as well. */
const CREDENTIAL_REFERENCES: ReadonlySet<string> = new Set([
  'PINGONE_GATEWAY_CREDENTIAL_SECRET',
  'PINGONE_GATEWAY_CREDENTIAL_PARAMETER',
]);
const SETTINGS_REFERENCES: ReadonlySet<string> = new Set(['SETTINGS_SECRET', 'SETTINGS_PARAMETER']);

/** Whether a value is, or holds, a credential: pasted where its name belongs, it would be in the package after all. */
function holdsCredential(name: string, value: string): boolean {
  if (CREDENTIAL_REFERENCES.has(name)) return !holdsToken(value) && looksOpaque(value);
  return holdsToken(value) || (SETTINGS_REFERENCES.has(name) && looksOpaque(value));
}
