/** The rules of policy evaluation in API Gateway (docs/events.md#arn, docs/events.md#iam). */
import { describe, expect, it } from 'vitest';
import { evaluate, parsePolicy, type Verdict } from '../../../../local/gateway/iam.ts';

const ARN = 'arn:aws:execute-api:us-east-1:123456789012:api1/dev/GET/products/1';

const verdictOf = (statement: unknown, arn = ARN): Verdict => {
  const statements = parsePolicy({ Version: '2012-10-17', Statement: statement });
  if (typeof statements === 'string') throw new Error(statements);
  return evaluate(statements, arn);
};

const allow = (resource: unknown, action: unknown = 'execute-api:Invoke') => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
});
const deny = (resource: unknown) => ({ ...allow(resource), Effect: 'Deny' });

describe('evaluation', () => {
  it.each<[string, unknown, Verdict]>([
    ['the exact ARN allows', allow(ARN), 'allow'],
    ['a star spans segments', allow('arn:aws:execute-api:*:api1/dev/*'), 'allow'],
    ['a question mark is one character', allow(ARN.replace(/1$/, '?')), 'allow'],
    ['a question mark is not two characters', allow(ARN.replace('/1', '?')), 'implicit-deny'],
    ['arrays are alternatives', allow(['other', ARN], ['x:y', 'execute-api:*']), 'allow'],
    ['the action has no case', allow(ARN, 'Execute-API:invoke'), 'allow'],
    ['the resource has', allow(ARN.replace('products', 'Products')), 'implicit-deny'],
    ['a prefix is not a match', allow(ARN.slice(0, -1)), 'implicit-deny'],
    ['a dot is a dot', allow(ARN.replace('arn:', 'arn.')), 'implicit-deny'],
    ['another action allows nothing', allow(ARN, 'execute-api:ManageConnections'), 'implicit-deny'],
    ['an explicit deny beats every allow', [allow('*'), deny(ARN)], 'explicit-deny'],
    ['a deny elsewhere does not matter', [allow('*'), deny(`${ARN}/x`)], 'allow'],
    ['no statements deny implicitly', [], 'implicit-deny'],
    ['NotResource allows what it does not name', { Effect: 'Allow', Action: '*', NotResource: 'other' }, 'allow'],
    [
      'NotAction denies what it does not name',
      [allow('*'), { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }],
      'explicit-deny',
    ],
  ])('%s', (_title, statement, verdict) => {
    expect(verdictOf(statement)).toBe(verdict);
  });

  it('takes the escapes of star, question mark and dollar for the characters themselves', () => {
    const literal = allow('api/GET/a$' + '{*}b$' + '{?}c$' + '{$}');
    expect(verdictOf(literal, 'api/GET/a*b?c$')).toBe('allow');
    expect(verdictOf(literal, 'api/GET/axxbyc$')).toBe('implicit-deny');
  });

  it('matches paths with colons and brackets', () => {
    const arn = `${ARN}:x(y)[z]`;
    expect(verdictOf(allow(arn), arn)).toBe('allow');
  });
});

describe('a policy document is refused', () => {
  it.each([
    ['that is no object', 'text', 'policyDocument is not an object'],
    ['without Statement', { Version: '2012-10-17' }, 'no Statement'],
    ['with another Effect', { Statement: [{ ...allow(ARN), Effect: 'Permit' }] }, 'Effect'],
    ['without Action', { Statement: [{ Effect: 'Allow', Resource: ARN }] }, 'Action'],
    ['with a number as Resource', { Statement: [allow(7)] }, 'Resource'],
    ['with a Resource over 512 characters', { Statement: [allow('x'.repeat(513))] }, '512'],
    ['with a null Condition', { Statement: [{ ...allow(ARN), Condition: null }] }, 'Condition'],
  ])('%s', (_title, document, problem) => {
    expect(parsePolicy(document)).toContain(problem);
  });
});
