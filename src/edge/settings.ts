/** The settings that are baked into an edge function's package -> configuration, or every problem in them at once. */

import type { LoadedConfig } from '../config/groups.ts';
import { loadConfig } from '../config/load.ts';
import { meantBy } from '../config/misnamed.ts';
import { flag, oneOf, type Parser, Problem } from '../config/parsers.ts';
import { ROWS } from '../config/rows.ts';
import { holdsToken, looksOpaque } from '../domain/token-shape.ts';
import type { BodySettings } from './body.ts';

/** Setting name -> its text. */
export type BakedSettings = Readonly<Record<string, string>>;

export interface EdgeConfig {
  readonly config: LoadedConfig;
  readonly body: BodySettings;
}

interface EdgeRow<T> {
  readonly byDefault: string;
  readonly meaning: string;
  readonly parse: Parser<T>;
}

const matching =
  (pattern: RegExp, wanted: string): Parser<string> =>
  text => {
    if (!pattern.test(text)) throw new Problem(`must be ${wanted}`);
    return text;
  };

/** What an edge function has settings for and an authorizer of API Gateway's has not. */
export const EDGE_ROWS = {
  PINGONE_CREDENTIAL_REGION: {
    byDefault: '',
    meaning: 'The region of the secret or parameter. May be left out where its ARN is given, which holds it.',
    parse: matching(/^(?:|[a-z]{2}(?:-[a-z]+)+-\d)$/, 'a region such as "eu-west-1"'),
  },
  SEND_BODY: {
    byDefault: 'false',
    meaning: 'Send the request body to PingOne. Needs Include Body in the CloudFront association.',
    parse: flag,
  },
  ON_INCOMPLETE_BODY: {
    byDefault: 'deny',
    meaning:
      'A body that CloudFront does not show whole (above 40 KB, or Include Body is off) or that is not UTF-8 text: `deny` refuses with 400, `omit` asks PingOne without it.',
    parse: oneOf('deny', 'omit'),
  },
  FUNCTION_NAME: {
    byDefault: 'aws-lambda-edge',
    meaning: 'The dimension FunctionName of the metrics.',
    parse: matching(/^[\w-]{1,64}$/, '1 to 64 letters, digits, "-" and "_"'),
  },
} as const satisfies Readonly<Record<string, EdgeRow<unknown>>>;

const API_GATEWAYS = 'shapes answers to API Gateway and has no meaning at the edge: leave it out';
const NO_CACHE = 'is not offered at the edge, where permits change each request: leave it out';

/** Rows of the authorizer's that an edge function must not have, and why. */
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
};

const DEFAULT_DEADLINE_MS = '4000';
/** CloudFront ends a viewer-request function after 5 s. */
const LONGEST_DEADLINE_MS = 4800;
const ARN_REGION = /^arn:aws[a-z-]*:(?:secretsmanager|ssm):(?<region>[a-z0-9-]+):/;

/** Rows that name what holds the credential: their own parsers refuse a token, but a random key may be a name as well. */
const REFERENCES: ReadonlySet<string> = new Set([
  'PINGONE_GATEWAY_CREDENTIAL_SECRET',
  'PINGONE_GATEWAY_CREDENTIAL_PARAMETER',
]);

/** Whether a value is, or holds, a credential: pasted where its name belongs, it would be in the package after all. */
const holdsCredential = (name: string, value: string): boolean =>
  REFERENCES.has(name) ? !holdsToken(value) && looksOpaque(value) : holdsToken(value);

const SETTINGS: readonly string[] = [...Object.keys(ROWS), ...Object.keys(EDGE_ROWS)].filter(
  name => !Object.hasOwn(NOT_AT_THE_EDGE, name),
);

const problemOf = ([name, value]: readonly [string, string]): string | undefined => {
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

const regionOf = (id: string, set: string, problems: string[]): string => {
  const inArn = ARN_REGION.exec(id)?.groups?.['region'];
  if (inArn !== undefined && set !== '' && inArn !== set) {
    problems.push('PINGONE_CREDENTIAL_REGION contradicts the region in the ARN: leave it out.');
  }
  const region = inArn ?? set;
  if (region === '' && id !== '') {
    problems.push(
      'PINGONE_CREDENTIAL_REGION is required: an edge function runs in many regions, its secret is in one.',
    );
  }
  return region;
};

/** Loads what is baked; never throws for what it holds. */
export const loadEdgeConfig = (baked: BakedSettings): EdgeConfig => {
  const problems = Object.entries(baked).flatMap(setting => problemOf(setting) ?? []);
  const text = (name: string): string | undefined =>
    (Object.hasOwn(baked, name) ? baked[name] : undefined) || undefined;
  const parsed = <T>(name: string, { parse, byDefault }: EdgeRow<T>): T => {
    try {
      return parse(text(name) ?? byDefault);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      problems.push(`${name} ${problem.message}.`);
      return parse(byDefault);
    }
  };
  const set = parsed('PINGONE_CREDENTIAL_REGION', EDGE_ROWS.PINGONE_CREDENTIAL_REGION);
  const body = Object.freeze({
    sendBody: parsed('SEND_BODY', EDGE_ROWS.SEND_BODY),
    onIncompleteBody: parsed('ON_INCOMPLETE_BODY', EDGE_ROWS.ON_INCOMPLETE_BODY),
  });
  const config = loadConfig({
    AUTHORIZER_DEADLINE_MS: DEFAULT_DEADLINE_MS,
    ...Object.fromEntries(Object.entries(baked).filter(([name, value]) => Object.hasOwn(ROWS, name) && value !== '')),
    AWS_LAMBDA_FUNCTION_NAME: parsed('FUNCTION_NAME', EDGE_ROWS.FUNCTION_NAME),
  });
  if (Number(text('AUTHORIZER_DEADLINE_MS')) > LONGEST_DEADLINE_MS) {
    problems.push(
      `AUTHORIZER_DEADLINE_MS must be at most ${LONGEST_DEADLINE_MS}: CloudFront ends the function after 5 s.`,
    );
  }
  const id = text('PINGONE_GATEWAY_CREDENTIAL_SECRET') ?? text('PINGONE_GATEWAY_CREDENTIAL_PARAMETER') ?? '';
  const region = regionOf(id, set || text('PINGONE_CREDENTIAL_REGION') || '', problems);
  const all = config.valid ? problems : [...config.problems, ...problems];
  if (all.length > 0) return { config: Object.freeze({ ...config, valid: false, problems: Object.freeze(all) }), body };
  if (!config.valid || config.credential.store === 'environment') return { config, body };
  return { config: Object.freeze({ ...config, credential: Object.freeze({ ...config.credential, region }) }), body };
};
