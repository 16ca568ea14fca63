/** What an authorizer function returned, checked as API Gateway checks it before anybody is let in or kept out. */
import { isRecord } from '../loopback.ts';
import { evaluate, parsePolicy, type Statement, type Verdict } from './iam.ts';

/** `iam`: a policy document; `simple`: `isAuthorized`, HTTP APIs with payload 2.0 only. */
export type ResultFormat = 'iam' | 'simple';

export type AuthorizerContext = Readonly<Record<string, unknown>>;

export type AuthorizerResult = {
  readonly principalId: string;
  readonly decision: { readonly statements: readonly Statement[] } | { readonly isAuthorized: boolean };
  readonly context: AuthorizerContext;
};

export type ResultRules = {
  readonly format: ResultFormat;
  /** REST and WebSocket APIs refuse arrays, objects and null in the context and turn the rest into strings. */
  readonly scalarContext: boolean;
};

const contextOf = (value: unknown, scalarContext: boolean): AuthorizerContext | string => {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) return 'context is not an object';
  if (!scalarContext) return value;
  const stringified: Record<string, string> = {};
  for (const [key, item] of Object.entries(value)) {
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean')
      return `context.${key} is not a string, number or boolean`;
    stringified[key] = String(item);
  }
  return stringified;
};

/** The result, or what makes it a configuration error. */
export const parseAuthorizerResult = (payload: unknown, rules: ResultRules): AuthorizerResult | string => {
  if (!isRecord(payload)) return 'the function did not return an object';
  const context = contextOf(payload['context'], rules.scalarContext);
  if (typeof context === 'string') return context;
  if (rules.format === 'simple') {
    const { isAuthorized } = payload;
    return typeof isAuthorized === 'boolean'
      ? { principalId: '', decision: { isAuthorized }, context }
      : 'isAuthorized is not a boolean';
  }
  const { principalId } = payload;
  if (typeof principalId !== 'string' || principalId === '') return 'principalId is not a string';
  const statements = parsePolicy(payload['policyDocument']);
  return typeof statements === 'string' ? statements : { principalId, decision: { statements }, context };
};

export const verdictOf = ({ decision }: AuthorizerResult, arn: string): Verdict => {
  if ('statements' in decision) return evaluate(decision.statements, arn);
  return decision.isAuthorized ? 'allow' : 'explicit-deny';
};
