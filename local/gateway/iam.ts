/** IAM policy evaluation as API Gateway applies it to an authorizer's policy: explicit deny, then allow, else implicit deny. */
import { isRecord } from '../loopback.ts';

export type Verdict = 'allow' | 'explicit-deny' | 'implicit-deny';

type Patterns = { readonly patterns: readonly string[]; readonly negated: boolean };

export type Statement = {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Patterns;
  readonly resources: Patterns;
};

const ACTION = 'execute-api:Invoke';
/** The documented limit of a Resource in an authorizer's policy. */
const MAX_RESOURCE_CHARS = 512;

/** `*` and `?` are wildcards; `${*}`, `${?}` and `${$}` are the characters themselves. */
const globPattern = (glob: string, flags = ''): RegExp => {
  const source = glob.replaceAll(/\$\{([*?$])\}|[\s\S]/g, (part, literal: string | undefined) => {
    if (literal !== undefined) return `\\${literal}`;
    if (part === '*') return '[\\s\\S]*';
    if (part === '?') return '[\\s\\S]';
    return part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, `u${flags}`);
};

const strings = (value: unknown): readonly string[] | undefined => {
  const list = Array.isArray(value) ? value : [value];
  return list.every(item => typeof item === 'string') && list.length > 0 ? list : undefined;
};

const patternsOf = (statement: Readonly<Record<string, unknown>>, name: string): Patterns | string => {
  const negated = !(name in statement);
  const patterns = strings(statement[negated ? `Not${name}` : name]);
  return patterns === undefined
    ? `a statement's ${name} is not a string or an array of strings`
    : { patterns, negated };
};

const parseStatement = (value: unknown): Statement | string => {
  if (!isRecord(value)) return 'a statement is not an object';
  const { Effect: effect } = value;
  if (effect !== 'Allow' && effect !== 'Deny') return "a statement's Effect is neither Allow nor Deny";
  const actions = patternsOf(value, 'Action');
  if (typeof actions === 'string') return actions;
  const resources = patternsOf(value, 'Resource');
  if (typeof resources === 'string') return resources;
  if (resources.patterns.some(resource => resource.length > MAX_RESOURCE_CHARS))
    return `a statement's Resource is longer than ${MAX_RESOURCE_CHARS} characters`;
  // An explicit null breaks API Gateway too; real conditions are not evaluated here.
  if ('Condition' in value) return "a statement's Condition is not evaluated by this gateway";
  return { effect, actions, resources };
};

/** The statements, or what is wrong with the document. */
export const parsePolicy = (document: unknown): readonly Statement[] | string => {
  if (!isRecord(document)) return 'policyDocument is not an object';
  const { Statement: statement } = document;
  if (statement === undefined || statement === null) return 'policyDocument has no Statement';
  const statements: Statement[] = [];
  for (const item of Array.isArray(statement) ? statement : [statement]) {
    const parsed = parseStatement(item);
    if (typeof parsed === 'string') return parsed;
    statements.push(parsed);
  }
  return statements;
};

const matches = ({ patterns, negated }: Patterns, value: string, flags: string): boolean =>
  patterns.some(pattern => globPattern(pattern, flags).test(value)) !== negated;

export const evaluate = (statements: readonly Statement[], arn: string): Verdict => {
  const effects = statements
    .filter(({ actions, resources }) => matches(actions, ACTION, 'i') && matches(resources, arn, ''))
    .map(({ effect }) => effect);
  if (effects.includes('Deny')) return 'explicit-deny';
  return effects.includes('Allow') ? 'allow' : 'implicit-deny';
};
